"""The worked examples in cases/*.yaml, which an office can read, check and add to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessment import rulebook_file
from assessment.chain import seal, verify
from assessment.figures import Figures, Standing, figures
from assessment.ledger import AccountKey, Draft, Entry, Head, reversal
from assessment.marking import Fact, MatterDone, MatterLate, Proposal, Reported, Returned, UrgedNotReported, mark
from assessment.points import show, show_signed, tidy
from assessment.recording import Recorded, Refused, check_chosen, check_recorded, record
from assessment.rulebook import CapAt, Clause, CountFrom, Parameter, Rulebook, SameMatter, Share, Subject, Timing
from assessment.scorecard import Line, Scorecard, Status, View, scorecard
from assessment.submission import Figure, Slot

CASES = Path(__file__).parent / "cases"
RULEBOOKS = Path(rulebook_file.__file__).parent / "rulebooks"
KEY = b"a key for tests only"
START = datetime(2026, 3, 1, tzinfo=UTC)
UNIT, PERSON, OFFICE = 11, 21, 31

REFUSED = {
    "同组只能选一": Refused.EXCLUSIVE,
    "只计一次": Refused.ONLY_ONCE,
    "缺佐证": Refused.NO_EVIDENCE,
    "缺理由": Refused.NO_REASON,
    "与印定分值不符": Refused.NOT_PRINTED,
    "超出幅度": Refused.OUT_OF_RANGE,
    "账户不符": Refused.WRONG_ACCOUNT,
}


def read_cases(name: str) -> list[dict[str, Any]]:
    """All values as text: nothing is guessed, and no figure ever becomes a float."""
    return list(yaml.load((CASES / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader))  # noqa: S506


def read_rulebook(name: str) -> Rulebook:
    return rulebook_file.load((RULEBOOKS / name).read_text(encoding="utf-8"), name).rulebook


SUPERVISION = read_rulebook("supervision-80.yaml")
SANMEN = read_rulebook("sanmen-2010.yaml")
POINT_CASES = read_cases("80分制.yaml")
FIGURE_CASES = read_cases("三门.yaml")


def named(case: Mapping[str, Any]) -> str:
    return str(case["名称"])


class Office:
    """Lives one case: marks each fact, confirms what comes of it, and remembers the ledger."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        self.rulebook = as_the_case_reads_it(case)
        self.account = account_of(Subject(case.get("账户", "单位")))
        self.confirms = case.get("待核定") != "是"
        self.entries: list[Entry] = []
        self.open: list[Proposal] = []
        for number, fact in enumerate(case["事实"], start=1):
            self.live(dict(fact), number)

    def live(self, fact: dict[str, str], number: int) -> None:
        at = START + timedelta(hours=number)
        if "更正" in fact:
            self.take_back(self.entries[int(fact["更正"]) - 1], at)
            return
        confirmed = fact.pop("核定", "") == "是" or self.confirms
        chosen = fact.pop("核定分值", None)
        found = [self.recorded(fact, number)] if "人工记录" in fact else self.marked(fact, number)
        for proposal in found:
            if proposal is None:
                continue
            if confirmed:
                self.confirm(proposal, at, chosen)
            else:
                self.open.append(proposal)

    def marked(self, fact: dict[str, str], number: int) -> list[Proposal | None]:
        return list(mark(read_fact(fact, number), self.rulebook, programme="督查"))

    def recorded(self, fact: dict[str, str], number: int) -> Proposal | None:
        clause = find_clause(self.rulebook, fact.pop("人工记录"), Decimal(fact["分值"]))
        refused = fact.pop("拒收", None)
        recorded = Recorded(
            record=number,
            clause=clause.id,
            account=self.account,
            points=Decimal(fact.pop("改记", fact.pop("分值"))),
            matter=fact.pop("事项", None),
            reason="" if fact.pop("理由", "有") == "无" else "督查所见",
            evidence=() if fact.pop("佐证", "有") == "无" else ("督查通报第3期",),
        )
        fact.pop("分值", None)
        assert not fact, f"看不懂:{fact}"
        refusal = check_recorded(recorded, self.rulebook, entries=self.entries, proposals=self.open)
        assert (refusal.why if refusal else None) is (REFUSED[refused] if refused else None)
        return None if refusal else record(recorded, self.rulebook)

    def confirm(self, proposal: Proposal, at: datetime, chosen: str | None) -> None:
        clause = self.rulebook.clause(proposal.clause)
        if proposal.points is None:
            assert chosen is not None, "幅度之内的分值要写“核定分值”"
            assert check_chosen(clause, Decimal(chosen), "完成得早") is None
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

    def score(self, view: View) -> Scorecard:
        late = START + timedelta(days=300)
        return scorecard(self.rulebook, self.account, self.entries, self.open, as_of=late, view=view)


