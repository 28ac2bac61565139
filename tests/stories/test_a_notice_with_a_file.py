"""通知 with a file: sent to the bot first or while the notice waits, tried on oneself, and out on every platform."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.county import County
from bot.evidence_check import damaged
from bot.platforms.platform import Line
from handlers.incoming import FileRef
from tests.bot.channels.slow_line import SlowLine
from tests.stories import sample_files as sample
from tests.stories.conftest import CLERK, OFFICE, REFUSED, Ground, OpenCounty, assert_books_are_sound, heard

OTHER = "caizheng-zhang"
UNITS = ("县经贸局", "县财政局")
TEXT = "请按任务分解表抓好落实"
ORDER = f"通知 县经贸局、县财政局 {TEXT}"
KINDS = ("wecom", "feishu", "dingtalk", "dingtalk-http")

on_every_platform = pytest.mark.parametrize(
    "ground",
    [Ground((kind,), cards=cards) for kind in KINDS for cards in (True, False)],
    ids=[f"{kind}{'' if cards else '-words'}" for kind in KINDS for cards in (True, False)],
    indirect=True,
)
on_feishu = pytest.mark.parametrize("ground", [Ground(("feishu",))], ids=["feishu"], indirect=True)


def content_of(box: County, who: str = OFFICE) -> bytes:
    """What an office can send there: WeCom lets but pictures through to an app."""
    return sample.JPG if box.platform_of(who).channel == "wecom" else sample.xlsx()


async def sends(box: County, who: str = OFFICE, name: str = "任务分解表.xlsx", key: str = "key-1") -> bytes:
    """Somebody sends a file; its content."""
    platform, content = box.platform_of(who), content_of(box, who)
    image = platform.channel == "wecom"
    platform.leave_file(key, content)
    await box.say(who, "", files=(FileRef("" if image else name, "image" if image else "file", key),))
    return content


def files_of(box: County, who: str) -> list[Line]:
    """The files that somebody has got from the bot."""
    return [line for line in box.chat(who) if line.file is not None]


@on_every_platform
async def test_the_file_first_then_the_notice(open_county: OpenCounty, ground: Ground) -> None:
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        content = await sends(box)
        assert "作为通知附件的，请回复“通知 对象 正文 附件”" in box.last(OFFICE)

        await box.say(OFFICE, f"{ORDER}，请于8月6日前回执\n附件：分解表")
        name = f"分解表.{'jpg' if content == sample.JPG else 'xlsx'}"
        assert f"附件“{name}”随通知发出" in box.last(OFFICE)
        await box.press(OFFICE, "试发给自己")
        assert [line.file for line in files_of(box, OFFICE)] == [content]
        assert files_of(box, CLERK) == []
        await box.press(OFFICE, "确认")

        for who in (CLERK, OTHER):
            words = next(line for line in box.chat(who) if TEXT in line.text)
            assert f"附件“{name}”。" in words.text
            assert "请于8月6日" in words.text
            (file,) = files_of(box, who)
            assert (file.text, file.file) == (f"[文件 {name}]", content)
            assert box.chat(who).index(words) < box.chat(who).index(file)
        assert box.platform_of(OFFICE).uploads == 1
        await box.press(CLERK, "收到")
        assert "通知T-1008-1已签收" in box.last(CLERK)
        await assert_books_are_sound(box)


@on_every_platform
async def test_what_the_platform_refuses_is_to_be_had_from_the_office(open_county: OpenCounty, ground: Ground) -> None:
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await sends(box)
        await box.say(OFFICE, f"{ORDER} 附件")
        box.platform_of(OFFICE).refuses_uploads = True
        await box.press(OFFICE, "确认")

        assert files_of(box, CLERK) == []
        assert "未能送达，请向县委县政府督查室索取。" in box.last(CLERK)
        await box.say(OFFICE, "回执")
        assert "已送达2人" in box.last(OFFICE)


@on_every_platform
async def test_an_outage_delays_the_file_alone(open_county: OpenCounty, ground: Ground) -> None:
    """Ordered in an outage: everything comes once it is over, each thing once."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        content = await sends(box)
        await box.say(OFFICE, f"{ORDER} 附件")
        now = box.clock.now()
        box.down(now, now + timedelta(minutes=20))
        await box.press(OFFICE, "确认")
        assert TEXT not in heard(box, CLERK)
        await box.wind(8, 4, 11, 0)

        assert heard(box, CLERK).count(TEXT) == 1
        assert [line.file for line in files_of(box, CLERK)] == [content]


