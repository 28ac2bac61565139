"""Who types what at which moment of a rehearsal: reports, confirmations, signatures and reviews, asked of the copy."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlmodel import col, select

from assessment.due import midnight_after
from assessment.obligation import Kind, State
from assessment.roster import Role
from bot.rehearsal.habits import (
    ASSENTING,
    CONFIRMING,
    EVIDENCE,
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
        self.voiceless: set[tuple[int, str]] = set()
        """Units that had to do something and have nobody on a platform who may, with what it was."""

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
                self.voiceless.add((row.unit, "报送"))
                continue
            self._today.append(row.id)
            unit = people.unit(row.unit)
            several = len({post.unit for post in people.posts_of(speaker.person, today)}) > 1
            texts = report_texts(programmes.get(uow, row.programme), row, unit)
            typed += [_typed(at, speaker, f"{unit.name} {text}" if several else text) for text in texts]
            if programmes.get(uow, row.programme).rulebook.duty(row.ref).files:
                # By itself, as on most platforms.
                typed.append(replace(_typed(at, speaker, ""), files=(EVIDENCE,)))
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
        """A report is signed on the day on which it is reported, a letter by the habit of its unit."""
        people, today = roster.whole(uow), self._installation.day(at)
        typed: list[Typed] = []
        for row in self._standing(uow, State.UNSIGNED):
            is_letter = row.kind == Kind.LETTER.value
            day = reporting_day(self._habits[row.unit], row, self._installation) if is_letter else today
            if (row.id, row.round) in self._signed or day is None or day > today:
                continue
            self._signed.add((row.id, row.round))
            signer = self._speaker(uow, cases.responsible(people, row, self._installation, at))
            if signer is not None:
                typed.append(_typed(at, signer, "签署 全部" if is_letter else "签发 全部"))
            else:
                self.voiceless.add((row.unit, "签署责任书" if is_letter else "签发"))
        return list(dict.fromkeys(typed))

    def _reviews(self, uow: UnitOfWork, at: datetime) -> list[Typed]:
        return self._offices(uow, at, "通过 全部")

    def _assents(self, uow: UnitOfWork, at: datetime) -> list[Typed]:
        return self._offices(uow, at, "确认")

    def _offices(self, uow: UnitOfWork, at: datetime, text: str) -> list[Typed]:
        """The office of each measure that has something to review, then whoever reviews after it (审核链)."""
        people, offices = roster.whole(uow), dict[int, None]()
        for row in self._standing(uow, State.REVIEW):
            programme = programmes.get(uow, row.programme)
            chain = programme.rulebook.duty(row.ref).review_chain if row.kind == Kind.DUTY.value else ()
            later = (people.named(name) for name in chain)
            offices |= dict.fromkeys((programme.office, *(unit.id for unit in later if unit is not None)))
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
