"""The command line itself: help, wrong use, and the exit status."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.bot.house import Said, environment

COMMANDS = ("init", "check", "import", "serve", "rehearse", "score", "explain", "verify", "demo", "rulebook")
RULEBOOK_COMMANDS = ("template", "to-xlsx", "from-xlsx", "parameters", "fill", "splits")
EVERY = ((), *((name,) for name in COMMANDS), *(("rulebook", name) for name in RULEBOOK_COMMANDS))
NAMES = re.compile(
    r"(?<![\w-])(?:--[a-z][a-z-]*|duban(?:\.toml)?|\.csv|\.json|\.xlsx|\.yaml|"
    + "|".join((*RULEBOOK_COMMANDS, *COMMANDS))
    + r")(?![\w-])"
)


@pytest.mark.parametrize("command", EVERY, ids=lambda command: " ".join(command) or "duban")
def test_help_has_no_foreign_word_but_names_of_commands_and_options(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--help"]) == 0
    page = capsys.readouterr().out

    assert page.startswith(f"用法：{' '.join(['duban', *command])} [选项]")
    assert "--help" in page
    assert not re.findall(r"[A-Za-z]+|[<>{}]", NAMES.sub("", page))


def test_help_lists_every_command_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    listed = re.findall(r"^  (\w+) +\S", capsys.readouterr().out.partition("命令：\n")[2], re.MULTILINE)

    assert tuple(listed) == COMMANDS


def test_the_columns_of_a_help_page_stand_under_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--help"])
    rows = capsys.readouterr().out.partition("选项：\n")[2].splitlines()

    assert rows == [
        "  --config 文件  设置文件；缺省为 duban.toml",
        "  --offline      不连接各平台，只检查本机",
        "  --json         按供程序读取的格式输出",
        "  --help         显示这份说明",
    ]


def test_no_command_shows_the_help_and_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "命令" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["serv"], "没有命令 serv。"),
        (["import"], "缺少参数 文件。"),
        (["check", "--all"], "没有选项 --all。"),
        (["init", "a", "b"], "多出参数 b。"),
        (["check", "--config"], "选项 --config 后面缺少内容。"),
        (["score", "甲局", "--as-of", "8月1日"], "--as-of 应写成 2026-08-01 的样子，不是“8月1日”"),
    ],
)
def test_wrong_use_is_one_chinese_sentence_and_status_2(duban: Said, arguments: list[str], complaint: str) -> None:
    status, _, complained = duban(*arguments)

    assert status == 2
    assert complained.startswith(complaint)
    assert complained.count("\n") == 1


def test_the_module_runs_and_its_status_is_the_process_s(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bot", "verify"], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )

    assert (run.returncode, run.stdout) == (1, b"")
    assert "duban init" in run.stderr.decode()


def test_help_brings_no_heavy_package_along(tmp_path: Path) -> None:
    code = "import sys, bot.__main__ as m; m.main(['--help']); print(sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, check=True)

    loaded = run.stdout.decode().splitlines()[-1]
    assert not re.search(r"'(sqlalchemy|sqlmodel|pydantic|aiohttp|alembic|chinese_calendar|bot\.app)'", loaded)


def test_the_demo_returns_what_the_story_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> int:
        return 1

    monkeypatch.setattr("bot.story.play", play)
    monkeypatch.setattr("bot.demo.server.show_demo", lambda **_: 0)

    assert (main(["demo"]), main(["demo", "--story"])) == (0, 1)
