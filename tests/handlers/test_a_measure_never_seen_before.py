"""A measure that none of the fifteen texts knows: what people type under it is understood or asked, never guessed."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.notices import RecordAsk, Repair, RepairLine, ReportAnswered, SentBack, WhichPeriod
from assessment.notices.appealing import AppealWhich
from bot.county import ZONE
from tests.handlers.desk import Desk, as_read
from tests.handlers.one_measure import desk_under, unit

TOWNS = """
编号: towns
办法: 乡镇综合考核办法
版本: 试行
年度: 2026
主管: 县考核办
出处: 县委办〔2026〕9号
记分: [{对象: 单位, 基础分: 0, 依据: 二}]
条款:
  - {编号: D2, 名称: 安全事故, 依据: 三(二), 原文: 发生较大安全事故的扣5分, 触发: 人工记录, 分值: -5, 计次: 每次}
  - {编号: D3, 名称: 越级信访, 依据: 三(三), 原文: 越级信访扣1至3分, 触发: 人工记录, 幅度: {自: -3, 至: -1}, 计次: 每次}
  - {编号: D4, 名称: 通报表扬, 依据: 三(四), 原文: 受县通报表扬的加1分, 触发: 人工记录, 分值: 1, 计次: 每次}
指标:
  - 编号: I1
    名称: 固定资产投资
    单位: 万元
    类型: 累计
    报预测: false
    计分: {方式: 完成比例, 目标: 10000, 满分: 20}
    承担单位: [乡镇]
    依据: 二(一)1
  - 编号: I2
    名称: 农民人均可支配收入增幅
    单位: "%"
    类型: 比率
    报预测: false
    计分: {方式: 完成比例, 目标: 6.5, 满分: 20}
    承担单位: [乡镇]
    依据: 二(一)2
催办阶梯:
  - {编号: L, 各步: [{步骤: 催办, 时间: {逾期工作日: 1}, 时刻: "09:00", 对象: [填报人]}]}
报送任务:
  - 编号: M
    名称: 月报
    依据: 四
    周期: 月
    累计口径: true
    截止: {次月: 5}
    报指标: true
    签发: 无
    审核: false
    阶梯: L
"""
OTHER = TOWNS.replace("编号: towns", "编号: other").replace("乡镇综合考核办法", "乡镇安全考核办法")
ROSTER = (
    unit("县考核办", "考核办", 考核办="ke")
    + unit("东山镇", "乡镇", 填报人="li")
    + unit("西河镇", "乡镇", 填报人="wang")
)


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    start = datetime(2026, 2, 2, 9, tzinfo=ZONE)
    with desk_under(
        {"towns.yaml": TOWNS}, ROSTER, sqlite_template, tmp_path / "towns.db", start, date(2026, 1, 1)
    ) as at:
        yield at


def report_of(desk: Desk, title: str) -> str:
    """The title's state for 东山镇."""
    (row,) = desk.rows("东山镇", title)
    return row.state


# ── which period ──


def test_one_open_period_is_meant_without_asking(desk: Desk) -> None:
    answer = desk.answer("li", "固定资产投资800万 农民人均可支配收入增幅7.2%")
    assert isinstance(answer, ReportAnswered)
    assert answer.title == "1月月报"


def test_with_two_periods_owed_the_text_is_kept_and_the_period_asked(desk: Desk) -> None:
    desk.wind(3, 3, 10)
    asked = desk.answer("li", "固定资产投资1700万 农民人均可支配收入增幅7.1%")
    assert isinstance(asked, WhichPeriod)
    assert asked.titles == ("1月月报", "1—2月月报")
    assert "固定资产投资1700万" in as_read(asked)

    told = desk.answer("li", "1—2月月报")
    assert isinstance(told, ReportAnswered)
    assert told.title == "1—2月月报"
    assert report_of(desk, "1—2月月报") != "OPEN"
    assert {row.title for row in desk.rows("东山镇") if row.state == report_of(desk, "1月月报")} == {"1月月报"}


def test_a_text_that_names_its_month_is_not_asked(desk: Desk) -> None:
    desk.wind(3, 3, 10)
    for text, title in (("1-2月投资1700万", "1—2月月报"), ("1月投资800万", "1月月报")):
        answer = desk.answer("li", text)
        assert isinstance(answer, ReportAnswered)
        assert answer.title == title


def test_other_words_are_no_answer_and_cancel_forgets_the_text(desk: Desk) -> None:
    desk.wind(3, 3, 10)
    desk.say("li", "固定资产投资1700万")
    desk.say("li", "谢谢")
    assert "取消" in as_read(desk.answer("li", "取消"))
    shown = desk.answer("li", "1—2月月报")
    assert isinstance(shown, ReportAnswered)
    assert shown.lines == ()


# ── which clause ──


