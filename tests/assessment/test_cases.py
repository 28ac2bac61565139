"""The worked examples in cases/*.yaml, which an office can read, check and add to (cases/说明.md)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from assessment.chain import verify
from assessment.eligibility import eligibility, flags_of
from assessment.rulebook import Subject
from assessment.scorecard import View
from tests.assessment.case_files import CASES, KINDS, Case, all_cases, only_known
from tests.assessment.case_results import (
    composite_of,
    consequences_of,
    figures_of,
    grades_of,
    mark_as_written,
    mark_of,
    percent,
    rewards_of,
    standing_as_written,
)
from tests.assessment.case_runner import KEY, Office, account_of, written

EVERY = all_cases()


def cases(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [case for case in EVERY if case.kind == kind], ids=str)


@cases("得分")
def test_points_are_as_the_office_worked_them_out(case: Case) -> None:
    said = case.written
    only_known(
        said,
        "账户",
        "事实",
        "待核定",
        "无任务",
        "分期",
        "应记",
        "合计",
        "暂计",
        "封顶前",
        "大类",
        "标记",
        "资格",
        "暂估",
        "计日",
    )

    office = Office(case)
    card = office.score(View.PUBLISHED)

    assert [written(office.rulebook, line) for line in card.lines] == said["应记"]
    assert card.confirmed.final == Decimal(said["合计"])
    assert card.provisional.final == Decimal(said.get("暂计", said["合计"]))
    assert card.confirmed.raw == Decimal(said.get("封顶前", said["合计"]))
    assert [raised.flag.value for raised in card.flags] == said.get("标记", [])
    assert list(card.estimated) == said.get("暂估", [])
    if "大类" in said:
        shown = [f"{one.name} {one.confirmed.final:f}/{one.full:f}" for one in card.categories]
        assert shown == said["大类"]
    if "资格" in said:
        year = office.rulebook.year
        assert eligibility(office.account, year, flags_of(card, year)).standing.value == said["资格"]
    if "计日" in said:
        assert [day.isoformat() for day in card.lines[0].source.basis.days] == said["计日"]


@cases("得分")
def test_what_we_know_at_the_end_is_what_was_published(case: Case) -> None:
    office = Office(case)

    published, known = office.score(View.PUBLISHED), office.score(View.KNOWN)

    assert replace(published, view=View.KNOWN) == known


@cases("得分")
def test_the_chains_of_every_case_hold(case: Case) -> None:
    office = Office(case)

    for subject in Subject:
        account = account_of(subject)
        assert verify(account, [entry for entry in office.entries if entry.account == account], KEY) == []


@cases("指标进度")
def test_figures_are_as_the_office_worked_them_out(case: Case) -> None:
    said = case.written
    only_known(said, "指标", "单位", "分组", "月数", "完成", "预测", "按已完成计", "按全年预测计", "序时进度")

    found = figures_of(case)
    mark = "◇" if found.points_stand_in else ""

    assert standing_as_written(found.by_actual, mark=mark) == said["按已完成计"]
    assert standing_as_written(found.by_forecast, mark=mark) == said["按全年预测计"]
    assert ("不适用" if found.time_progress is None else percent(found.time_progress)) == said["序时进度"]
    assert list(found.unset) == said.get("未设定", [])


@cases("指标得分")
def test_indicators_earn_what_the_office_worked_out(case: Case) -> None:
    only_known(case.written, "指标", "单位", "月数", "数据", "得分", "算式", "缺")

    found = mark_as_written(mark_of(case))

    assert found["得分"] == case.written["得分"]
    assert found["缺"] == case.written.get("缺", [])
    assert found["算式"] == case.written.get("算式", found["算式"])


@cases("等次")
def test_grades_are_proposed_as_the_office_worked_them_out(case: Case) -> None:
    only_known(case.written, "各单位", "等次")

    assert grades_of(case) == case.written["等次"]


@cases("综合")
def test_stages_come_to_what_the_office_worked_out(case: Case) -> None:
    only_known(case.written, "各阶段", "综合", "缺", "并列", "下一环节")

    found = composite_of(case)

    assert found["综合"] == case.written["综合"]
    for key, empty in (("缺", []), ("并列", found["并列"]), ("下一环节", found["下一环节"])):
        assert found[key] == case.written.get(key, empty)


@cases("后果")
def test_consequences_are_due_as_the_office_worked_them_out(case: Case) -> None:
    only_known(case.written, "起因", "后果")

    assert consequences_of(case) == case.written["后果"]


@cases("奖励")
def test_rewards_come_to_what_the_office_worked_out(case: Case) -> None:
    only_known(case.written, "年度", "获奖", "合计", "金额未设定", "超出名额")

    found = rewards_of(case)

    assert found["合计"] == case.written["合计"]
    assert found["金额未设定"] == case.written.get("金额未设定", [])
    assert found["超出名额"] == case.written.get("超出名额", [])


@pytest.mark.parametrize("file", sorted({case.file for case in EVERY if case.kind == "得分"}))
def test_every_clause_has_a_case(file: str) -> None:
    """In the files of a rulebook in which points are worked out, every clause is."""
    book = next(case.rulebook for case in EVERY if case.file == file)
    of_it = [case for case in EVERY if case.rulebook.id == book.id and case.kind == "得分"]
    spoken_of = {clause for case in of_it for clause in Office(case).spoken_of()}

    assert {clause.id for clause in book.clauses} - spoken_of == set()


def test_there_are_enough_cases() -> None:
    assert len(EVERY) >= 40
    assert len({str(case) for case in EVERY}) == len(EVERY)
    assert {case.kind for case in EVERY} == KINDS.keys()


def test_the_guide_tells_of_every_kind_of_case() -> None:
    guide = (CASES / "说明.md").read_text(encoding="utf-8")

    assert [kind for kind, entry in KINDS.items() if f"`{entry}`" not in guide] == []
