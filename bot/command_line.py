"""How the command line speaks: Chinese help, one sentence for each wrong use, and the exit status."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from typer import core

DONE, FAULTS, BAD_USAGE = 0, 1, 2

_LABELS = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "DEFAULT_STRING": "[缺省：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
}
"""The fixed words of typer.rich_utils."""
_WRONG_USE = (
    (r"Missing argument '?(.+?)'?\.", "缺少参数 {}"),
    (r"Missing option '?(.+?)'?\.", "缺少选项 {}"),
    (r"Missing command\.", "缺少命令"),
    (r"No such command '(.+?)'.*", "没有命令 {}"),
    (r"No such option: (\S+).*", "没有选项 {}"),
    (r"Option '(.+?)' requires an argument.*", "选项 {} 后面缺少内容"),
    (r"Option '(.+?)' does not take a value.*", "选项 {} 后面不带内容"),
    (r"Got unexpected extra argument\(s\) \((.+)\)", "多出参数 {}"),
    (r"Invalid value for '(.+?)':.*", "{} 的写法不对"),
)


class Stop(Exception):
    """The command ends here: the lines go to standard error, `status` to whoever called."""

    def __init__(self, *lines: str, status: int = FAULTS) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        self.status = status


class _SpeaksChinese:
    """What typer would say in English on a help page."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "显示这份说明"
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from typer import rich_utils  # noqa: PLC0415 - brings rich along, which only help needs

        for name, label in _LABELS.items():
            setattr(rich_utils, name, label)
        super().format_help(ctx, formatter)  # type: ignore[misc]


class ChineseCommand(_SpeaksChinese, core.TyperCommand):
    """A command whose help is Chinese throughout."""


class ChineseGroup(_SpeaksChinese, core.TyperGroup):
    """The same for the list of commands."""


def run(app: typer.Typer, arguments: Sequence[str] | None) -> int:
    """Run one command and return its exit status; what stops it is told on standard error."""
    try:
        status = app(arguments, prog_name="duban", standalone_mode=False)
    except Stop as stop:
        complain(stop.lines)
        return stop.status
    except typer.TyperException as wrong:
        complain([f"{_in_chinese(wrong.format_message())}。用法见 duban --help"])
        return BAD_USAGE
    return status if isinstance(status, int) else DONE


def complain(lines: Iterable[str]) -> None:
    """Write to standard error, one line each."""
    for line in lines:
        typer.echo(line, err=True)


def _in_chinese(message: str) -> str:
    for pattern, sentence in _WRONG_USE:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            return sentence.format(*found.groups())
    return f"命令写法不对（{message}）"
