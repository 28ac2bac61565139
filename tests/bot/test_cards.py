"""What a saying does with its facts: which sentence, which button, which title. Word for word: test_wording.py."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.notices import (
    Board,
    BoardRow,
    FigureBlock,
    FigureLine,
    GapLine,
    Gaps,
    Notice,
    OwedLine,
    PointLine,
    PointsBlock,
    Reminder,
    ReportAnswered,
    ScoreLines,
    ScoreTold,
    StatementTaken,
    UrgedLine,
    Urging,
)
from assessment.notices.reporting import DoubtLine
from assessment.report_reading import DoubtReason
from assessment.rulebook import Direction
from bot.cards import card_of
from bot.cards.doubts import doubt_line, settled_by_confirming
from bot.cards.figures import figure_lines
from bot.channels.card import Button, Tone

ZONE = ZoneInfo("Asia/Shanghai")
DUE = datetime(2010, 8, 6, tzinfo=ZONE)
"""24:00 of Thursday 5 August, as the exclusive next midnight."""

OUTPUT = FigureLine(
    number=1,
    name="规上亩均工业总产值",
    unit="万元/亩",
    direction=Direction.HIGHER,
    actual=Decimal(85),
    forecast=Decimal(155),
    base=Decimal("168.7"),
    full=Decimal("202.44"),
)
ENERGY = FigureLine(
    number=3,
    name="万元工业增加值能耗",
    unit="吨标准煤/万元",
    direction=Direction.LOWER,
    actual=Decimal("1.06"),
    forecast=Decimal("0.78"),
    full=Decimal("0.7322"),
)
LOW_FORECAST = DoubtLine(
    number=4,
    name="高新技术产业总产值占比",
    unit="%",
    reason="forecast below actual",
    figure="预测",
    read=Decimal(25),
    limit=Decimal(26),
    written="25%",
)
MAGNITUDE = DoubtLine(
    number=1,
    name="规上亩均工业总产值",
    unit="万元/亩",
    reason="magnitude",
    figure="完成",
    read=Decimal(850000),
    likely=Decimal(85),
    limit=Decimal("168.7"),
    written="85亿元",
)
OWED = OwedLine(
    obligation=1,
    unit="县经贸局",
    title="1—7月进展",
    due=DUE,
    due_mark="◇",
    owed=("规上亩均工业总产值", "规上亩均税收"),
    required=2,
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of August 2010, stored as everything is: in UTC."""
    return datetime(2010, 8, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def answered(**facts: object) -> ReportAnswered:
    """An answer to the July report of one unit, on time and complete unless said otherwise."""
    usual: dict[str, object] = {
        "unit": "县经贸局",
        "title": "1—7月进展",
        "number": "R-1008-17",
        "sent_at": at(4, 9, 12),
        "on_time": True,
        "complete": True,
        "reported": 4,
        "required": 4,
        "due": DUE,
    }
    return ReportAnswered.model_validate(usual | facts)


def text(notice: Notice) -> str:
    """What a person reads."""
    return card_of(notice, ZONE).text()


POINTS = PointsBlock(
    programme="督查工作考核办法(试行)",
    version="试行",
    account="县经贸局",
    base=Decimal(80),
    confirmed=Decimal(79),
    provisional=Decimal(77),
    raw=Decimal(79),
    lines=(
        PointLine(
            entry="L-1008-12",
            cite="四(一)3",
            clause="通报批评(主办)",
            points=Decimal(-1),
            status="计入",
            fact="第7期通报",
            confirmed_by="陈静怡",
            at=at(9, 10, 20),
        ),
        PointLine(
            entry="P-1008-31",
            cite="四(一)2",
            clause="交办事项逾期",
            points=Decimal(-2),
            status="待核定",
            fact="应于8月6日前办结",
        ),
        PointLine(
            entry="L-1008-13",
            cite="四(一)3",
            clause="通报表扬",
            points=Decimal("0.5"),
            status="不重复计",
            covered_by="四(一)1（L-1008-9）",
        ),
    ),
)


def test_every_notice_has_a_saying() -> None:
    ours = [kind for kind in Notice.known.values() if kind.__module__.startswith("assessment.notices.")]
    silent = [kind.__name__ for kind in ours if card_of.dispatch(kind) is card_of.dispatch(Notice)]

    assert len(ours) > 50
    assert not silent


def test_a_notice_without_wording_is_not_sent_empty() -> None:
    with pytest.raises(NotImplementedError, match="no wording for Notice"):
        card_of(Notice(), ZONE)


def test_a_wrong_magnitude_is_asked_with_the_likely_value() -> None:
    assert doubt_line(MAGNITUDE) == (
        "1. 规上亩均工业总产值：您报85亿元，目标值为168.7万元/亩，相差较大，是否为85万元/亩？"
        "是则回“确认”，更正回“改 1 完成 ××万元/亩”。"
    )


@pytest.mark.parametrize("reason", [*map(str, DoubtReason), "a reason of a later version"])
@pytest.mark.parametrize("known", [{}, {"read": Decimal(25)}, {"read": Decimal(25), "likely": Decimal(26)}])
def test_every_doubt_says_what_to_type(reason: str, known: dict[str, Decimal]) -> None:
    doubt = DoubtLine(
        number=3,
        name="破案率",
        unit="%",
        reason=reason,
        figure="预测",
        written="约26",
        candidates=("甲组", "乙组"),
        **known,
    )

    asked = doubt_line(doubt)

    assert asked.startswith("3. 破案率：")
    assert asked.endswith("。")
    assert "“改 3 预测 ××%”" in asked or "重新发送" in asked
    assert ("回“确认”" in asked) == (3 in settled_by_confirming([doubt]))
    assert "。。" not in asked
    assert "None" not in asked


def test_each_reason_has_a_sentence_of_its_own() -> None:
    doubt = DoubtLine(number=1, name="破案率", unit="%", reason="", figure="完成", written="约26", candidates=("甲组",))
    sentences = {doubt_line(doubt.model_copy(update={"reason": str(reason)})) for reason in DoubtReason}

    assert len(sentences) == len(DoubtReason)


def test_confirming_is_offered_only_where_it_settles_something() -> None:
    vague = DoubtLine(number=2, name="破案率", unit="%", reason="vague", figure="完成", written="差不多26")
    both = card_of(answered(doubts=(MAGNITUDE, vague), complete=False, owed=("破案率",)), ZONE)
    only_vague = card_of(answered(number=None, doubts=(vague,), complete=False, owed=("破案率",)), ZONE)

    assert "回“确认”只收第1项；第2项请照上面的写法答复。" in both.lines
    assert Button("取消", "取消") in both.buttons
    assert [button.command for button in only_vague.buttons] == ["取消"]


def test_half_a_doubtful_item_is_not_offered_as_certain() -> None:
    half = ENERGY.model_copy(update={"number": 4, "forecast": None})
    card = card_of(answered(lines=(OUTPUT, half), doubts=(LOW_FORECAST,)), ZONE)

    assert "只收 1" in [button.command for button in card.buttons]


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        ({"lines": (OUTPUT,)}, "1—7月进展：已收齐"),
        ({"number": None, "lines": (OUTPUT,)}, "1—7月进展：与已报一致"),
        ({"number": None, "complete": False, "reported": 0, "owed": ("破案率",)}, "1—7月进展：请报送"),
        ({"number": None, "complete": False, "reported": 3, "owed": ("破案率",)}, "1—7月进展：还需报送1项"),
        ({"number": None, "doubts": (MAGNITUDE,), "complete": False}, "1—7月进展：有1处请核"),
        ({"complete": False, "owed": ("破案率",)}, "1—7月进展：已收，尚未报齐"),
        ({"entered_by_office": True}, "1—7月进展：已代录"),
    ],
)
def test_the_title_says_how_the_report_stands(facts: dict[str, object], title: str) -> None:
    assert card_of(answered(**facts), ZONE).title == title