def account_of(subject: Subject) -> AccountKey:
    return AccountKey("督查", subject, UNIT if subject is Subject.UNIT else PERSON)


def as_the_case_reads_it(case: Mapping[str, Any]) -> Rulebook:
    rulebook, readings = SUPERVISION, SUPERVISION.readings
    chosen = dict(case.get("读法", {}))
    if "同一事项" in chosen:
        readings = readings.model_copy(update={"same_matter": SameMatter(chosen.pop("同一事项"))})
    if "催报计日" in chosen:
        readings = readings.model_copy(update={"count_from": CountFrom(chosen.pop("催报计日"))})
    assert not chosen, f"没有这种读法:{chosen}"
    cap_at = CapAt(case["封顶方式"]) if "封顶方式" in case else None
    accounts = tuple(account.model_copy(update={"cap_at": cap_at or account.cap_at}) for account in rulebook.accounts)
    clauses = tuple(
        clause.model_copy(update={"points": Parameter[Decimal]()}) if clause.id in case.get("未设定", ()) else clause
        for clause in rulebook.clauses
    )
    return rulebook.model_copy(update={"readings": readings, "accounts": accounts, "clauses": clauses})


def find_clause(rulebook: Rulebook, cite: str, points: Decimal) -> Clause:
    def gives(clause: Clause) -> bool:
        return clause.points.value == points or (clause.discretion is not None and clause.discretion.holds(points))

    found = [clause for clause in rulebook.clauses if clause.cite == cite and gives(clause)]
    assert len(found) == 1, f"{cite} {points}:对上 {len(found)} 条"
    return found[0]


def read_fact(fact: dict[str, str], number: int) -> Fact:
    def day(name: str) -> date | None:
        return date.fromisoformat(fact.pop(name)) if name in fact else None

    def known_day(name: str) -> date:
        return date.fromisoformat(fact.pop(name))

    read: Fact
    if "事项办结" in fact:
        read = MatterDone(
            obligation=number,
            unit=UNIT,
            matter=fact.pop("事项办结"),
            share=Share(fact.pop("角色")),
            matter_class=fact.pop("类别"),
            timing=Timing(fact.pop("时限")),
        )
    elif "事项逾期" in fact:
        read = MatterLate(
            obligation=number,
            unit=UNIT,
            matter=fact.pop("事项逾期"),
            share=Share(fact.pop("角色")),
            matter_class=fact.pop("类别"),
            due_day=known_day("截止"),
            done=day("办结"),
            today=known_day("今日"),
        )
    elif "催报后未报" in fact:
        del fact["催报后未报"]
        read = UrgedNotReported(
            obligation=number,
            unit=UNIT,
            person=PERSON,
            due_day=known_day("截止"),
            first_urged=known_day("首次催报"),
            reported=day("报送"),
            today=known_day("今日"),
        )
    elif "退回" in fact:
        read = Returned(obligation=number, unit=UNIT, person=PERSON, times=int(fact.pop("退回")))
    else:
        on_time = {"按时": True, "逾期": False}[fact.pop("报送")]
        read = Reported(obligation=number, unit=UNIT, person=PERSON, on_time=on_time, reported=date(2026, 3, 5))
    assert not fact, f"看不懂:{fact}"
    return read


def written(rulebook: Rulebook, line: Line) -> str:
    """A line as the cases write it: 依据 分值 结果."""
    cite = rulebook.clause(line.source.clause).cite
    if line.status is Status.UNDECIDED and isinstance(line.source, Proposal):
        return f"{cite} {line.source.lowest}至{line.source.highest} {line.status}"
    if line.points is None:
        return f"{cite} 未设定 {line.status}"
    points = show_signed(line.points).replace("−", "-") if line.points else "0"
    return f"{cite} {points} {line.status}"


