"""What the points of a measure's clauses look like to those who ask: base, lead and co, covered, capped, chosen."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.notices import DecideList, RecordAsk, Repair, RepairLine
from bot.county import ZONE
from storage.database import Database
from tests.handlers.desk import CLERK, LEADER, OFFICE, START, WATER_CLERK, Desk, as_read, entered_by_hand
from tests.handlers.one_measure import desk_under, shipped, some_of_the_county, unit

CO_CLERK = "nongban-tian"
ATTRACTED = "交办 县环保局 完成招商项目落地 8月20日前 类别 招商引资 协办 县农办"
SPECIAL = "交办 县环保局、县经贸局 完成污水处理厂验收 8月6日前 类别 专项督查 协办 县农办"
ASKED_FOR = "交办 县环保局 报送整改方案 8月20日前 类别 县主要领导交办"


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three departments of the county under its two measures."""
    path = tmp_path_factory.mktemp("printed") / "county.db"
    books = shipped("supervision-80.yaml") | shipped("sanmen-2010.yaml")
    roster = some_of_the_county("县环保局", "县农办", "县经贸局")
    with desk_under(books, roster, sqlite_template, path, START, date(2010, 8, 1)):
        return path


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Desk]:
    with Database.open(f"sqlite:///{shutil.copy(template, tmp_path / 'county.db')}") as database:
        yield Desk(database)


def assigned(desk: Desk, order: str) -> str:
    """Have the office assign a matter; its number."""
    desk.say(OFFICE, order)
    number: str = desk.answer(OFFICE, "确认").number
    return number


def done_and_closed(desk: Desk, number: str, *clerks: str) -> None:
    """Each of these reports it done, and the office closes it."""
    for who in clerks:
        desk.say(who, f"办结 {number} 已完成")
    desk.say(OFFICE, f"销号 {number}")
    desk.say(OFFICE, "确认")


def all_decided(desk: Desk) -> None:
    """The office enters all that is proposed."""
    desk.say(OFFICE, "核定 全部")
    desk.say(OFFICE, "确认")


def lines_of(desk: Desk, unit_name: str) -> str:
    """明细 of a unit as a leader reads it."""
    return as_read(desk.answer(LEADER, f"{unit_name}明细"))


# ── matters ──


def test_lead_and_co_unit_get_each_its_printed_points_on_a_base_of_80(desk: Desk) -> None:
    """R16, R20: +2 for the lead and +1 for the co-unit of a matter done in time."""
    done_and_closed(desk, assigned(desk, ATTRACTED), WATER_CLERK, CO_CLERK)
    desk.wind(8, 10, 9, 30)
    all_decided(desk)

    assert "核定82分（基础80）" in lines_of(desk, "县环保局")
    assert "+2分，四(一)1 承办事项完成" in lines_of(desk, "县环保局")
    assert "核定81分（基础80）" in lines_of(desk, "县农办")
    assert "+1分，四(一)1 协办事项完成" in lines_of(desk, "县农办")


def test_a_co_unit_loses_the_half_that_is_printed(desk: Desk) -> None:
    """R20: −5 for the lead, −2.5 for the co-unit, both as the clause prints them."""
    assigned(desk, ATTRACTED.replace("8月20日", "8月6日"))
    desk.wind(8, 13, 9, 30)
    all_decided(desk)

    assert "−5分，四(一)1 承办事项逾期未完成" in lines_of(desk, "县环保局")
    assert "−2.5分，四(一)1 协办事项逾期未完成" in lines_of(desk, "县农办")
    assert desk.score("县农办").confirmed.final == Decimal("77.5")


def test_a_leaders_item_done_in_time_is_recorded_with_nothing(desk: Desk) -> None:
    """R21: 按时完成的不加分也不扣分; there is a line all the same."""
    done_and_closed(desk, assigned(desk, ASKED_FOR), WATER_CLERK)
    desk.wind(8, 10, 9, 30)
    all_decided(desk)

    assert "不加不扣，四(一)2 县主要领导交办事项按时完成" in lines_of(desk, "县环保局")
    assert "核定80分（基础80）" in lines_of(desk, "县环保局")