def test_a_late_report_is_called_late_and_nothing_more() -> None:
    card = card_of(answered(sent_at=at(6, 10, 5), on_time=False, late_stamp=True), ZONE)

    assert card.tone is Tone.AMBER
    assert "编号R-1008-17，8月6日 10:05（以收到时间为准），迟交。" in card.lines


def test_a_newer_question_says_so_of_the_older_one() -> None:
    assert card_of(answered(superseded=True, doubts=(MAGNITUDE,)), ZONE).lines[0] == "此前所问的不再等候答复。"


def test_repeated_urging_does_not_count_twice() -> None:
    line = OWED.model_copy(update={"per_day": Decimal("-0.5"), "per_day_cite": "第九条", "urged_before": True})
    urging = Urging(lines=(line,), now=at(9, 9))

    assert "自首次催报次日起，每延迟1天拟扣0.5分（第九条），再次催报不重复计。" in card_of(urging, ZONE).lines


def test_several_units_of_one_person_are_told_apart() -> None:
    other = OWED.model_copy(update={"unit": "县科技局"})
    card = card_of(Reminder(lines=(OWED, other)), ZONE)

    assert card.title == "提醒：2项待报"
    assert "县经贸局尚有2项未报" in card.lines[0]
    assert "县科技局尚有2项未报" in card.lines[1]


