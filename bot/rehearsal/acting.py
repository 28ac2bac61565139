"""Who types what at which moment of a rehearsal: reports, confirmations, signatures and reviews, asked of the copy."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from sqlmodel import col, select

from assessment.due import midnight_after
from assessment.obligation import Kind, State
from assessment.roster import Role
from bot.rehearsal.habits import (
    ASSENTING,
    CONFIRMING,
    REPORTING,
    REVIEWING,
    SIGNING,
    Habit,
    Typed,
    report_texts,
    reporting_day,
)
from storage import cases, programmes, roster
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.roster import IdentityRow
from storage.unit_of_work import UnitOfWork

_REPORTERS = (Role.REPORTER, Role.DEPUTY, Role.HEAD)
Wave = Callable[[UnitOfWork, datetime], list[Typed]]
"""What is typed at a moment, asked of the copy as it stands just before."""


class Cast:
    """The people of a rehearsal. Asked wave by wave what they type; remembers what was reported, to say it once."""

    def __init__(self, installation: Installation, habits: Mapping[int, Habit]) -> None:
        """`habits` by unit; who is not in it never reports."""
        self._installation = installation
        self._habits = {unit: habit for unit, habit in habits.items() if habit is not Habit.NEVER}
        self._reported: set[int] = set()
        self._signed: set[tuple[int, int]] = set()
        self._today: list[int] = []
        self.voiceless: set[int] = set()
        """Units that had to report and have nobody on a platform."""

    def waves(self) -> tuple[tuple[time, Wave], ...]:
        """The moments of a day at which people type, in order."""
        return (
            (REPORTING, self._reports),
            (CONFIRMING, self._confirmations),
            (SIGNING, self._signatures),
            (REVIEWING, self._reviews),
            (ASSENTING, self._assents),
        )

    def _reports(self, uow: UnitOfWork, at: datetime) -> list[Typed]:
        today, people = self._installation.day(at), roster.whole(uow)
        self._today = []
        typed: list[Typed] = []
        for row in self._open(uow, today):
            day = reporting_day(self._habits[row.unit], row, self._installation)
            if row.id in self._reported or day is None or day > today:
                continue
            self._reported.add(row.id)
            speaker = self._speaker(uow, people.holders(row.unit, _REPORTERS, today))
            if speaker is None:
                self.voiceless.add(row.unit)
                continue
            self._today.append(row.id)
            unit = people.unit(row.unit)
            several = len({post.unit for post in people.posts_of(speaker.person, today)}) > 1
            texts = report_texts(programmes.get(uow, row.programme), row, unit)
            typed += [_typed(at, speaker, f"{unit.name} {text}" if several else text) for text in texts]
        return typed

    def _open(self, uow: UnitOfWork, today: date) -> list[ObligationRow]:
        horizon = midnight_after(today + timedelta(days=1), self._installation.zone)
        found = uow.rows(
            select(ObligationRow)
            .where(
                ObligationRow.kind == Kind.DUTY.value,
                ObligationRow.state == State.OPEN.value,
                col(ObligationRow.due) <= horizon,
            )
            .order_by(col(ObligationRow.due), col(ObligationRow.id))
        )
        return [row for row in found if row.unit in self._habits]

    def _confirmations(self, uow: UnitOfWork, at: datetime) -> list[Typed]:
        """Whoever was asked something about today's report says yes."""
        if not self._today:
            return []
        open_ = uow.rows(
            select(ObligationRow.unit)
            .where(col(ObligationRow.id).in_(self._today), ObligationRow.state == State.OPEN.value)
            .distinct()
        )
        return self._say(uow, at, ((unit, _REPORTERS) for unit in sorted(open_)), "确认")

    def _signatures(self, uow: UnitOfWork, at: datetime) -> list[Typed]:
        people = roster.whole(uow)
        typed: list[Typed] = []
        for row in self._standing(uow, State.UNSIGNED):
            if (row.id, row.round) in self._signed or row.unit not in self._habits:
                continue
            self._signed.add((row.id, row.round))
            signer = self._speaker(uow, cases.responsible(people, row, self._installation, at))
            if signer is not None:
                typed.append(_typed(at, signer, "签发 全部"))
        return list(dict.fromkeys(typed))

    def _reviews(self, uow: UnitOfWork, at: datetime) -> list[Typed]:
        return self._offices(uow, at, "通过 全部")

    def _assents(self, uow: UnitOfWork, at: datetime) -> list[Typed]:
        return self._offices(uow, at, "确认")

    def _offices(self, uow: UnitOfWork, at: datetime, text: str) -> list[Typed]:
        numbers = dict.fromkeys(row.programme for row in self._standing(uow, State.REVIEW))
        offices = dict.fromkeys(programmes.get(uow, number).office for number in numbers)
        return self._say(uow, at, ((office, (Role.OFFICE,)) for office in offices), text)

    def _standing(self, uow: UnitOfWork, state: State) -> list[ObligationRow]:
        # By unit and state, as the index goes: that few stand so is what makes asking every day cheap.
        return uow.rows(
            select(ObligationRow)
            .where(col(ObligationRow.unit).in_(self._habits), ObligationRow.state == state.value)
            .order_by(col(ObligationRow.due), col(ObligationRow.id))
        )

    def _say(
        self, uow: UnitOfWork, at: datetime, posts: Iterable[tuple[int, tuple[Role, ...]]], text: str
    ) -> list[Typed]:
        people, today = roster.whole(uow), self._installation.day(at)
        found = (self._speaker(uow, people.holders(unit, roles, today)) for unit, roles in posts)
        return list(dict.fromkeys(_typed(at, speaker, text) for speaker in found if speaker is not None))

    def _speaker(self, uow: UnitOfWork, people: Iterable[int]) -> IdentityRow | None:
        """The first of them whom a platform knows, by the account on which they are written to."""
        return next(_accounts(uow, people), None)


def _accounts(uow: UnitOfWork, people: Iterable[int]) -> Iterator[IdentityRow]:
    for person in people:
        yield from roster.identities(uow, person)[:1]


def _typed(at: datetime, speaker: IdentityRow, text: str) -> Typed:
    return Typed(at, speaker.person, speaker.channel, speaker.tenant, speaker.account, text)