def test_a_leaders_item_that_is_late_costs_two(desk: Desk) -> None:
    """R21: 未按时完成的每项扣2分."""
    assigned(desk, ASKED_FOR.replace("8月20日", "8月6日"))
    desk.wind(8, 13, 9, 30)
    all_decided(desk)

    assert "−2分，四(一)2 县主要领导交办事项未按时完成" in lines_of(desk, "县环保局")


def test_of_one_matter_the_highest_counts_and_the_other_says_which_covers_it(desk: Desk) -> None:
    """R16, R17: done for +2 and praised for +1; 单项不重复计分."""
    number = assigned(desk, ATTRACTED)
    done_and_closed(desk, number, WATER_CLERK, CO_CLERK)
    desk.wind(8, 10, 9, 30)
    all_decided(desk)
    praise = entered_by_hand(desk, f"加分 县环保局 U3a 《督查通报》表扬 {number}")

    shown = lines_of(desk, "县环保局")
    (done,) = (entry.number for entry in desk.entries("县环保局") if entry.clause == "U1a")
    (covered,) = (line for line in shown.splitlines() if praise in line)
    assert f"同一事项取最高，以四(一)1（{done}）为准，此项不另计" in covered
    assert "核定82分（基础80）" in shown
    assert f"（{done}）为准，此项不另计" in as_read(desk.answer(LEADER, f"为什么 {praise}"))


def test_more_than_the_cap_is_said_with_what_it_came_to(desk: Desk) -> None:
    """R16, R18: 最高得分为100分; the answer says 100 and 105."""
    for _ in range(5):
        entered_by_hand(desk, "加分 县环保局 U2c 县三级干部大会书面通报表扬")

    shown = as_read(desk.answer(LEADER, "环保局得分"))
    assert "县环保局：核定100分（基础80）" in shown
    assert "累计105分，超过上限，按上限计。" in shown


def test_each_return_costs_a_point_and_says_what_to_mend(desk: Desk) -> None:
    """R14: no return without a reason; the unit reads the reason; each time is one point of the person's."""
    number = assigned(desk, ATTRACTED)
    for reason in ("数据口径不一致", "缺附件"):
        desk.say(WATER_CLERK, f"办结 {number} 已完成")
        assert isinstance(desk.answer(OFFICE, f"退回 {number}"), RepairLine)
        desk.say(OFFICE, f"退回 {number} {reason}")
        desk.say(OFFICE, "确认")
        assert reason in as_read(desk.told(WATER_CLERK)[-1])

    waiting = desk.answer(OFFICE, "核定")
    assert isinstance(waiting, DecideList)
    assert [(line.cite, line.points) for line in waiting.lines] == [("四(二)2", Decimal(-1))] * 2
    assert all("王晨曦" in line.account for line in waiting.lines)


def test_special_work_left_undone_costs_every_unit_that_was_to_do_it(desk: Desk) -> None:
    """R73: both leads −5 and the co-unit −2.5, without anybody having to think of each."""
    assigned(desk, SPECIAL)
    desk.wind(8, 13, 9, 30)
    waiting = desk.answer(OFFICE, "核定").lines

    assert {line.account: line.points for line in waiting if line.cite == "四(一)1"} == {
        "县环保局": Decimal(-5),
        "县经贸局": Decimal(-5),
        "县农办": Decimal("-2.5"),
    }


