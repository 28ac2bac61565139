"""A clerk sends evidence on each platform: it is fetched, examined and kept, or the clerk hears what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from assessment.evidence import MAX_BYTES
from bot.county import County
from bot.evidence_check import damaged
from handlers.incoming import FileRef
from storage.files import FileRow, FileStatus
from tests.stories import sample_files as sample
from tests.stories.conftest import CLERK, Ground, OpenCounty

REPORT = "亩均总产值85预测155,亩均税收3.8预测7,能耗1.06预测0.78,高新占比26%预测27%"
UNITS = ("县经贸局",)
ALL = {"wecom": "image", "feishu": "file", "dingtalk": "file", "dingtalk-http": "file"}
"""What a clerk can send there beside words; WeCom lets no document through to an app."""

on_every_platform = pytest.mark.parametrize("ground", [Ground((kind,)) for kind in ALL], ids=ALL.keys(), indirect=True)
on_feishu = pytest.mark.parametrize("ground", [Ground(("feishu",))], ids=["feishu"], indirect=True)


async def sends(box: County, content: bytes | None, name: str = "证明.pdf", key: str = "key-1") -> None:
    """The clerk sends a file of that content; None where the platform does not have it."""
    platform = box.platform_of(CLERK)
    kind = ALL[platform.channel]
    if content is not None:
        platform.leave_file(key, content)
    await box.say(CLERK, "", files=(FileRef("" if kind == "image" else name, kind, key),))


async def noted(box: County) -> list[FileRow]:
    return await box.database.read(lambda uow: uow.rows(select(FileRow).order_by(col(FileRow.id))))


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "evidence").rglob("*") if path.is_file())


@on_every_platform
async def test_evidence_is_taken_and_attached(open_county: OpenCounty, ground: Ground, tmp_path: Path) -> None:
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(CLERK, REPORT)

        await sends(box, sample.JPG)

        said = box.last(CLERK)
        assert "附于1—7月进展情况（R-1008-1）；文件打不开或格式不符的，另行告知" in said
        (row,) = await noted(box)
        assert (row.status, row.type, row.size) == (FileStatus.STORED, "jpg", len(sample.JPG))
        assert box.service.evidence.is_whole(row.sha256)
        assert [path.read_bytes() for path in kept(tmp_path)] == [sample.JPG]


@on_every_platform
async def test_the_clerk_hears_what_is_wrong(open_county: OpenCounty, ground: Ground, tmp_path: Path) -> None:
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(CLERK, REPORT)

        await sends(box, sample.PROGRAM)
        assert "格式不符" in box.last(CLERK)
        await sends(box, bytes(MAX_BYTES + 1), key="key-2")
        assert "超过20兆" in box.last(CLERK)
        await sends(box, None, key="key-3")
        assert "请重新发送" in box.last(CLERK)

        assert [row.status for row in await noted(box)] == ["refused", "refused", "lost"]
        assert kept(tmp_path) == []


@on_every_platform
async def test_an_outage_is_waited_out(open_county: OpenCounty, ground: Ground) -> None:
    """The answer is late as everything is; the file is fetched once the platform is back, and nothing more is said."""
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(CLERK, REPORT)
        now = box.clock.now()
        box.down(now, now + timedelta(minutes=40))
        await sends(box, sample.JPG)
        assert [row.status for row in await noted(box)] == [FileStatus.WAITING]

        await box.wind(8, 4, 10, 30)

        assert [row.status for row in await noted(box)] == [FileStatus.STORED]
        assert "附件已收" in box.last(CLERK)


@on_every_platform
async def test_what_outlives_its_time_is_asked_for_anew(open_county: OpenCounty, ground: Ground) -> None:
    """The platform comes back too late: the file is lost, and the clerk hears it in office hours."""
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(CLERK, REPORT)
        now = box.clock.now()
        box.down(now, now + timedelta(minutes=1))
        await sends(box, sample.JPG)

        box.clock.wind_to(now + timedelta(days=5, hours=1))
        await box.service.settle()

        assert [row.status for row in await noted(box)] == [FileStatus.LOST]
        assert any("未能从平台取得，请重新发送" in text for text in box.told(CLERK))


@on_every_platform
async def test_an_expired_token_is_renewed(open_county: OpenCounty, ground: Ground) -> None:
    """Tokens live by the platform's clock, which has gone on by a day since ours was given."""
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(CLERK, REPORT)
        await sends(box, sample.JPG, key="one")
        box.clock.wind_to(box.clock.now() + timedelta(hours=3))

        await sends(box, sample.PDF, key="two")

        assert [row.type for row in await noted(box)] == ["jpg", "pdf"]


@on_feishu
async def test_the_same_file_twice_is_kept_once(open_county: OpenCounty, ground: Ground, tmp_path: Path) -> None:
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(CLERK, REPORT)
        await sends(box, sample.xlsx(), "汇总表.xlsx", "one")
        await sends(box, sample.xlsx(), "汇总表（2）.xlsx", "two")

        rows = await noted(box)
        assert [row.name for row in rows] == ["汇总表.xlsx", "汇总表（2）.xlsx"]
        assert {row.sha256 for row in rows} == {path.name for path in kept(tmp_path)}
        (path,) = kept(tmp_path)

        assert await box.database.read(lambda uow: damaged(uow, box.service.evidence)) == ()
        path.write_bytes(b"something else")
        found = await box.database.read(lambda uow: damaged(uow, box.service.evidence))
        assert [str(fault) for fault in found] == [
            "R-1008-1：附件“汇总表.xlsx”缺失或与存入时不符",
            "R-1008-1：附件“汇总表（2）.xlsx”缺失或与存入时不符",
        ]


@on_feishu
async def test_a_file_with_a_mark_is_never_fetched(open_county: OpenCounty, ground: Ground, tmp_path: Path) -> None:
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await sends(box, sample.PDF, "名单（机密）.pdf")

        assert "请按保密规定" in box.last(CLERK)
        assert await noted(box) == []
        assert kept(tmp_path) == []


@on_feishu
async def test_which_report_is_asked_with_buttons(open_county: OpenCounty, ground: Ground) -> None:
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await sends(box, sample.PDF)
        assert "请选定附件附于哪一项" in box.last(CLERK)

        await box.press(CLERK, "第1项")

        assert "已收到附件“证明.pdf”，附于8月工作计划（尚未报送）" in box.last(CLERK)
