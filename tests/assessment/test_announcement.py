"""通知 as it is typed: audience, text, time and receipt, each taken only where it stands beyond doubt."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.announcement import Announcement, Fault, Misread, read_announcement
from assessment.audience import Unclear
from assessment.group_talk import confidential_words
from assessment.workdays import WorkCalendar
from tests.assessment.offices import known

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2010, 8, 4, 9, 12, tzinfo=ZONE)


def read(typed: str) -> Announcement | Fault | tuple[Unclear, ...]:
    return read_announcement(typed, known(), NOW, ZONE, WorkCalendar().add_workdays)


def announced(typed: str) -> Announcement:
    found = read(typed)
    assert isinstance(found, Announcement), found
    return found


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2010, 8, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("typed", "text", "send_at", "until"),
    [
        ("全体 明天上午9时开会", "明天上午9时开会", None, None),
        ("全体：请报材料，附表见群", "请报材料，附表见群", None, None),
        ("全体\n一、开会\n二、散会", "一、开会\n二、散会", None, None),
        ("全体 开会，于8月9日9:00发送", "开会", at(9, 9), None),
        ("全体 开会。8月9日9时发送。", "开会。", at(9, 9), None),
        ("于8月9日9时发送 全体 开会", "开会", at(9, 9), None),
        ("全体 8月9日下午3点半发送，开会", "开会", at(9, 15, 30), None),
        ("全体 开会 明天发送", "开会", at(5), None),
        ("全体 开会 今天发送", "开会", at(4), None),
        ("全体 开会 下午3点发送", "开会", at(4, 15), None),
        ("全体 开会，请于8月10日前回执", "开会", None, at(11)),
        ("全体 开会，请于8月10日17时前签收，于8月6日9时发送", "开会", at(6, 9), at(10, 17)),
        ("全体 开会，于8月6日9时发送，请于8月10日前回执。", "开会", at(6, 9), at(11)),
        ("全体 请各单位将总结于8月9日发送", "请各单位将总结于8月9日发送", None, None),
        ("全体 ８５％的材料已收齐", "８５％的材料已收齐", None, None),
        ("全体：甲镇 已完成", "甲镇 已完成", None, None),
        ("全体 甲镇已完成", "甲镇已完成", None, None),
    ],
)
def test_text_and_times(typed: str, text: str, send_at: datetime | None, until: datetime | None) -> None:
    found = announced(typed)

    assert (found.text, found.send_at, found.receipt_until) == (text, send_at, until)


@pytest.mark.parametrize(
    ("typed", "kind", "written"),
    [
        ("", Misread.NOBODY, ""),
        ("全体", Misread.NO_TEXT, ""),
        ("全体 于8月9日发送", Misread.NO_TEXT, ""),
        ("工作群", Misread.NO_TEXT, ""),
        ("明天开会", Misread.NO_AUDIENCE, "明天开会"),
        ("全体 开会，于8月3日9时发送", Misread.TIME, "于8月3日9时发送"),
        ("全体 开会，2月30日发送", Misread.TIME, "2月30日发送"),
        ("全体 开会，于8月9日25时发送", Misread.TIME, "于8月9日25时发送"),
        ("全体 开会，上午8点发送", Misread.TIME, "上午8点发送"),
        ("全体 开会，请于8月3日前回执", Misread.UNTIL, "请于8月3日前回执"),
        ("全体 开会，于8月9日9时发送，请于8月8日前回执", Misread.UNTIL, "请于8月8日前回执"),
        ("甲镇 乙镇 开会", Misread.AUDIENCE_OR_TEXT, "乙镇"),
    ],
)
def test_what_cannot_be_sent(typed: str, kind: Misread, written: str) -> None:
    assert read(typed) == Fault(kind, written)


def test_the_work_group_stands_alone() -> None:
    assert announced("工作群 开会").audience is None
    assert isinstance(read("工作群、甲镇 开会"), tuple)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("甲镇扣2分", ("扣2分",)),
        ("甲镇扣 ２ 分", ("扣2分",)),
        ("各镇得分和排名见附件", ("得分", "排名")),
        ("乙镇第三名", ("第三名",)),
        ("乙镇加0.5分", ("加0.5分",)),
        ("上午8时30分开会，会期20分钟", ()),
        ("请分工负责，分两批报送", ()),
    ],
)
def test_what_a_group_is_not_told(text: str, words: tuple[str, ...]) -> None:
    assert confidential_words(text) == words


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            ["全体", "甲镇", " ", "：", "，", "开会", "于8月9日", "9时", "发送", "请于", "前回执", "\n", "24:00"]
        ),
        max_size=12,
    ).map("".join)
)
def test_whatever_is_typed(typed: str) -> None:
    """Nothing raises, and what is announced is a part of what was typed, sent before it has to be signed."""
    found = read(typed)
    if isinstance(found, Announcement):
        assert found.text
        assert (
            found.text in typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ") or not typed.isprintable()
        )
        assert found.receipt_until is None or found.receipt_until > max(NOW, found.send_at or NOW)