@on_feishu
async def test_a_file_while_the_notice_waits(open_county: OpenCounty, ground: Ground) -> None:
    """The text speaks of an enclosure and none is there: the office is told, sends it, and confirms."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await box.say(OFFICE, f"{ORDER}，详见附件")
        assert "正文提到附件，但未附文件；如须附上，请直接发送文件。" in box.last(OFFICE)
        await sends(box, name="一.xlsx", key="one")
        await sends(box, name="二.xlsx", key="two")
        assert "附件2个（“一.xlsx”、“二.xlsx”）随通知发出" in box.last(OFFICE)
        await box.press(OFFICE, "确认")

        assert [line.text for line in files_of(box, CLERK)] == ["[文件 一.xlsx]", "[文件 二.xlsx]"]


@on_feishu
async def test_it_waits_for_its_time_with_its_file(open_county: OpenCounty, ground: Ground) -> None:
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        content = await sends(box)
        await box.say(OFFICE, f"{ORDER} 附件，于8月9日9:00发送")
        await box.press(OFFICE, "确认")
        await box.wind(8, 8, 12)
        assert files_of(box, CLERK) == []
        await box.wind(8, 9, 9, 30)

        assert [line.file for line in files_of(box, CLERK)] == [content]


@on_feishu
async def test_a_group_gets_it_too(open_county: OpenCounty, ground: Ground) -> None:
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        content = await sends(box)
        await box.say(OFFICE, f"通知 工作群 {TEXT} 附件", group="oc_group")
        await box.press(OFFICE, "确认")

        group = box.platform_of(OFFICE).chat("oc_group")
        assert [line.file for line in group if line.file is not None] == [content]


@on_feishu
async def test_whoever_is_called_again_gets_it_again(open_county: OpenCounty, ground: Ground) -> None:
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        content = await sends(box)
        await box.say(OFFICE, f"{ORDER}，请于8月6日前回执 附件")
        await box.press(OFFICE, "确认")
        await box.say(CLERK, "收到")
        await box.say(OFFICE, "回执 再催")
        await box.press(OFFICE, "确认")

        assert [line.file for line in files_of(box, OTHER)] == [content, content]
        assert [line.file for line in files_of(box, CLERK)] == [content]


@on_feishu
async def test_a_stored_file_that_was_changed_is_never_sent(
    open_county: OpenCounty, ground: Ground, tmp_path: Path
) -> None:
    """Whoever checks the books hears of which notice it is; the recipients hear where to have it."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await sends(box)
        (path,) = (path for path in (tmp_path / "evidence").rglob("*") if path.is_file())
        await box.say(OFFICE, f"{ORDER} 附件")
        path.write_bytes(b"something else")
        await box.press(OFFICE, "确认")

        assert files_of(box, CLERK) == []
        assert "未能送达" in box.last(CLERK)
        found = await box.database.read(lambda uow: damaged(uow, box.service.evidence))
        assert [str(fault) for fault in found] == ["T-1008-1：附件“任务分解表.xlsx”缺失或与存入时不符"]


@on_feishu
async def test_a_file_with_a_mark_goes_nowhere(open_county: OpenCounty, ground: Ground, tmp_path: Path) -> None:
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await sends(box, name="名单（机密）.xlsx")
        assert "请按保密规定" in box.last(OFFICE)
        await box.say(OFFICE, f"{ORDER} 附件")
        assert "没有可附的文件" in box.last(OFFICE)
        assert not (tmp_path / "evidence").exists()

        await sends(box)
        await box.say(OFFICE, f"{ORDER} 附件：秘密_名单")
        assert "请按保密规定" in box.last(OFFICE)
        await box.say(OFFICE, "确认")
        assert TEXT not in heard(box, CLERK)


