"""One seed, one sequence of acts: reports, returns, time, sweeps, a platform that fails, a process that dies."""

import random
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta

from assessment.notices import Escalated, Reminder, SignRequest, Urging, read
from assessment.obligation import bucket
from assessment.rulebook import OFFICE_HOURS
from storage import leaving
from storage.outbox import Status
from tests.simulator.judge import Violation, judge_end
from tests.simulator.model import ANALYSIS
from tests.simulator.people import INDICATORS, People
from tests.simulator.rulebooks import SEASONS, ZONE
from tests.simulator.world import Fate, InFlight, Template, World

FATES = (Fate.ACCEPT, Fate.LOSE_ANSWER, Fate.LOSE_REQUEST, Fate.FAIL, Fate.REFUSE)
LONGEST = 20


@dataclass(frozen=True)
class Lived:
    """How much a sequence went through."""

    acts: int = 0
    messages: int = 0
    shown: int = 0
    unit_days: int = 0

    def __add__(self, other: "Lived") -> "Lived":
        return Lived(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def play(template: Template, seed: int) -> Lived:
    """Live through the sequence of that seed; raises Violation naming the seed and every act up to the fault."""
    dice = random.Random(seed)
    with template.world(dice.choice(SEASONS), seed) as world:
        run = Run(world, dice)
        try:
            run.play()
        except Violation as violation:
            raise Violation(f"seed {seed}: {violation}\n" + "\n".join(run.story)) from violation
        except Exception as error:
            error.add_note(f"seed {seed}\n" + "\n".join(run.story))
            raise
        days = (world.now - world.season.opens).days
        return Lived(run.acts, run.messages, len(world.platform.letters), days * len(INDICATORS))


class Run(People):
    """The acts of one sequence: people, the platform, the service and its accidents."""

    def __init__(self, world: World, dice: random.Random) -> None:
        super().__init__(world, dice)
        self.flying: list[InFlight] = []
        self.perhaps_shown: set[str] = set()
        self.refused: set[str] = set()
        self.first_left: dict[str, datetime] = {}
        self.acts = dice.randint(6, LONGEST)

    def play(self) -> None:
        """Acts in the order that the dice give, then quiet, then the balance."""
        acts: dict[Callable[[], None], int] = {
            self.reports: 7,
            self.reports_with_a_doubt: 2,
            self.asks_nil: 2,
            self.asks_to_withdraw: 3,
            self.confirms: 6,
            self.signs: 2,
            self.office_asks_to_return: 3,
            self.office_asks_to_accept: 2,
            self.office_asks_to_urge: 2,
            self.repeats: 2,
            self.comes_with_other_content: 1,
            self.waits: 8,
            self.sweeps: 6,
            self.leaves: 6,
            self.platform_answers: 7,
            self.writes_down: 7,
            self.dies: 1,
            self.recovers: 2,
            self.replaces_a_clerk: 1,
        }
        self.world.clock.wind_to(self.world.now + timedelta(hours=self.dice.choice((0, 0, 25, 60, 73))))
        for act in self.dice.choices([*acts], [*acts.values()], k=self.acts):
            self._tell(act.__name__)
            act()
            self.compare()
        self.quiet()
        judge_end(self)

    # The platform and the service

    def repeats(self) -> None:
        """The platform delivers a message again that it had delivered before."""
        if self.heard:
            self.world.take(self.dice.choice(self.heard))

    def comes_with_other_content(self) -> None:
        """A known id with another text: kept aside, no effect."""
        if self.heard:
            self.world.take(replace(self.dice.choice(self.heard), text="工作计划:另一份"))

    def waits(self) -> None:
        """Until something falls due, or for some time in which nobody sweeps. No request is under way that long."""
        for flying in self.flying:
            if flying.outcome is None:
                self._answer(flying, self._fate())
        moment = self.world.next_moment()
        if moment is None or self.dice.random() < 0.4:
            moment = self.world.now + timedelta(minutes=self.dice.choice((1, 30, 90, 300, 900, 2000)))
        self.world.clock.wind_to(moment)
        self._tell(f"  until {moment.astimezone(ZONE):%m-%d %H:%M}")

    def sweeps(self) -> None:
        """The sweep says only what is owed, nothing early, and leaves no alarm in the past."""
        before = len(self.world.steps())
        self.world.open_periods()
        self.world.sweep()
        now = self.world.now
        for step in self.world.steps()[before:]:
            case = self.cases[step.obligation]
            self._must(step.planned_for <= now, f"{step.kind} of {self._name(case)} recorded before its time")
            self._must(not step.said or case.owes, f"{step.kind} said of {self._name(case)}, which owes nothing")
            self._must(step.round == case.round, f"{step.kind} of {self._name(case)} recorded for another round")
        behind = [row for row in self.world.rows().values() if row.look_at is not None and row.look_at <= now]
        self._must(not behind, "an alarm stands in the past after the sweep")

    def leaves(self) -> None:
        """A batch is claimed: the moment at which nobody who has reported may be urged."""
        for flying in self.world.claim():
            self._check_leaving(flying)
            self.first_left.setdefault(flying.row.key, self.world.now)
            self.flying.append(flying)

    def platform_answers(self) -> None:
        waiting = [flying for flying in self.flying if flying.outcome is None]
        if waiting:
            self._answer(self.dice.choice(waiting), self._fate())

    def _fate(self) -> Fate:
        return self.dice.choices(FATES, (6, 2, 2, 2, 1))[0]

    def _answer(self, flying: InFlight, fate: Fate) -> None:
        self._tell(f"  {fate.name} {flying.row.key}")
        self.world.answer(flying, fate)
        if fate in (Fate.LOSE_ANSWER, Fate.LOSE_REQUEST):
            self.perhaps_shown.add(flying.row.key)
        if fate is Fate.REFUSE:
            self.refused.add(flying.row.key)

    def writes_down(self) -> None:
        answered = [flying for flying in self.flying if flying.outcome is not None]
        if answered:
            flying = self.dice.choice(answered)
            self.flying.remove(flying)
            self._write_down(flying)

    def dies(self) -> None:
        """The process is gone with all that it had under way; part of it may have reached the platform."""
        for flying in self.flying:
            self.perhaps_shown.add(flying.row.key)
            if flying.outcome is None and self.dice.random() < 0.5:
                self._answer(flying, Fate.LOSE_ANSWER)
        self.flying.clear()
        self.world.delivery = self.world.new_worker()

    def recovers(self) -> None:
        """Leases run out: what was under way is taken back, and a late answer of the old sender counts no more."""
        self.perhaps_shown |= {flying.row.key for flying in self.flying}
        self.world.recover()

    # In the end

    def quiet(self) -> None:
        """Faults stop and time passes: some mornings in office hours, everything swept and sent."""
        self._tell("quiet")
        self.dies()
        self.world.recover()
        calendar = self.world.installation.calendar
        today = self.world.installation.day(self.world.now)
        day = max(today, calendar.add_workdays(self.world.season.due_day, 4))
        for _ in range(8):
            day = calendar.add_workdays(day, 1)
            self.world.clock.wind_to(datetime(day.year, day.month, day.day, 10, tzinfo=ZONE))
            self.sweeps()
            self._everything_leaves()
            self.compare()
            if self.world.read(leaving.next_moment) is None:
                return
        self._must(False, "messages wait and wait although nothing fails any more")

    def _everything_leaves(self) -> None:
        while batch := self.world.claim():
            for flying in batch:
                self._check_leaving(flying)
                self.first_left.setdefault(flying.row.key, self.world.now)
                self.world.answer(flying, Fate.ACCEPT)
                self._write_down(flying)

    def compare(self) -> None:
        """The stored obligations are as the model has them."""
        now = self.world.now
        versions = self.world.version_counts()
        for obligation, row in self.world.rows().items():
            case = self.cases[obligation]
            stored = (row.state, row.round, row.reported_at, row.urged_at, versions.get(obligation, 0))
            true = (case.state, case.round, case.first_at, case.urged_at, case.versions)
            self._must(stored == true, f"{self._name(case)} is stored as {stored} and should be {true}")
            column = bucket(row.facts(), now).value
            self._must(column == case.bucket(now), f"{self._name(case)} stands under {column}, not {case.bucket(now)}")

    def _check_leaving(self, flying: InFlight) -> None:
        row, notice, kind = flying.row, read(flying.row.notice), flying.row.notice["kind"]
        if row.key in self.perhaps_shown:
            return  # it has left already, as far as anybody can know; a repeat must bear the same words
        if isinstance(notice, SignRequest):
            case = next(c for c in self.cases.values() if c.duty == ANALYSIS and f"head-{c.unit}" == row.recipient)
            self._must(case.state == "unsigned", f"{row.recipient} is asked to sign what is {case.state}")
        if not isinstance(notice, Reminder | Urging | Escalated):
            return
        self._must(bool(notice.lines), f"{row.key} leaves without a line")
        hours = self.world.installation.calendar.in_office_hours(self.world.now, OFFICE_HOURS, ZONE)
        self._must(hours, f"{kind} leaves outside office hours")
        for line in notice.lines:
            case = self.cases[line.obligation]
            self._must(case.owes, f"{kind} to {row.recipient} names {self._name(case)}, which owes nothing")
            if not isinstance(notice, Escalated):
                post = self.clerks[case.unit] if case.state == "open" else f"head-{case.unit}"
                self._must(row.recipient == post, f"{kind} to {row.recipient}, not to {post}")
            missing = case.missing if case.state == "open" else ()
            self._must(line.owed == missing, f"{kind} names {line.owed} of {self._name(case)}, not {missing}")

    def _write_down(self, flying: InFlight) -> None:
        counted = self.world.write_down(flying)
        notice = read(flying.row.notice)
        if counted and isinstance(notice, Urging) and flying.outcome.status is Status.SENT:
            for line in notice.lines:
                self.cases[line.obligation].urged(self.world.now)