@pytest.mark.parametrize(
    ("text", "clause", "points"),
    [
        ("扣分 西河镇 安全事故 5月28日煤矿较大事故，应急局通报", "安全事故", -5),
        ("扣分 西河镇 D2 煤矿事故", "安全事故", -5),
        ("扣分 西河镇 三(二) 煤矿事故", "安全事故", -5),
        ("扣分 西河镇 事故 煤矿事故", "安全事故", -5),
        ("扣分 西河镇 信访 扣2分 越级2批", "越级信访", -2),
        ("加分 西河镇 表扬 县委通报", "通报表扬", 1),
        ("扣分 西河镇 《乡镇综合考核办法》安全事故 煤矿事故", "安全事故", -5),
    ],
)
def test_a_clause_is_known_by_its_name(desk: Desk, text: str, clause: str, points: int) -> None:
    asked = desk.answer("ke", text)
    assert isinstance(asked, RecordAsk)
    assert (asked.clause, asked.points) == (clause, Decimal(points))


def test_a_clause_that_is_none_brings_the_list(desk: Desk) -> None:
    asked = desk.answer("ke", "扣分 西河镇 火灾 厂房失火")
    assert isinstance(asked, RepairLine)
    assert asked.repair is Repair.CLAUSES_TO_RECORD
    assert "D2（安全事故）、D3（越级信访）" in as_read(asked)
    assert "通报表扬" not in as_read(asked)


def test_a_clause_of_two_measures_is_never_chosen_for_the_office(sqlite_template: Path, tmp_path: Path) -> None:
    """Both measures of one office have an 安全事故: which is meant the office says."""
    start, books = datetime(2026, 2, 2, 9, tzinfo=ZONE), {"towns.yaml": TOWNS, "other.yaml": OTHER}
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "two.db", start, date(2026, 1, 1)) as desk:
        asked = desk.answer("ke", "扣分 西河镇 D2 煤矿事故")
        assert isinstance(asked, RepairLine)
        assert asked.repair is Repair.ONE_OF_THESE_CLAUSES
        assert "《乡镇综合考核办法》D2（安全事故）、《乡镇安全考核办法》D2（安全事故）" in as_read(asked)

        chosen = desk.answer("ke", "扣分 西河镇 乡镇安全考核办法 D2 煤矿事故")
        assert isinstance(chosen, RecordAsk)
        assert chosen.programme == "乡镇安全考核办法"
        assert "依据：《乡镇安全考核办法》" in as_read(chosen)


# ── 公布前保密 ──


def test_a_deduction_that_was_told_can_be_appealed_against_before_publication(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """People are heard on what costs them; what earns them points stays untold, and out of the list (R86)."""
    start, books = (
        datetime(2026, 2, 2, 9, tzinfo=ZONE),
        {"towns.yaml": TOWNS.replace("记分:", "公布前保密: true\n记分:")},
    )
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "secret.db", start, date(2026, 1, 1)) as desk:
        for text in ("扣分 东山镇 安全事故 煤矿事故", "加分 东山镇 表扬 县委通报"):
            desk.say("ke", text)
            desk.say("ke", "确认")
        desk.wind(2, 20, 10)
        desk.say("ke", "核定 全部")
        desk.say("ke", "确认")
        assert len(desk.entries("东山镇")) == 2

        offered = desk.answer("li", "申诉")
        assert isinstance(offered, AppealWhich)
        assert [line.clause for line in offered.lines] == ["安全事故"]


# ── 改 2 ──


@pytest.mark.parametrize("text", ["改 2 农民人均可支配收入增幅 6.2%", "更正 第2项 农民人均可支配收入增幅 6.2%"])
def test_the_number_of_an_item_before_its_name_says_nothing_more(desk: Desk, text: str) -> None:
    desk.say("li", "固定资产投资800，农民收入增幅6")
    answer = desk.answer("li", text)
    assert isinstance(answer, ReportAnswered)
    assert answer.doubts == ()
    assert answer.number is not None


def test_a_month_before_a_name_is_no_number_of_an_item(desk: Desk) -> None:
    desk.wind(3, 3, 10)
    answer = desk.answer("li", "更正 2 月固定资产投资 900")
    assert not isinstance(answer, ReportAnswered) or answer.title == "1—2月月报"


# ── two returns ──


def test_a_report_sent_back_twice_is_told_twice(sqlite_template: Path, tmp_path: Path) -> None:
    """Also while the first telling still waits to leave."""
    start, books = datetime(2026, 2, 2, 9, tzinfo=ZONE), {"towns.yaml": TOWNS.replace("审核: false", "审核: true")}
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "twice.db", start, date(2026, 1, 1)) as desk:
        for reason in ("数据来源不清", "附表未盖章"):
            desk.say("li", "固定资产投资800 农民人均可支配收入增幅6.2%")
            (line,) = desk.answer("ke", "待审").lines
            desk.say("ke", f"退回 {line.number} {reason}")
            desk.say("ke", "确认")
        assert [n.reason for n in desk.told("li") if isinstance(n, SentBack)] == ["数据来源不清", "附表未盖章"]
