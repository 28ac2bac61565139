"""The stage behind the page: what is told of one message, what a power cut counts, and where the state lies."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.demo.minute import read_minute
from bot.demo.stage import Stage

MINUTE = read_minute()
CLERK, OFFICE, LEADER = "jingmao-li", "ducha-chen", "county-zheng"


@asynccontextmanager
async def opened(folder: Path | None = None) -> AsyncIterator[Stage]:
    stage = Stage(MINUTE, folder)
    await stage.open()
    try:
        yield stage
    finally:
        await stage.close()


async def test_behind_the_scenes_stands_what_this_message_did_and_nothing_else() -> None:
    """The clock stands still over several messages: the moment alone does not tell whose rows they are.

    August's first number went to the days after an urging (四(二)4), which are counted before anybody reports.
    """
    async with opened() as stage:
        await stage.say(CLERK, MINUTE.steps[0].says)
        report = await stage.behind()
        await stage.say(CLERK, "帮助")
        asked = await stage.behind()
        await stage.say(LEADER, "环保局多少分")
        score = await stage.behind()
        await stage.say(CLERK, "改 4 预测27%")
        again = await stage.behind()

    assert ([one["number"] for one in report["versions"]], report["answers"], report["word"]) == (["R-1008-2"], 1, None)
    assert (asked["versions"], asked["rights"], asked["answers"], asked["word"]) == ([], [], 1, "帮助")
    assert [one["action"] for one in score["rights"]] == ["查看得分"]
    assert [one["number"] for one in again["versions"]] == ["R-1008-3"]


async def test_behind_a_confirmation_stand_the_ledger_line_and_who_else_was_told() -> None:
    async with opened() as stage:
        await stage.wind(MINUTE.at("08-06 09:00"))
        await stage.say(OFFICE, "核定")
        pending = re.search(r"P-\d+-\d+", stage.chat(OFFICE)[-1].text)
        assert pending is not None
        await stage.say(OFFICE, f"核定 {pending[0]}")
        asked = await stage.behind()
        await stage.say(OFFICE, "确认")
        confirmed = await stage.behind()

    assert (asked["word"], asked["entries"]) == ("核定", [])
    assert confirmed["answers_question"]
    assert [entry["clause"] for entry in confirmed["entries"]] == ["四(一)2 县主要领导交办事项未按时完成"]
    assert confirmed["answers"] == 1
    assert confirmed["others"] > 0
    assert confirmed["sent"] == confirmed["answers"] + confirmed["others"]


async def test_what_waits_for_the_morning_does_not_look_lost_after_a_power_cut() -> None:
    async with opened() as stage:
        await stage.wind(MINUTE.at("08-06 21:00"))
        await stage.say(OFFICE, "核定")
        pending = re.search(r"P-\d+-\d+", stage.chat(OFFICE)[-1].text)
        assert pending is not None
        await stage.say(OFFICE, f"核定 {pending[0]}")
        await stage.say(OFFICE, "确认")
        await stage.pull_the_plug(LEADER)
        at_night = stage.power
        await stage.wind(MINUTE.at("08-09 09:30"))
        await stage.pull_the_plug(LEADER)
        by_day = stage.power

    assert at_night is not None
    assert at_night.held > 0
    assert (at_night.owed, at_night.twice) == (at_night.shown, 0)
    assert by_day is not None
    assert (by_day.owed, by_day.held, by_day.twice) == (by_day.shown, 0, 0)


async def test_the_next_thing_is_something_that_somebody_is_told() -> None:
    async with opened() as stage:
        await stage.wind(MINUTE.at("08-06 18:00"))
        shown = stage.messenger.tally.shown

        await stage.wind_on()

        assert stage.messenger.tally.shown > shown
        assert f"{stage.now():%m-%d %H:%M}" == "08-09 09:00"


async def test_nothing_in_the_directory_is_touched_and_each_time_begins_anew(tmp_path: Path) -> None:
    kept = tmp_path / "duban.sqlite"
    kept.write_bytes(b"of another installation")
    reminders = []
    for _ in range(2):
        async with opened(tmp_path) as stage:
            reminders.append([line.text for line in stage.chat(CLERK)])
            await stage.say(CLERK, MINUTE.steps[0].says)
            await stage.reset()
            assert [line.text for line in stage.chat(CLERK)] == reminders[0]

    assert kept.read_bytes() == b"of another installation"
    assert reminders[0] == reminders[1]
    assert reminders[0][-1].startswith("提醒")


@pytest.mark.parametrize("ready", [True, False])
def test_ctrl_c_ends_page_and_service_without_complaint(ready: bool) -> None:
    """A terminal sends it to every process of the command at once."""
    command = [sys.executable, "-m", "bot", "demo", "--no-open"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(3 if ready else 2))
        os.killpg(process.pid, signal.SIGINT)
        _, complaints = process.communicate(timeout=30)

    assert ("已就绪" in said) == ready
    assert (process.returncode, complaints) == (0, "")
