"""What a handler is given: who said what, where and when, and what it may answer with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from assessment.notices import Notice, Refused, write
from assessment.notices.notice import Ask
from assessment.rights import Action, Actor, Destination, Target, authorise
from assessment.roster import Role, Roster, Unit
from handlers.incoming import Incoming
from storage import audit, conversations, outbox, programmes
from storage.installation import Installation
from storage.outbox import About, Priority
from storage.programmes import Programme
from storage.roster import Address
from storage.unit_of_work import UnitOfWork

PRIVATE = "private"
"""Where questions are kept: their cards go to the person privately, also when the command was given in a group."""


@dataclass
class Turn:
    """One message being answered, inside one transaction."""

    incoming: Incoming
    inbox_id: int
    uow: UnitOfWork
    installation: Installation
    roster: Roster
    programmes: Sequence[Programme]
    actor: Actor
    now: datetime
    """When we received it."""
    said_at: datetime
    """The time that decides 按时 (decisions 9)."""
    late_stamp: bool
    text: str
    """The message after NFKC, trimmed."""
    typed: str
    """The message as it came, without the sign of a question that a button bears."""
    replies: list[Notice] = field(default_factory=list)
    names_own: dict[tuple[str, int, int], bool] = field(default_factory=dict)
    """Whether a text names an indicator of a programme's unit, as far as it was asked: the answer costs a reading."""
    question: str = ""
    """The sign of the question opened in this turn."""
    settled: str = ""
    """The sign of the question that this turn has answered."""
    elsewhere: Address | None = None
    """The sender's own chat on another channel, where this one does not take every answer."""

    @property
    def today(self) -> date:
        """The day of receipt in the domain zone."""
        return self.installation.day(self.now)

    @property
    def destination(self) -> Destination:
        """Where a plain answer would go. Private commands given in a group are answered privately."""
        return Destination.PRIVATE

    @property
    def asked_on(self) -> str:
        """The channel of the private chat to which the cards of questions go, and on which these are kept."""
        return self.elsewhere.channel if self.elsewhere else self.incoming.channel

    @property
    def name(self) -> str:
        """The sender's name, for showing."""
        return self.roster.person(self.actor.person).name

    def own_units(self) -> tuple[Unit, ...]:
        """The units for which the sender may report."""
        held = self.actor.units(Role.REPORTER, Role.DEPUTY, Role.HEAD)
        return tuple(self.roster.unit(unit) for unit in held)

    def offices(self) -> tuple[Programme, ...]:
        """The programmes whose office the sender belongs to."""
        return tuple(p for p in self.programmes if self.actor.holds(Role.OFFICE, p.office))

    def programme(self, programme_id: int) -> Programme:
        """The programme with that id, running or of a closed year; KeyError if there is none."""
        for programme in self.programmes:
            if programme.id == programme_id:
                return programme
        return programmes.get(self.uow, programme_id)

    def is_closed(self, programme: Programme) -> bool:
        """Whether its year is closed, so that nothing follows from what is still put on record."""
        return all(running.id != programme.id for running in self.programmes)

    def is_hidden(self, programme: Programme) -> bool:
        """Whether it is on trial and so shown to its office and the leaders alone; to the units it is nothing yet."""
        sees = self.actor.holds(Role.OFFICE, programme.office) or bool(self.actor.units(Role.LEADER))
        return programme.trial and not sees

    def readable(self, at: datetime | None = None) -> tuple[Programme, ...]:
        """The programmes that a question is about: the running ones, or where `at` lies in a closed year that year's.

        The newest closed year of a measure can be asked about without a day until its next year runs.
        """
        year = self.installation.local(at).year if at is not None else None
        asked = {programme.rulebook.id: programme for programme in programmes.closed(self.uow)[::-1]}
        of_year = {p.rulebook.id: p for p in programmes.closed(self.uow) if p.rulebook.year == year}
        running = [p for p in self.programmes if p.rulebook.id not in of_year]
        last = {key: p for key, p in asked.items() if all(p.rulebook.id != other.rulebook.id for other in running)}
        return (*running, *(last | of_year).values())

    def reply(self, notice: Notice) -> None:
        """Answer the sender, privately. What asks bears the sign of the question that was opened for it."""
        if isinstance(notice, Ask) and self.question:
            notice = notice.model_copy(update={"question": self.question})
        self.replies.append(notice)

    def may(self, action: Action, target: Target, what: str) -> bool:
        """Ask for leave, record the outcome, and where it is refused say so in the one wording."""
        verdict = authorise(self.actor, action, target, self.destination)
        self.record(action, what, allowed=verdict.allowed, basis=verdict.basis)
        if not verdict.allowed:
            self.reply(Refused())
        return verdict.allowed

    def can(self, action: Action, target: Target) -> bool:
        """Whether it would be allowed; asks nothing of the audit and says nothing."""
        return authorise(self.actor, action, target, self.destination).allowed

    def record(self, action: Action, what: str, *, allowed: bool = True, basis: str = "") -> None:
        """Write one line of audit."""
        audit.record(
            self.uow,
            at=self.now,
            person=self.actor.person,
            channel=self.incoming.channel,
            action=action.value,
            object_=what,
            allowed=allowed,
            basis=basis,
        )

    def ask(self, kind: str, content: dict[str, object]) -> bool:
        """Open the one question of this conversation; True when an older one was superseded."""
        question, old = conversations.ask(
            self.uow,
            person=self.actor.person,
            channel=self.asked_on,
            conversation=PRIVATE,
            kind=kind,
            content=content,
            asked_at=self.now,
        )
        self.question = conversations.sign(question)
        return old is not None

    def tell(
        self,
        people: Iterable[int],
        notice: Notice,
        *,
        key: str,
        priority: Priority = Priority.ESCALATION,
        not_before: datetime | None = None,
        about: Iterable[About] = (),
        programme: Programme | None = None,
    ) -> tuple[int, ...]:
        """Queue a notice to each of `people` but the sender; return those who cannot be reached on any channel.

        Of a `programme` on trial nobody hears but its office.
        """
        subjects = tuple(about)
        if programme is not None and programme.trial:
            office = self.roster.holders(programme.office, (Role.OFFICE,), self.today)
            people = [person for person in people if person in office]
        return tuple(
            person
            for person in people
            if person != self.actor.person
            and not outbox.tell(
                self.uow,
                person,
                write(notice),
                key=f"{key}:{person}",
                priority=priority,
                queued_at=self.now,
                not_before=not_before,
                about=subjects,
            )
        )

    def office_time(self, programme: Programme) -> datetime:
        """Now, or the start of the next office hours: for what the office starts towards others."""
        hours = programme.rulebook.office_hours
        return self.installation.calendar.office_time(self.now, hours, self.installation.zone)