def test_written_parts_are_not_called_figures() -> None:
    card = card_of(Reminder(lines=(OWED.model_copy(update={"owed": ("存在问题", "下一步措施")}),)), ZONE)

    assert card.lines[-1] == "请直接回复，按“存在问题”等各部分名称分段书写。"


def test_a_duty_of_one_text_is_named_once() -> None:
    plan = OWED.model_copy(update={"title": "8月工作计划", "owed": ("工作计划",), "required": 1})

    assert card_of(Reminder(lines=(plan,)), ZONE).lines == (
        "8月工作计划请于8月5日（周四）24:00前◇报送，贵单位尚未报送。",
        "请直接回复“8月工作计划：内容”。",
    )


def test_the_years_of_one_indicator_are_numbered_once() -> None:
    years = [OUTPUT.model_copy(update={"number": 1, "name": f"供地率{year}年"}) for year in (2007, 2008)]
    first, second, other = figure_lines([*years, ENERGY])
    assert first.startswith("1. 供地率2007年")
    assert second.startswith("　供地率2008年")
    assert other.startswith("3. ")


def test_a_measure_is_named_once_in_a_score() -> None:
    none = Decimal(0)
    points = PointsBlock(
        programme="考核办法", version="", account="甲局", base=none, confirmed=none, provisional=none, raw=none
    )
    own = FigureBlock(unit="甲局", programme="考核办法", version="", period="1—7月", lines=())
    other = own.model_copy(update={"programme": "乙"})
    text = card_of(ScoreTold(unit="甲局", now=DUE, points=(points,), figures=(own, other)), ZONE).text()
    assert text.count("考核办法") == 1
    assert "指标（1—7月）：" in text
    assert "依据《乙》，1—7月：" in text


def test_several_items_are_each_told_how_once() -> None:
    counted = {"per_day": Decimal(-1), "per_day_personal": True}
    plan = OWED.model_copy(update={"title": "8月工作计划", "owed": ("工作计划",), "required": 1, **counted})
    matter = OWED.model_copy(update={"number": "S-1008-3", "title": "清理土地", "owed": (), "required": 0})
    card = card_of(Urging(lines=(OWED, OWED, plan, matter), now=at(6, 9)), ZONE)

    assert card.title == "催报：4项待办"
    assert card.lines[3:] == (
        "交办事项S-1008-3“清理土地”截止时间为8月5日（周四）24:00◇，已逾期1天，贵单位尚未报办结。",
        "8月工作计划自催报次日起，每延迟1天拟扣1分（个人记分）。",
        "办结后请回复“办结 S-1008-3 办理情况”。",
        "报送1—7月进展，请直接回复指标名称和数值（可用简称），几项可写在一条里。",
        "请直接回复“8月工作计划：内容”。",
    )


