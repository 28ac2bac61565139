"""How the command line speaks: Chinese help, one sentence for each wrong use, and the exit status."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from typer import core

DONE, FAULTS, BAD_USAGE = 0, 1, 2

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


class ChineseCommand(core.TyperCommand):
    """A command whose help is Chinese throughout."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option --help, explained in Chinese."""
        return _in_own_words(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page: usage, what it is for, arguments and options."""
        formatter.write(_page(self, ctx, {}))


class ChineseGroup(core.TyperGroup):
    """The same for the list of commands."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option --help, explained in Chinese."""
        return _in_own_words(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page, with one line for each command."""
        named = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        formatter.write(_page(self, ctx, {name: command.help or "" for name, command in named.items() if command}))


def _in_own_words(option: Any) -> Any:
    if option is not None:
        option.help = "显示这份说明"
    return option


def _page(command: Any, ctx: Any, commands: Mapping[str, str]) -> str:
    arguments: dict[str, str] = {}
    options: dict[str, str] = {}
    for parameter in command.get_params(ctx):
        if parameter.param_type_name == "argument":
            arguments[parameter.metavar] = parameter.help
        else:
            options[" ".join(filter(None, (*parameter.opts, parameter.metavar)))] = _explained(parameter)
    usage = " ".join([ctx.command_path, "[选项]", *arguments, *(["命令"] if commands else [])])
    sections = [("参数", arguments), ("选项", options), ("命令", commands)]
    tables = [f"{title}：\n{_table(rows)}" for title, rows in sections if rows]
    hint = [f"各命令的用法：{ctx.command_path} 命令 --help"] if commands else []
    return "\n\n".join([f"用法：{usage}", command.help, *tables, *hint]) + "\n"


def _explained(option: Any) -> str:
    default = f"；缺省为 {option.default}" if isinstance(option.default, str | Path) else ""
    return f"{option.help}{default}"


def _table(rows: Mapping[str, str]) -> str:
    across = max(map(_columns, rows)) + 2
    return "\n".join(f"  {name}{' ' * (across - _columns(name))}{what}" for name, what in rows.items())


def _columns(text: str) -> int:
    """How many columns of a terminal it takes: a Chinese character has two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


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