@pytest.mark.parametrize("case", POINT_CASES, ids=named)
def test_points_are_as_the_office_worked_them_out(case: dict[str, Any]) -> None:
    known = {"名称", "账户", "事实", "应记", "合计", "暂计", "封顶前", "标记", "暂估", "计日", "说明"}
    assert case.keys() <= known | {"待核定", "读法", "封顶方式", "未设定"}

    office = Office(case)
    card = office.score(View.PUBLISHED)

    assert [written(office.rulebook, line) for line in card.lines] == case["应记"]
    assert card.confirmed.final == Decimal(case["合计"])
    assert card.provisional.final == Decimal(case.get("暂计", case["合计"]))
    assert card.confirmed.raw == Decimal(case.get("封顶前", case["合计"]))
    assert [raised.flag.value for raised in card.flags] == case.get("标记", [])
    assert list(card.estimated) == case.get("暂估", [])
    if "计日" in case:
        assert [day.isoformat() for day in card.lines[0].source.basis.days] == case["计日"]


@pytest.mark.parametrize("case", POINT_CASES, ids=named)
def test_what_we_know_at_the_end_is_what_was_published(case: dict[str, Any]) -> None:
    office = Office(case)

    published, known = office.score(View.PUBLISHED), office.score(View.KNOWN)

    assert replace(published, view=View.KNOWN) == known


@pytest.mark.parametrize("case", POINT_CASES, ids=named)
def test_the_chains_of_every_case_hold(case: dict[str, Any]) -> None:
    office = Office(case)

    for subject in (Subject.UNIT, Subject.PERSON):
        account = account_of(subject)
        assert verify(account, [entry for entry in office.entries if entry.account == account], KEY) == []


def test_every_clause_has_a_case() -> None:
    spoken_of = {line.source.clause for case in POINT_CASES for line in Office(case).score(View.PUBLISHED).lines}

    assert {clause.id for clause in SUPERVISION.clauses} - spoken_of == set()


def standing_as_written(standing: Standing | None, *, mark: str) -> dict[str, str] | str:
    """A standing as the cases write it."""
    if standing is None:
        return "不适用"
    if standing.value is None:
        return "未报"
    return {
        "比": "无" if standing.share_of_base is None else percent(standing.share_of_base),
        "离基本差": plain(standing.short_of_base),
        "离满分差": plain(standing.short_of_full),
        "区间": standing.band or "无",
        "得分": "无" if standing.points is None else f"{show(rounded(standing.points))}{mark}",
    }


def plain(value: Decimal | None) -> str:
    return "无" if value is None else f"{tidy(value):f}"


def rounded(value: Any) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def percent(share: Any) -> str:
    return f"{show(rounded(share * 100))}%"


def figures_of(case: Mapping[str, Any]) -> Figures:
    indicator = next(indicator for indicator in SANMEN.indicators if indicator.name == case["指标"])
    cohort = case.get("分组")
    values = {
        Slot(indicator.id, figure, cohort): Decimal(case[key])
        for key, figure in (("完成", Figure.ACTUAL), ("预测", Figure.FORECAST))
        if key in case
    }
    found = figures(indicator, values, months_passed=int(case["月数"]))
    return next(one for one in found if one.cohort == cohort)


@pytest.mark.parametrize("case", FIGURE_CASES, ids=named)
def test_figures_are_as_the_office_worked_them_out(case: dict[str, Any]) -> None:
    known = {"名称", "指标", "分组", "月数", "完成", "预测", "按已完成计", "按全年预测计", "序时进度", "未设定", "说明"}
    assert case.keys() <= known

    found = figures_of(case)
    mark_ = "◇" if found.points_stand_in else ""

    assert standing_as_written(found.by_actual, mark=mark_) == case["按已完成计"]
    assert standing_as_written(found.by_forecast, mark=mark_) == case["按全年预测计"]
    assert ("不适用" if found.time_progress is None else percent(found.time_progress)) == case["序时进度"]
    assert list(found.unset) == case.get("未设定", [])


def test_there_are_enough_cases() -> None:
    assert len(POINT_CASES) + len(FIGURE_CASES) >= 40


def test_cases_name_only_clauses_that_exist() -> None:
    known = {clause.id for clause in SUPERVISION.clauses}

    assert {clause for case in POINT_CASES for clause in case.get("未设定", ())} <= known
