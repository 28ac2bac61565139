"""The county has WeCom's app and its robot: people ask the robot in a group or alone, and hear from the app."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.county import County
from bot.platforms.platform import BOT, Fault
from handlers.incoming import FileRef
from storage.files import FileRow
from storage.outbox import OutboxRow, Status
from tests.stories import sample_files as sample
from tests.stories.conftest import CLERK, OFFICE, OTHER_CLERK, Ground, OpenCounty, assert_books_are_sound, heard

UNITS = ("县财政局", "县经贸局")
GROUP = "wrCHAT01"
FIGURES = "亩均总产值85预测155,亩均税收3.8预测7,能耗1.06预测0.78,高新占比26%预测27%"

pytestmark = pytest.mark.parametrize("ground", [Ground(("wecom", "wecom-bot"))], ids=["app-and-robot"], indirect=True)


def said_in(box: County, chat: str) -> list[str]:
    """What the robot has said in a group or in its single chat with somebody."""
    return [line.text for line in box.platforms["wecom-bot"].chat(chat) if line.sender == BOT]


def alone_with(box: County, who: str) -> list[str]:
    return said_in(box, box.platforms["wecom-bot"].private_chat(who))


async def ask(box: County, who: str, text: str, *, group: str | None = None) -> None:
    await box.platforms["wecom-bot"].say(who, text, group=group)
    await box.service.settle()


async def undelivered(box: County) -> list[OutboxRow]:
    """What was given up."""
    given_up = (Status.DEAD.value, Status.UNKNOWN.value)
    query = select(OutboxRow).where(col(OutboxRow.status).in_(given_up))
    return await box.database.read(lambda uow: uow.rows(query))


async def test_a_score_asked_for_in_the_group_is_told_in_the_app(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await ask(box, OTHER_CLERK, "得分", group=GROUP)

        assert said_in(box, GROUP) == ["已单独发给您。"]
        assert "县财政局：核定80分" in box.last(OTHER_CLERK)
        assert alone_with(box, OTHER_CLERK) == []
        assert not await undelivered(box)
        await assert_books_are_sound(box)


async def test_a_report_to_the_robot_alone_is_answered_there(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        before = len(box.told(CLERK))
        await ask(box, CLERK, FIGURES)

        (answer,) = alone_with(box, CLERK)
        assert "R-1008-" in answer
        assert "以收到时间为准" not in answer
        assert box.told(CLERK)[before:] == []
        assert not await undelivered(box)
        await assert_books_are_sound(box)


async def test_what_we_begin_goes_to_the_app(open_county: OpenCounty) -> None:
    """The robot cannot remind anybody; nobody misses a reminder for having spoken to it."""
    async with open_county(8, 3, 9, 0, units=UNITS) as box:
        await ask(box, CLERK, "我的任务")
        before = len(box.told(CLERK))
        await box.wind(8, 6, 12, 0)

        assert len(box.told(CLERK)) > before
        assert len(alone_with(box, CLERK)) == 1


async def test_a_question_put_in_the_group_is_answered_in_the_app_or_with_the_robot(open_county: OpenCounty) -> None:
    """Its card comes in the app; whichever chat the answer is given in, it is the answer."""
    async with open_county(8, 6, 9, 30, units=UNITS) as box:
        await ask(box, OFFICE, "催报 进展情况", group=GROUP)
        assert any("确认" in line.commands for line in box.chat(OFFICE))
        await box.press(OFFICE, "取消")
        assert "已取消" in box.last(OFFICE)

        await ask(box, OFFICE, "催报 进展情况", group=GROUP)
        await ask(box, OFFICE, "取消")
        assert "已取消" in alone_with(box, OFFICE)[-1]
        assert said_in(box, GROUP) == ["已单独发给您。"] * 2


async def test_a_button_of_the_robots_own_card(open_county: OpenCounty) -> None:
    async with open_county(8, 6, 9, 30, units=UNITS) as box:
        robot = box.platforms["wecom-bot"]
        await ask(box, OFFICE, "催报 进展情况")
        await robot.press(OFFICE, "取消")
        await box.service.settle()

        assert "已取消" in alone_with(box, OFFICE)[-1]


async def test_whoever_is_unknown_to_the_app_is_so_to_the_robot(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await ask(box, "nobody", "得分")
        await ask(box, "nobody", "得分", group=GROUP)

        assert "您尚未登记" in alone_with(box, "nobody")[-1]
        assert said_in(box, GROUP) == ["本条未办理：不便在群内答复，请打开与本应用的单独会话，重新发送。"]
        assert not await undelivered(box)


async def test_an_answer_that_comes_too_late_is_told_to_the_office(open_county: OpenCounty) -> None:
    """For an hour the robot is out of reach; its address has expired, and the office hears that."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        robot = box.platforms["wecom-bot"]
        robot.outages.append((box.clock.now(), box.clock.now() + timedelta(minutes=90)))
        await ask(box, CLERK, "我的任务")
        await box.wind(8, 4, 12, 0)

        assert alone_with(box, CLERK) == []
        assert [row.status for row in await undelivered(box)] == [Status.DEAD.value]
        assert "未送达" in heard(box, OFFICE)


