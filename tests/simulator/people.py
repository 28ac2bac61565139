"""What people do: report, take back, sign, return, accept, urge, answer what they were asked."""

import random
from datetime import datetime, timedelta

from handlers.incoming import Incoming
from tests.simulator.judge import Violation
from tests.simulator.model import ANALYSIS, FIGURES, PLAN, TITLES, Case, Question
from tests.simulator.world import World

INDICATORS = (("植树面积", "道路完好率"), ("造林面积", "公路完好率"))
PARTS = ("存在问题", "下一步措施")


class People:
    """The people of a county and the model that follows what they do."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world = world
        self.dice = dice
        self.story: list[str] = []
        self.cases: dict[int, Case] = {}
        self.clerks = [f"clerk-{number}" for number in range(len(INDICATORS))]
        self.questions: dict[str, Question] = {}
        self.heard: list[Incoming] = []
        self.messages = 0
        self.figures = 0
        rows = world.rows()
        for number, unit in enumerate(world.units()):
            for duty, wanted in ((FIGURES, INDICATORS[number]), (PLAN, ("工作计划",)), (ANALYSIS, PARTS)):
                obligation = world.obligations[unit, duty]
                self.cases[obligation] = Case(number, duty, wanted, rows[obligation].due)
        self.ids = {(case.unit, case.duty): obligation for obligation, case in self.cases.items()}
        self.busy = dice.sample([*self.cases.values()], k=3)

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
            self._asked(clerk, Question("nil", case))

    def asks_to_withdraw(self) -> None:
        case = self._case("unsigned", "review", "met")
        number = self._number(case)
        if number:
            clerk = self.clerks[case.unit]
            self._say(clerk, f"撤回 {number}")
            if case.can_withdraw:
                self._asked(clerk, Question("withdraw", case, number=number))

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
        self._say(who, "确认")
        if question.lapsed(now) or (question.number and question.number != self._number(case)):
            return
        match question.kind:
            case "report":
                case.report(question.content, now)
            case "nil" if case.state == "open" and case.missing:
                case.report_nil("没有开展", now)
            case "withdraw" if case.can_withdraw:
                case.withdraw(now)
            case "return" if case.state in ("review", "met"):
                case.send_back()
            case "accept" if case.state == "review":
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

    def _office_asks(self, word: str, kind: str, reason: str, states: tuple[str, ...]) -> None:
        case = self._case(*states)
        number = self._number(case)
        if number:
            self._say(self._office(case), f"{word} {number}{reason}")
            if case.state in states:
                self._asked(self._office(case), Question(kind, case, number=number))

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
        if name in case.said and self.dice.random() < 0.5 and not _is_doubtful(case.said[name]):
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


def _is_doubtful(content: str) -> bool:
    """Whether it reads as a forecast below what is reached."""
    reached, _, forecast = content.partition("/")
    return bool(forecast) and int(forecast) < int(reached)
