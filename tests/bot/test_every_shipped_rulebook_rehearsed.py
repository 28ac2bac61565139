"""Each of the shipped measures can be rehearsed with a small roster: a year without a fault of ours."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from assessment import rulebook_file
from assessment.rulebook import Rulebook
from bot import app
from bot.county import CHANNEL, DATA, ZONE, Setting, found
from bot.rehearsal import copying, report
from bot.rehearsal.facts import Rehearsed
from bot.rehearsal.running import rehearse, wishes_for
from tests.bot.test_rehearsal_equals_the_service import settings_in

RULEBOOKS = sorted(path.name for path in (DATA / "rulebooks").glob("*.yaml"))
POSTS = ("填报人", "分管负责人", "主要负责人", "考核办")


def named(rulebook: Rulebook) -> Iterator[str]:
    """Every unit or group of units that the measure names."""
    yield rulebook.office
    for indicator in rulebook.indicators:
        yield from (*indicator.owners, *filter(None, [indicator.published_by]))
    for duty in rulebook.duties:
        yield from (*duty.units, *duty.review_chain)


def roster_for(rulebook: Rulebook) -> str:
    """Two units for every name but the office's, the second belonging to it as to a group, each with all posts."""
    lines = ["单位,单位别名,类别,姓名,岗位,渠道,账号"]
    for place, name in enumerate(dict.fromkeys(named(rulebook))):
        units = [(name, "")] if name == rulebook.office else [(name, ""), (f"{name}下属", name)]
        for unit, group in units:
            lines += [
                f"{unit},,{group},某{post},{post},{CHANNEL},u{place}-{len(group)}-{number}"
                for number, post in enumerate(POSTS)
            ]
    return "\n".join(lines)


def lived_through(name: str, folder: Path, until: tuple[int, int] | None = None) -> Rehearsed:
    text = (DATA / "rulebooks" / name).read_text("utf-8")
    rulebook = rulebook_file.load(text, name).rulebook
    start = datetime(rulebook.year, 1, 1, tzinfo=ZONE)
    last = date(rulebook.year, *until) if until else None
    setting, settings = Setting(roster_for(rulebook), {name: text}, start, start.date()), settings_in(folder)
    with app.open_database(settings) as database:
        database.write_now(lambda uow: found(uow, setting, {CHANNEL: CHANNEL}))
        source = database.read_now(copying.original)
    return asyncio.run(rehearse(settings, source, wishes_for(source.running, rulebook.year, start, last)))


def is_sound(played: Rehearsed) -> None:
    whats = [conflict.what for conflict in played.conflicts]
    assert not [what for what in whats if "报送后" in what or "无人签署" in what or "没有可在平台上" in what]
    assert max(map(report.columns, report.text(played))) <= 100
    assert json.dumps(report.data(played), ensure_ascii=False)
    for end in played.ends:
        assert end.habit != "按时" or not {"未提交", "待签发", "待审"} & end.buckets.keys()


@pytest.mark.parametrize(
    ("name", "until"),
    [("county-2009.yaml", (6, 18)), ("panjin-supervision.yaml", (4, 10)), ("sanmen-2010.yaml", (8, 10))],
)
def test_some_months_of_a_shipped_measure_are_rehearsed(name: str, until: tuple[int, int], tmp_path: Path) -> None:
    """What has figures, named parts, files, self-scores and signatures."""
    played = lived_through(name, tmp_path, until)

    assert len(played.typed) > 5
    is_sound(played)


@pytest.mark.slow
@pytest.mark.parametrize("name", RULEBOOKS)
def test_the_whole_year_of_every_shipped_measure_is_rehearsed(name: str, tmp_path: Path) -> None:
    is_sound(lived_through(name, tmp_path))
