"""One seed, one sequence of acts: reports, returns, time, sweeps, a platform that fails, a process that dies."""

import random
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta

from assessment.notices import Escalated, Reminder, SignRequest, Urging, read
from assessment.obligation import bucket
from assessment.rulebook import OFFICE_HOURS
from handlers.incoming import Incoming
from storage import outbox
from storage.outbox import Status
from tests.simulator.judge import Violation, judge_end
from tests.simulator.model import ANALYSIS, FIGURES, PLAN, TITLES, Case, Question
from tests.simulator.rulebooks import SEASONS, ZONE
from tests.simulator.world import Fate, InFlight, Template, World

INDICATORS = (("植树面积", "道路完好率"), ("造林面积", "公路完好率"))
PARTS = ("存在问题", "下一步措施")
# Acts that are known to go wrong; each is a test of its own in test_known_faults.py. Take one out of SPARED once its
# fault is mended: the sequences then play it too.
AT_NIGHT = "an urging that leaves outside office hours"
OTHER_VERSION = "通过 confirmed when another version stands"
SPARED = {AT_NIGHT, OTHER_VERSION}

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


class Run:
    """The acts of one sequence, and the model that follows them."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world = world
        self.dice = dice
        self.story: list[str] = []
        self.cases: dict[int, Case] = {}
        self.clerks = [f"clerk-{number}" for number in range(len(INDICATORS))]
        self.questions: dict[str, Question] = {}
        self.flying: list[InFlight] = []
        self.perhaps_shown: set[str] = set()
        self.refused: set[str] = set()
        self.first_left: dict[str, datetime] = {}
        self.heard: list[Incoming] = []
        self.messages = 0
        self.figures = 0
        self.acts = dice.randint(6, LONGEST)
        rows = world.rows()
        for number, unit in enumerate(world.units()):
            for duty, wanted in ((FIGURES, INDICATORS[number]), (PLAN, ("工作计划",)), (ANALYSIS, PARTS)):
                obligation = world.obligations[unit, duty]
                self.cases[obligation] = Case(number, duty, wanted, rows[obligation].due)
        self.ids = {(case.unit, case.duty): obligation for obligation, case in self.cases.items()}
        self.busy = dice.sample([*self.cases.values()], k=3)

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

    # Units

    def reports(self) -> None:
        """All of what is asked, or a part of it; sometimes held up on its way, with the platform's earlier stamp."""
        case = self._case("open")
        part = len(case.wanted) > 1 and self.dice.random() < 0.4
        names = [self.dice.choice(case.wanted)] if part else [*case.wanted]
        content = {name: self._content(case, name) for name in names}
        at = self.world.now - timedelta(minutes=self.dice.choice((0, 0, 0, 0, 20, 400)))
        self._say(self.clerks[case.unit], self._text(case, content), sent_at=at)
        case.report(content, at)
        self._close_if_answered(case, content)

    def reports_with_a_doubt(self) -> None:
        """A forecast below what is reached: the rest is taken, this is asked back."""
        case = self.dice.choice([case for case in self.cases.values() if case.duty == FIGURES])
        first, second = case.wanted
        reached = int(self._content(Case(0, FIGURES, case.wanted, case.due), first).split("/")[0])
        sure = {second: self._content(case, second)} if self.dice.random() < 0.7 else {}
        doubtful = {first: f"{reached}/{reached - 5}"}
        clerk = self.clerks[case.unit]
        self._say(clerk, self._text(case, sure | doubtful))
        case.report(sure, self.world.now)
        self._asked(clerk, Question("report", case, doubtful))

    def asks_nil(self) -> None:
        case = self._case("open")
        clerk = self.clerks[case.unit]
        self._say(clerk, f"零报告 {self._title(case)} 没有开展")
        if case.state == "open" and case.missing:
            self._asked(clerk, Question("nil", case, round=case.round))

    def asks_to_withdraw(self) -> None:
        case = self._case("unsigned", "review", "met")
        number = self._number(case)
        if number:
            clerk = self.clerks[case.unit]
            self._say(clerk, f"撤回 {number}")
            if case.can_withdraw:
                self._asked(clerk, Question("withdraw", case, round=case.round))

    def signs(self) -> None:
        case = self.dice.choice([case for case in self.cases.values() if case.duty == ANALYSIS])
        number = self._number(case)
        if number:
            self._say(f"head-{case.unit}", f"签发 {number}")
            if case.state == "unsigned":
                case.sign(self.world.now)

    def confirms(self) -> None:
        """Somebody answers the open question, however old it is by now."""
        if self.questions:
            self._confirm(self.dice.choice(sorted(self.questions)))

    def _asked(self, who: str, question: Question) -> None:
        """Somebody has been asked; most people answer at once."""
        question.asked_at = self.world.now
        self.questions[who] = question
        if self.dice.random() < 0.6:
            self._confirm(who)

    def _confirm(self, who: str) -> None:
        question = self.questions.pop(who)
        case, now = question.case, self.world.now
        moved_on = question.kind in ("accept", "return", "withdraw") and case.round != question.round
        if moved_on and OTHER_VERSION in SPARED:
            self._say(who, "取消")
            return
        self._say(who, "确认")
        if question.lapsed(now):
            return
        same = case.round == question.round
        match question.kind:
            case "report":
                case.report(question.content, now)
            case "nil" if case.state == "open" and case.missing:
                case.report_nil("没有开展", now)
            case "withdraw" if case.can_withdraw and same:
                case.withdraw(now)
            case "return" if case.state in ("review", "met") and same:
                case.send_back()
            case "accept" if case.state == "review" and same:
                case.accept()

    # The office

    def office_asks_to_return(self) -> None:
        self._office_asks("退回", "return", " 请补充说明", ("review", "met"))

    def office_asks_to_accept(self) -> None:
        self._office_asks("通过", "accept", "", ("review",))

    def office_asks_to_urge(self) -> None:
        case = self._case()
        self._say(self._office(case), f"催报 {self._title(case)}")
        if any(c.owes and self.world.now >= c.due for c in self.cases.values() if c.duty == case.duty):
            self._asked(self._office(case), Question("urge", case))

    def replaces_a_clerk(self) -> None:
        number = self.dice.randrange(len(INDICATORS))
        old, new = self.clerks[number], f"{self.clerks[number]}'"
        self.questions.pop(old, None)
        self.clerks[number] = new
        self.world.replace_clerk(self.world.units()[number], old, new)

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
            if self.world.read(outbox.next_moment) is None:
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
        self._must(hours or AT_NIGHT in SPARED, f"{kind} leaves outside office hours")
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

    def _office_asks(self, word: str, kind: str, reason: str, states: tuple[str, ...]) -> None:
        case = self._case(*states)
        number = self._number(case)
        if number:
            self._say(self._office(case), f"{word} {number}{reason}")
            if case.state in states:
                self._asked(self._office(case), Question(kind, case, round=case.round))

    def _say(self, who: str, text: str, *, sent_at: datetime | None = None) -> None:
        self._tell(f"  {who}: {text!r}")
        self.heard.append(self.world.say(who, text, sent_at=sent_at))
        self.messages += 1

    def _close_if_answered(self, case: Case, content: dict[str, str]) -> None:
        clerk = self.clerks[case.unit]
        question = self.questions.get(clerk)
        asked_here = question is not None and question.kind == "report" and question.case is case
        if question is not None and asked_here and question.content.keys() <= content.keys():
            del self.questions[clerk]

    def _case(self, *states: str) -> Case:
        """One of the few that this sequence is about; mostly one in a state to which the act fits."""
        fitting = [case for case in self.busy if case.state in states]
        return self.dice.choice(fitting if fitting and self.dice.random() < 0.8 else self.busy)

    def _content(self, case: Case, name: str) -> str:
        """Something to report; sometimes the very thing that was reported before."""
        if name in case.said and self.dice.random() < 0.5:
            return case.said[name]
        self.figures += 1
        match case.wanted.index(name):
            case _ if case.duty != FIGURES:
                return f"内容{self.figures}"
            case 0:
                return f"{30 + self.figures}/{self.dice.randint(100, 119)}"
        return f"{75 + self.figures / 10}"

    def _text(self, case: Case, content: dict[str, str]) -> str:
        match case.duty:
            case "figures":
                written = (
                    f"{name}{value}%" if "/" not in value else "{}{}亩预测{}亩".format(name, *value.split("/"))
                    for name, value in content.items()
                )
                return ",".join(written)
            case "plan":
                return f"工作计划:{content['工作计划']}"
        return "运行分析\n" + "\n".join(f"{name}:{value}" for name, value in content.items())

    def _title(self, case: Case) -> str:
        return TITLES[case.duty].replace("8", str(self.world.season.month))

    def _office(self, case: Case) -> str:
        return "office-1" if case.duty == ANALYSIS else "office-0"

    def _number(self, case: Case) -> str:
        return self.world.number(self.ids[case.unit, case.duty])

    def _name(self, case: Case) -> str:
        return f"{case.duty} of unit {case.unit}"

    def _tell(self, what: str) -> None:
        self.story.append(what)

    def _must(self, holds: bool, what: str) -> None:
        if not holds:
            raise Violation(what)