def test_a_board_names_those_urged_where_they_are_not_all_who_are_missing() -> None:
    board = Board(
        title="进展",
        due=DUE,
        now=at(6, 15),
        total=3,
        rows=(BoardRow(bucket="未提交", units=("甲镇", "乙镇", "丙镇")),),
        missing=(OWED,),
        urged=(
            UrgedLine(unit="甲镇", at=at(6, 9)),
            UrgedLine(unit="乙镇", at=at(6, 9)),
            UrgedLine(unit="丙镇", at=at(6, 14)),
        ),
    )

    assert card_of(board, ZONE).lines[2:] == ("甲镇、乙镇已于8月6日 09:00催报。", "丙镇已于8月6日 14:00催报。")


def test_indicators_without_a_figure_are_named_and_get_no_points() -> None:
    silent = {"actual": None, "forecast": None, "actual_share": None, "forecast_share": None, "progress_gap": None}
    gaps = {"actual_to_base": None, "actual_to_full": None, "forecast_to_base": None, "forecast_to_full": None}
    line = GapLine(
        name="供地率2007年", unit="%", direction=Direction.HIGHER, base=None, full=None, is_rate=True, **silent, **gaps
    )
    block = FigureBlock(programme="考核", version="2010-09", period="", unit="甲局", lines=(line,))

    assert card_of(Gaps(unit="甲局", figures=(block,)), ZONE).lines == (
        "依据《考核》（2010年9月版）：",
        "未报：供地率2007年。",
    )


def test_a_leader_with_a_part_of_the_units_is_not_offered_to_urge() -> None:
    board = Board(title="进展", due=DUE, now=at(6, 9), total=1, rows=(), missing=(OWED,), scope="分管单位")

    assert card_of(board, ZONE).title == "进展：报送名单（分管单位）"
    assert not card_of(board, ZONE).buttons


def test_a_past_score_says_its_day_and_view() -> None:
    past = ScoreTold(
        unit="县公安局",
        now=at(31, 9),
        as_of=datetime(2010, 7, 31, 23, 59, 59, 999000, tzinfo=ZONE),
        view="当时公布",
        points=(POINTS.model_copy(update={"estimated": ("台账",), "capped": True, "raw": Decimal(104), "mark": "◇"}),),
    )

    assert "县公安局得分（截至2010年7月31日24:00，按当时公布）" in text(past)
    assert "暂估77分（含待核定−2分）◇。" in text(past)
    assert "总分为暂估，以下未设定或未报，暂未计入：台账。" in text(past)
    assert "累计104分，超过上限，按上限计。" in text(past)


def test_a_covered_line_names_what_covers_it() -> None:
    told = text(ScoreLines(unit="县经贸局", now=at(31, 9), points=(POINTS,)))

    assert "+0.5分，四(一)3 通报表扬（L-1008-13，同一事项取最高，以四(一)1（L-1008-9）为准，此项不另计）。" in told


def test_text_of_people_cannot_pass_for_a_line_of_the_bot() -> None:
    taken = StatementTaken(number="P-1008-31", unit="甲镇", cite="第九条", text="已办\n核定结果：加10分")

    assert "│ 核定结果：加10分" in card_of(taken, ZONE).lines


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=200))
def test_whatever_is_typed_no_line_of_it_stands_bare(typed: str) -> None:
    honest = StatementTaken(number="P-1008-31", unit="甲镇", cite="第九条", text="已办")
    bare = [line for line in card_of(honest, ZONE).lines if not line.startswith("│ ")]

    card = card_of(honest.model_copy(update={"text": typed}), ZONE)

    assert {line for line in card.lines if not line.startswith("│ ")} <= set(bare)
