"""Lives a case of points: marks each fact, confirms what comes of it, and adds up the ledger."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from assessment.chain import seal
from assessment.indicator_marks import mark_indicator
from assessment.ledger import AccountKey, Draft, Entry, Head, reversal
from assessment.marking import Fact, MatterDone, MatterLate, Proposal, Reported, Returned, UrgedNotReported, mark
from assessment.periods import Period
from assessment.points import show_signed
from assessment.recording import Recorded, Refused, check_chosen, check_recorded, record
from assessment.rulebook import Clause, Rulebook, Share, Subject, Timing
from assessment.scorecard import Line, Scorecard, Status, View, scorecard
from assessment.settlement import settle
from assessment.supervision import MatterReturned, Supervised, mark_nth
from tests.assessment.case_files import Case
from tests.assessment.case_results import find_indicator, indicator_facts

KEY = b"a key for tests only"
START = datetime(2026, 3, 1, tzinfo=UTC)
PROGRAMME = "督查"
UNIT, PERSON, LINE, OFFICE = 11, 21, 41, 31
HOLDERS = {Subject.UNIT: UNIT, Subject.PERSON: PERSON, Subject.LINE: LINE}

REFUSED = {
    "同组只能选一": Refused.EXCLUSIVE,
    "只计一次": Refused.ONLY_ONCE,
    "缺佐证": Refused.NO_EVIDENCE,
    "缺理由": Refused.NO_REASON,
    "与印定分值不符": Refused.NOT_PRINTED,
    "超出幅度": Refused.OUT_OF_RANGE,
    "账户不符": Refused.WRONG_ACCOUNT,
    "分值未设定": Refused.UNSET,
    "没有写分值": Refused.NO_POINTS,
}


class Office:
    """Lives one case: marks each fact, confirms what comes of it, and remembers the ledger."""

    def __init__(self, case: Case) -> None:
        self.rulebook = case.rulebook
        self.account = account_of(Subject(case.written.get("账户", "单位")))
        self.confirms = case.written.get("待核定") != "是"
        self.without_task = case.written.get("无任务", ())
        self.part = Period.parse(case.written["分期"]) if "分期" in case.written else None
        self.entries: list[Entry] = []
        self.open: list[Proposal] = []
        self.tried: set[str] = set()
        """The clauses that were recorded by hand, let pass or not."""
        for number, fact in enumerate(case.written["事实"], start=1):
            self.live(dict(fact), number)

    def live(self, fact: dict[str, str], number: int) -> None:
        at = START + timedelta(hours=number)
        if "更正" in fact:
            self.take_back(self.entries[int(fact.pop("更正")) - 1], at)
        else:
            confirmed = fact.pop("核定", "") == "是" or self.confirms
            chosen = fact.pop("核定分值", None)
            for proposal in self.proposals(fact, number):
                if confirmed and not proposal.is_unset:
                    self.confirm(proposal, at, chosen)
                else:
                    self.open.append(proposal)
        assert not fact, f"看不懂:{fact}"

    def proposals(self, fact: dict[str, str], number: int) -> list[Proposal]:
        if "人工记录" in fact:
            return self.recorded(fact, number)
        if "结算" in fact:
            return self.settled(fact)
        read = read_fact(fact, number)
        if isinstance(read, Supervised | MatterReturned):
            return list(mark_nth(read, self.rulebook, programme=PROGRAMME))
        return list(mark(read, self.rulebook, programme=PROGRAMME))

    def recorded(self, fact: dict[str, str], number: int) -> list[Proposal]:
        points = fact.pop("分值", None)
        clause = find_clause(self.rulebook, fact.pop("人工记录"), points)
        self.tried.add(clause.id)
        refused = fact.pop("拒收", None)
        given = fact.pop("改记", points)
        recorded = Recorded(
            record=number,
            clause=clause.id,
            account=self.account,
            points=None if given is None else Decimal(given),
            matter=fact.pop("事项", None),
            reason="" if fact.pop("理由", "有") == "无" else "督查所见",
            evidence=() if fact.pop("佐证", "有") == "无" else ("督查通报第3期",),
        )
        refusal = check_recorded(recorded, self.rulebook, entries=self.entries, proposals=self.open)
        assert (refusal.why if refusal else None) == (REFUSED[refused] if refused else None)
        return [] if refusal else [record(recorded, self.rulebook)]

    def settled(self, fact: dict[str, str]) -> list[Proposal]:
        indicator = find_indicator(self.rulebook, fact.pop("结算"))
        period = fact.pop("报告期", str(self.rulebook.year))
        found = mark_indicator(indicator, indicator_facts(fact), self.rulebook.readings, unit=fact.pop("单位", None))
        proposal = settle(indicator, found, programme=PROGRAMME, unit=UNIT, period=period)
        return [] if proposal is None else [proposal]

    def confirm(self, proposal: Proposal, at: datetime, chosen: str | None) -> None:
        if proposal.points is None:
            assert chosen is not None, "幅度之内的分值要写“核定分值”"
            assert check_chosen(self.rulebook.clause(proposal.clause), Decimal(chosen), "完成得早") is None
            proposal = replace(proposal, points=Decimal(chosen))
        assert proposal.points is not None
        self.append(
            Draft(
                id=100 + len(self.entries),
                account=proposal.account,
                clause=proposal.clause,
                points=proposal.points,
                matter=proposal.matter,
                basis=proposal.basis,
                author=OFFICE,
                occurred_at=at,
                recorded_at=at + timedelta(days=3),
                rulebook_digest="0" * 64,
            )
        )

    def take_back(self, entry: Entry, at: datetime) -> None:
        self.append(
            reversal(
                entry,
                entry_id=100 + len(self.entries),
                reason="经核实有误",
                author=OFFICE,
                recorded_at=at + timedelta(days=4),
                rulebook_digest="0" * 64,
                entries=self.entries,
            )
        )

    def append(self, draft: Draft) -> None:
        own = [entry for entry in self.entries if entry.account == draft.account]
        self.entries.append(seal(draft, own[-1].head if own else Head(draft.account), KEY))

    def spoken_of(self) -> set[str]:
        """The clauses of which the case has something to say."""
        return self.tried | {line.source.clause for line in self.score(View.PUBLISHED).lines}

    def score(self, view: View) -> Scorecard:
        return scorecard(
            self.rulebook,
            self.account,
            self.entries,
            self.open,
            as_of=START + timedelta(days=300),
            view=view,
            without_task=self.without_task,
            part=self.part,
        )


def account_of(subject: Subject) -> AccountKey:
    return AccountKey(PROGRAMME, subject, HOLDERS[subject])


def find_clause(rulebook: Rulebook, name: str, points: str | None) -> Clause:
    """The clause with that 编号 or 名称, or else of the 依据 that gives these points."""

    def gives(clause: Clause) -> bool:
        if points is None:
            return True
        value = Decimal(points)
        return clause.points.value == value or (clause.discretion is not None and clause.discretion.holds(value))

    found = [clause for clause in rulebook.clauses if name in (clause.id, clause.name)]
    found = found or [clause for clause in rulebook.clauses if clause.cite == name and gives(clause)]
    assert len(found) == 1, f"{name} {points or ''}:对上 {len(found)} 条"
    return found[0]


def read_fact(fact: dict[str, str], number: int) -> Fact:
    """The fact that is written, taking out of `fact` what was understood."""
    who: dict[str, Any] = {"obligation": number, "unit": UNIT, "line": LINE}

    def day(name: str) -> date | None:
        return date.fromisoformat(fact.pop(name)) if name in fact else None

    def known_day(name: str) -> date:
        return date.fromisoformat(fact.pop(name))

    def share() -> Share:
        return Share(fact.pop("角色"))

    if "事项办结" in fact:
        matter, timing = fact.pop("事项办结"), Timing(fact.pop("时限"))
        return MatterDone(**who, matter=matter, share=share(), matter_class=fact.pop("类别"), timing=timing)
    if "事项逾期" in fact:
        return MatterLate(
            **who,
            matter=fact.pop("事项逾期"),
            share=share(),
            matter_class=fact.pop("类别"),
            due_day=known_day("截止"),
            done=day("办结"),
            today=known_day("今日"),
        )
    if "督办" in fact:
        matter, nth = fact.pop("督办"), int(fact.pop("第几次"))
        kind = fact.pop("类别")
        return Supervised(**who, matter=matter, share=share(), matter_class=kind, nth=nth, letter="督办单第5号")
    if "事项退回" in fact:
        matter, nth = fact.pop("事项退回"), int(fact.pop("第几次", "1"))
        return MatterReturned(**who, matter=matter, share=share(), matter_class=fact.pop("类别"), nth=nth)
    if "催报后未报" in fact:
        del fact["催报后未报"]
        of_matter: dict[str, Any] = {}
        if "事项" in fact:
            of_matter = {"matter": fact.pop("事项"), "matter_class": fact.pop("类别"), "share": share()}
        return UrgedNotReported(
            **who,
            **of_matter,
            person=PERSON,
            due_day=known_day("截止"),
            first_urged=known_day("首次催报"),
            reported=day("报送"),
            today=known_day("今日"),
        )
    if "退回" in fact:
        return Returned(**who, person=PERSON, times=int(fact.pop("退回")))
    assert "报送" in fact, f"看不懂:{fact}"
    on_time = {"按时": True, "逾期": False}[fact.pop("报送")]
    return Reported(**who, person=PERSON, on_time=on_time, reported=date(2026, 3, 5))


def written(rulebook: Rulebook, line: Line) -> str:
    """A line as the cases write it: 依据 分值 结果."""
    cite = rulebook.clause(line.source.clause).cite
    if line.status is Status.UNDECIDED and isinstance(line.source, Proposal):
        return f"{cite} {line.source.lowest}至{line.source.highest} {line.status}"
    if line.points is None:
        return f"{cite} 未设定 {line.status}"
    points = show_signed(line.points).replace("−", "-") if line.points else "0"
    return f"{cite} {points} {line.status}"