async def test_a_lost_answer_is_not_said_twice(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        box.platforms["wecom-bot"].send_faults([Fault.LOSE_ANSWER])
        await ask(box, CLERK, "我的任务")
        await box.wind(8, 4, 9, 50)

        assert len(alone_with(box, CLERK)) == 1
        assert [row.status for row in await undelivered(box)] == [Status.UNKNOWN.value]


async def hand_in(box: County, who: str, content: bytes | None, key: str = "k-1", kind: str = "file") -> None:
    """Send a file to the robot, alone with it; None where the platform does not have it any more."""
    robot = box.platforms["wecom-bot"]
    if content is not None:
        robot.leave_file(key, content)
    await robot.say(who, "", files=(FileRef("", kind, key),))
    await box.service.settle()


async def stored(box: County) -> list[tuple[str, str]]:
    """Status and kind of every file that was noted."""
    rows = await box.database.read(lambda uow: uow.rows(select(FileRow).order_by(col(FileRow.id))))
    return [(row.status, row.type) for row in rows]


async def test_evidence_is_handed_to_the_robot(open_county: OpenCounty) -> None:
    """The app's chat takes no documents: the robot's does."""
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await ask(box, CLERK, FIGURES)
        await hand_in(box, CLERK, sample.xlsx())

        assert "附于1—7月进展情况（R-1008-1）" in alone_with(box, CLERK)[-1]
        assert await stored(box) == [("stored", "xlsx")]


async def test_the_robots_files_are_asked_for_in_time_or_anew(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await ask(box, CLERK, FIGURES)
        await hand_in(box, CLERK, sample.PROGRAM, "one")
        assert "格式不符" in box.last(CLERK)
        await hand_in(box, CLERK, None, "two")
        assert "请重新发送" in box.last(CLERK)
        now = box.clock.now()
        robot = box.platforms["wecom-bot"]
        robot.outages.append((now, now + timedelta(minutes=10)))
        await hand_in(box, CLERK, sample.PDF, "three")
        assert (await stored(box))[-1] == ("waiting", "")
        await box.wind(8, 4, 9, 40)

        assert [status for status, _ in await stored(box)] == ["refused", "lost", "lost"]


async def test_what_the_robot_cannot_take_is_said(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await ask(box, CLERK, FIGURES)
        await hand_in(box, CLERK, b"film", kind="video")

        assert "附件“视频”未能接收" in alone_with(box, CLERK)[-1]
        assert await stored(box) == []


async def test_a_document_given_to_the_robot_goes_out_with_a_notice(open_county: OpenCounty) -> None:
    """The robot tells no names, so the office gives it one; people get it in the app."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await hand_in(box, OFFICE, sample.xlsx())
        assert "作为通知附件的" in alone_with(box, OFFICE)[-1]
        await box.say(OFFICE, "通知 县财政局、县经贸局 请抓好落实\n附件：任务分解表")
        await box.press(OFFICE, "确认")

        files = [(line.text, line.file) for line in box.chat(CLERK) if line.file is not None]
        assert files == [("[文件 任务分解表.xlsx]", sample.xlsx())]
        await assert_books_are_sound(box)


async def test_a_trial_with_the_robot_says_where_the_file_is(open_county: OpenCounty) -> None:
    """The robot answers in words alone."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await hand_in(box, OFFICE, sample.xlsx())
        await ask(box, OFFICE, "通知 县财政局 请抓好落实 附件")
        await ask(box, OFFICE, "试发")

        told = "\n".join(alone_with(box, OFFICE))
        assert "附件“文件.xlsx”在本平台不能发送，请向县委县政府督查室索取。" in told
