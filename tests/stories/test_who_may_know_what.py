"""Secrecy: one wording for unknown and forbidden, groups hear no score, marked content is not kept."""

import re

from sqlmodel import select

from bot.platforms.platform import BOT
from storage.inbox import InboxRow
from storage.submissions import SubmissionRow
from tests.stories.conftest import CLERK, LEADER, OFFICE, OTHER_CLERK, REFUSED, OpenCounty

GROUP = "county-group"
UNITS = ("县财政局", "县公安局", "县环保局", "县经贸局")


QUESTIONS_ABOUT_OTHERS = (
    "公安局得分",
    "公安局现在多少分",
    "得分 县公安局",
    "明细 县公安局",
    "差距 公安局",
    "公安局排第几",
    "人防办得分",
    "得分 县人防办",
    "人防办现在多少分",
    "为什么 L-1008-99",
    "为什么 P-1008-99",
)


async def test_unknown_and_forbidden_are_answered_alike(open_county: OpenCounty) -> None:
    """Whether a unit or an entry exists cannot be told from the answer."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        for question in QUESTIONS_ABOUT_OTHERS:
            before = len(box.told(OTHER_CLERK))
            await box.say(OTHER_CLERK, question)

            assert box.told(OTHER_CLERK)[before:] == [REFUSED], question


async def test_the_own_score_is_told(open_county: OpenCounty) -> None:
    """What is one's own is answered, however it is asked."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        for question in ("得分", "我局现在多少分", "本单位得分", "查分", "财政局得分", "得分 8月3日"):
            await box.say(OTHER_CLERK, question)

            assert "县财政局：核定80分" in box.last(OTHER_CLERK), question


async def test_another_unit_s_number_is_refused_like_an_unknown_one(open_county: OpenCounty) -> None:
    """The number of somebody else's deduction reveals nothing; the leader reads the whole reason."""
    async with open_county(7, 20, 9, 30, units=UNITS) as box:
        await box.say(OFFICE, "交办 县环保局 报送水环境整治方案 7月30日前 类别 县主要领导交办")
        await box.say(OFFICE, "确认")
        await box.wind(8, 6, 9, 30)
        await box.say(OFFICE, "核定 全部")
        await box.say(OFFICE, "确认")
        proposal, entry = re.findall(r"[PL]-\d+-\d+", box.last(OFFICE))

        for number in (entry, proposal):
            await box.say(OTHER_CLERK, f"为什么 {number}")
            assert box.last(OTHER_CLERK) == REFUSED
        await box.say(LEADER, f"为什么 {entry}")
        assert "未按时完成的每项扣2分" in box.last(LEADER)


async def test_a_stranger_learns_how_to_register_and_nothing_else(open_county: OpenCounty) -> None:
    """Whoever is not in the roster gets one sentence, whatever was asked, also in a group."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        for text in ("得分", "公安局得分", "8月工作计划：试试"):
            await box.say("nobody", text)
            assert box.last("nobody") == "您尚未登记，请回复：绑定 姓名 单位，经考核办确认后使用。"
        await box.say("nobody", "得分", group=GROUP)

        assert [line for line in box.messenger.chat(GROUP) if line.sender == BOT] == []
        assert not await box.database.read(lambda uow: uow.rows(select(SubmissionRow)))


async def test_a_group_hears_no_score(open_county: OpenCounty) -> None:
    """Asked in a group the score goes to the person alone; the group reads 已单独发给您."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.say(OTHER_CLERK, "得分", group=GROUP)

        assert [line.text for line in box.messenger.chat(GROUP) if line.sender == BOT] == ["已单独发给您。"]
        assert "核定80分" in box.last(OTHER_CLERK)


async def test_a_refusal_in_a_group_is_not_told_apart_from_an_answer(open_county: OpenCounty) -> None:
    """The group cannot see whether the person was allowed to know."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.say(OTHER_CLERK, "公安局得分", group=GROUP)

        assert [line.text for line in box.messenger.chat(GROUP) if line.sender == BOT] == ["已单独发给您。"]
        assert box.last(OTHER_CLERK) == REFUSED


async def test_the_bot_keeps_out_of_a_group_s_talk(open_county: OpenCounty) -> None:
    """Not addressed, it says nothing and does nothing, in the group or in private."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        before = len(box.told(OTHER_CLERK))
        await box.say(OTHER_CLERK, "民生支出占比85%,预测86%", group=GROUP, addressed=False)

        assert [line for line in box.messenger.chat(GROUP) if line.sender == BOT] == []
        assert len(box.told(OTHER_CLERK)) == before
        assert not await box.database.read(lambda uow: uow.rows(select(SubmissionRow)))


MARKED = (
    ("秘密★\n民生支出占比85%,预测86%", ()),
    ("民生支出占比85%,预测86%\n秘密★1年", ()),
    ("民生支出占比85%,预测86%（机密）", ()),
    ("【绝密】民生支出占比85%,预测86%", ()),
    ("机密\n民生支出占比85%,预测86%", ()),
    ("民生支出占比85%,预测86%", ("民生支出汇总表（秘密）.xlsx",)),
    ("机\u200b密\n民生支出占比85%,预测86%", ()),
    ("附件如下", ("机\u200b密_水库.pdf",)),
)


async def test_marked_content_is_neither_taken_nor_kept(open_county: OpenCounty) -> None:
    """A classification mark on its own line, in brackets or in a file's name: the fact is kept, the content is not."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.say(CLERK, "我的任务")
        for text, files in MARKED:
            before = len(box.told(OTHER_CLERK))
            await box.say(OTHER_CLERK, text, attachments=files)

            assert len(box.told(OTHER_CLERK)) == before + 1
            assert "请按保密规定通过规定渠道报送" in box.last(OTHER_CLERK), text
        rows = await box.database.read(lambda uow: uow.rows(select(InboxRow)))
        assert [row.text for row in sorted(rows, key=lambda row: row.id)] == ["我的任务", *[""] * len(MARKED)]
        assert not await box.database.read(lambda uow: uow.rows(select(SubmissionRow)))


async def test_a_longer_word_is_no_mark(open_county: OpenCounty) -> None:
    """计算机密码 contains 机密 and is none."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.say(OTHER_CLERK, "8月工作计划：检查计算机密码管理")
        assert "已报齐" in box.last(OTHER_CLERK)
        await box.say(CLERK, "8月工作计划：检查绝密级文件保管情况", attachments=("计算机密码管理.docx",))
        assert "已报齐" in box.last(CLERK)