@on_feishu
async def test_a_clerk_cannot_send_files_round(open_county: OpenCounty, ground: Ground) -> None:
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await sends(box, who=CLERK)
        assert "通知" not in box.last(CLERK)
        await box.say(CLERK, f"通知 全体 {TEXT} 附件")

        assert box.last(CLERK) == REFUSED
        assert files_of(box, OTHER) == []


@pytest.mark.parametrize(
    "ground",
    [Ground((kind,)) for kind in ("wecom", "feishu", "dingtalk")],
    ids=["wecom", "feishu", "dingtalk"],
    indirect=True,
)
async def test_a_file_that_does_not_get_there_for_a_day_keeps_nobody_in_the_dark(
    open_county: OpenCounty, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words wait for their file. After a day they leave: the readers hear where to have it, the office that they do."""
    line = SlowLine(monkeypatch)
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await sends(box)
        await box.say(OFFICE, f"{ORDER} 附件")
        line.down = True
        await box.press(OFFICE, "确认")
        await box.wind(8, 4, 17, 0)
        assert TEXT not in heard(box, CLERK)
        await box.say(OFFICE, "回执")
        assert "待发2人" in box.last(OFFICE)
        await box.wind(8, 5, 11, 0)

        for who in (CLERK, OTHER):
            assert heard(box, who).count(TEXT) == 1
            assert "未能送达，请向县委县政府督查室索取。" in box.last(who)
        told = [text for text in box.told(OFFICE) if "附件未能送达" in text]
        assert len(told) == 1
        assert "附件长时间未能上传" in told[0]
        assert "并已请收件人向县委县政府督查室索取附件" in told[0]
        await box.say(OFFICE, "回执")
        assert "已送达2人" in box.last(OFFICE)
        await assert_books_are_sound(box)


@on_feishu
async def test_the_first_five_files_stay(open_county: OpenCounty, ground: Ground) -> None:
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await box.say(OFFICE, f"{ORDER}，详见附件")
        for key, number in enumerate("一二三四五六"):
            await sends(box, name=f"{number}.xlsx", key=f"key-{key}")
        assert "附件5个（“一.xlsx”、“二.xlsx”、“三.xlsx”、“四.xlsx”、“五.xlsx”）" in box.last(OFFICE)
        assert "一次最多附5个文件，附件“六.xlsx”未附上。" in box.last(OFFICE)
        await box.press(OFFICE, "确认")

        assert [line.text for line in files_of(box, CLERK)] == [f"[文件 {number}.xlsx]" for number in "一二三四五"]


@on_feishu
async def test_six_files_are_not_called_for(open_county: OpenCounty, ground: Ground) -> None:
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        for key, number in enumerate("一二三四五六"):
            await sends(box, name=f"{number}.xlsx", key=f"key-{key}")
        await box.say(OFFICE, f"{ORDER} 附件6个")
        assert "一份通知最多附5个文件" in box.last(OFFICE)
        await box.say(OFFICE, "确认")

        assert TEXT not in heard(box, CLERK)


@on_feishu
async def test_a_name_that_speaks_of_points_goes_into_no_group(open_county: OpenCounty, ground: Ground) -> None:
    """Sent before the notice, or while it waits; to people one by one it may go."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await sends(box, name="8月得分排名.xlsx")
        await box.say(OFFICE, f"通知 工作群 {TEXT} 附件", group="oc_group")
        assert "“得分”、“排名”" in box.last(OFFICE)
        await box.say(OFFICE, f"通知 工作群 {TEXT}", group="oc_group")
        await sends(box, name="8月得分排名.xlsx", key="key-2")
        assert "“得分”、“排名”" in box.told(OFFICE)[-2]
        assert "附件“" not in box.last(OFFICE)
        await box.say(OFFICE, "确认", group="oc_group")
        group = box.platform_of(OFFICE).chat("oc_group")
        assert [line for line in group if line.file is not None] == []

        await box.say(OFFICE, f"{ORDER} 附件")
        await box.press(OFFICE, "确认")
        assert [line.text for line in files_of(box, CLERK)] == ["[文件 8月得分排名.xlsx]"]