def test_where_its_value_is_not_set_nothing_is_deducted_before_somebody_sets_it(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """R73: 倒扣分值未设定: the leads' value is withheld, so that 核定 refuses it."""
    books = shipped("supervision-80.yaml", ("    分值: -5\n  - 编号: U1e", "    分值: null\n  - 编号: U1e"))
    roster = some_of_the_county("县环保局", "县农办", "县经贸局")
    with desk_under(books, roster, sqlite_template, tmp_path / "unset.db", START, date(2010, 8, 1)) as desk:
        assigned(desk, SPECIAL)
        desk.wind(8, 13, 9, 30)
        unset = [line for line in desk.answer(OFFICE, "核定").lines if line.points is None]

        assert {line.account for line in unset} == {"县环保局", "县经贸局"}
        for line in unset:
            assert "分值尚未设定，设定前不能记分" in as_read(desk.answer(OFFICE, f"核定 {line.number}"))


# ── by hand ──


def test_of_three_levels_one_is_chosen(desk: Desk) -> None:
    """R22: 台账 +1, −0.5 or −2; once one stands the others are refused."""
    entered_by_hand(desk, "加分 县环保局 U5a 台账规范")

    for other in ("U5b", "U5c"):
        refused = desk.answer(OFFICE, f"扣分 县环保局 {other} 台账不规范")
        assert isinstance(refused, RepairLine)
        assert refused.repair is Repair.ANOTHER_OF_THE_GROUP
    assert desk.score("县环保局").provisional.final == Decimal(81)


def test_points_at_discretion_stay_inside_the_printed_range_and_have_a_reason(desk: Desk) -> None:
    """R19: 扣1-2分, by the office alone."""
    assert desk.answer(OFFICE, "扣分 县环保局 P1b 2.2 王晨曦 反馈不完整").repair is Repair.POINTS_OUT_OF_RANGE
    assert desk.answer(OFFICE, "扣分 县环保局 P1b 0.5 王晨曦 反馈不完整").repair is Repair.POINTS_OUT_OF_RANGE
    assert isinstance(desk.answer(OFFICE, "扣分 县环保局 P1b 1.5 王晨曦"), RepairLine)
    assert not any(isinstance(said, RecordAsk) for said in desk.say(CLERK, "扣分 县环保局 P1b 1.5 王晨曦 反馈不完整"))

    asked = desk.answer(OFFICE, "扣分 县环保局 P1b 1.5 王晨曦 反馈不完整")
    assert isinstance(asked, RecordAsk)
    assert (asked.points, asked.reason) == (Decimal("-1.5"), "反馈不完整")


def test_who_was_late_or_absent_at_a_meeting_loses_the_own_points(desk: Desk) -> None:
    """R24, R25: −1 for coming late, −2 for not coming, each person by name, and nothing of the unit's."""
    entered_by_hand(desk, "扣分 县环保局 P6a 王晨曦 8月3日督查例会迟到")
    entered_by_hand(desk, "扣分 县环保局 P6b 王晨曦 8月4日督查例会缺席")
    entered_by_hand(desk, "扣分 县经贸局 P6a 李敏 8月3日督查例会擅自替会")

    shown = as_read(desk.answer(WATER_CLERK, "明细"))
    assert "县环保局：核定80分（基础80）" in shown
    assert "王晨曦（个人记分，不计入单位）：核定−3分" in shown
    assert "−1分，四(二)6 会议迟到、早退或擅自替会；8月3日督查例会迟到" in shown
    assert "−2分，四(二)6 缺席会议；8月4日督查例会缺席" in shown
    assert "李敏（个人记分，不计入单位）：核定−1分" in as_read(desk.answer(CLERK, "明细"))


# ── reports ──


def test_plan_and_weekly_report_are_worth_a_fifth_of_a_point_either_way(sqlite_template: Path, tmp_path: Path) -> None:
    """R13: the plan in time and one week in time +0.2 each, the other week late −0.2, on the person's account."""
    weekly = (
        "周期: 周\n    截止: null",
        "周期: 周\n    起始: 2010-W31\n    截止: {期后日: 1}",
    )
    roster = unit("县委县政府督查室", "考核办", 考核办="ke") + unit(
        "甲局", "县直部门", 填报人="jia", 主要负责人="zhang"
    )
    books, start = shipped("supervision-80.yaml", weekly), datetime(2010, 8, 2, 9, tzinfo=ZONE)
    with desk_under(books, roster, sqlite_template, tmp_path / "weekly.db", start, date(2010, 8, 2)) as desk:
        desk.say("jia", "8月工作计划：抓好招商引资")
        desk.wind(8, 9, 9, 30)
        desk.say("jia", "工作落实情况：招商项目开工")
        desk.wind(8, 17, 9, 30)
        desk.say("jia", "工作落实情况：招商项目投产")
        waiting = desk.answer("ke", "核定").lines

        points = {line.fact.partition("：")[0]: line.points for line in waiting if line.cite == "四(二)3"}
        assert sorted(points.values()) == [Decimal("-0.2"), Decimal("0.2"), Decimal("0.2")]
        assert points["8月工作计划"] == Decimal("0.2")
        assert all("jia" in line.account for line in waiting)


@pytest.mark.parametrize(("day", "days"), [(7, 1), (10, 4)])
def test_while_a_plan_is_out_the_days_are_counted_where_everybody_concerned_can_see(
    desk: Desk, day: int, days: int
) -> None:
    """R11: urged on the 6th, the value grows by a point a day before it is reported, and it is called 待核定."""
    desk.wind(8, day, 10)

    shown = as_read(desk.answer(WATER_CLERK, "得分"))
    assert f"拟扣{days}分，四(二)4 经催报后仍未报" in shown
    assert "8月6日催报，尚未报送" in shown
    assert f"共{days}天" in shown
    assert desk.entries("县环保局") == []


def test_the_other_measure_asks_whose_dissatisfaction_it_was(sqlite_template: Path, tmp_path: Path) -> None:
    """R111: the office names the level by its clause, each with its own value; nobody else records it."""
    roster = unit("市政府督查室", "考核办", 考核办="ke") + unit("甲区", "县区政府", 填报人="jia", 主要负责人="zhang")
    books, start = shipped("panjin-supervision.yaml"), datetime(2026, 5, 6, 9, tzinfo=ZONE)
    with desk_under(books, roster, sqlite_template, tmp_path / "levels.db", start, date(2026, 5, 1)) as desk:
        refused = desk.answer("ke", "扣分 甲区 不满意 绿化工程")
        assert isinstance(refused, RepairLine)
        assert refused.repair is Repair.ONE_OF_THESE_CLAUSES

        for clause, level, points in (
            ("I1b", "省领导不满意", 5),
            ("I2b", "市领导不满意", 4),
            ("I3b", "人大、政协领导不满意", 4),
            ("I3c", "代表、委员不满意", 3),
        ):
            shown = as_read(desk.answer("ke", f"扣分 甲区 {clause} 事项：绿化工程 书面反映"))
            assert f"拟扣{points}分" in shown
            assert level in shown
        assert not any(isinstance(notice, RecordAsk) for notice in desk.say("jia", "扣分 甲区 I2b 书面反映"))


# ── what an answer rests on ──


def test_an_answer_about_points_says_day_measure_clause_and_evidence(desk: Desk) -> None:
    """R100: 得分 and 明细 with their day, measure and clause; 为什么 with sentence, edition and evidence."""
    entry = entered_by_hand(desk, "扣分 县环保局 U7 拒不提供8月3日会议纪要")

    for question in ("得分", "明细"):
        shown = as_read(desk.answer(WATER_CLERK, question))
        assert "截至8月4日 09:12" in shown
        assert "依据《督查室督查工作考核办法（试行）》。" in shown
        assert "四(一)7 不支持、不配合督查工作" in shown
        assert entry in shown
    assert "依据《三门县2010年度发展目标考核》（2010年9月版）" in as_read(desk.answer(WATER_CLERK, "得分"))

    why = as_read(desk.answer(WATER_CLERK, f"为什么 {entry}"))
    for words in (
        "发生时间：2010年8月4日 09:12。",
        "办法：《督查室督查工作考核办法（试行）》。",
        "条款：四(一)7",
        "原文：“被督查单位不支持、不配合督查办工作",
        "佐证：拒不提供8月3日会议纪要。",
    ):
        assert words in why
