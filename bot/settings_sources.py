"""Where settings come from: the file, the variables, the files that hold secrets. Read here, judged in settings.py."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PREFIX = "DUBAN_"
"""Of every variable that is a setting."""

_NOT_SETTINGS = frozenset({"DUBAN_REQUIRE"})
"""Read by the test suite: which optional programs have to be there."""

Tables = dict[str, Any]
"""`service`, a table; `channels`, a table of tables by name; whatever else stands there, to be refused."""


def read_file(path: Path, faults: list[str]) -> Tables:
    """The tables of a TOML file, channels by name; what is wrong with it is added to `faults`."""
    try:
        tables: Tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        faults.append(f"{path}：找不到设置文件")
    except OSError:
        faults.append(f"{path}：设置文件无法读取")
    except UnicodeDecodeError:
        faults.append(f"{path}：设置文件应存为 UTF-8 编码")
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line ([0-9]+)", str(error))
        faults.append(f"{path}：" + (f"第 {line[1]} 行" if line else "末尾") + "不合 TOML 格式")
    else:
        if not isinstance(tables.get("service", {}), dict):
            faults.append(f"{path}：service 应为一节设置，形如 [service]")
            tables["service"] = {}
        tables["channels"] = _by_name(tables.get("channels", []), path, faults)
        return tables
    return {}


def _by_name(channels: object, path: Path, faults: list[str]) -> Tables:
    if not isinstance(channels, list):
        faults.append(f"{path}：每个渠道应为一节设置，形如 [[channels]]")
        return {}
    named: Tables = {}
    for number, table in enumerate(channels, 1):
        name = table.pop("name", None) if isinstance(table, dict) else None
        if not isinstance(name, str):
            faults.append(f"{path}：第 {number} 个 [[channels]] 缺少 name")
        elif any(in_variable(name) == in_variable(other) for other in named):
            faults.append(f"{path}：渠道 {name} 与另一渠道重名")
        else:
            named[name] = table
    return named


def in_variable(channel: str) -> str:
    """A channel's name as it is written in a variable's name."""
    return channel.upper().replace("-", "_")


def read_variables(env: Mapping[str, str], known: Mapping[str, object], faults: list[str]) -> Tables:
    """The tables that the variables make up; `known` are the channels of the file, to which they may add."""
    tables: Tables = {"service": {}, "channels": {}}
    names = {in_variable(name): name for name in known}
    for variable, value in env.items():
        if not variable.startswith(PREFIX) or variable in _NOT_SETTINGS:
            continue
        match variable.removeprefix(PREFIX).split("__"):
            case ["SERVICE", key]:
                tables["service"][key.lower()] = value
            case ["CHANNELS", name, key]:
                tables["channels"].setdefault(names.get(name, name.lower()), {})[key.lower()] = value
            case _:
                faults.append(f"环境变量 {variable}：没有这一项，请核对拼写")
    return tables


def read_secret_files(tables: Tables, origin: str, folder: Path, faults: list[str]) -> None:
    """Replace each `x_file` by an `x` with the file's content, in the service's table and in every channel's."""
    _read_secrets_of(tables.get("service", {}), f"{origin}：[service]", folder, faults)
    for name, table in tables.get("channels", {}).items():
        _read_secrets_of(table, f"{origin}：渠道 {name} 的", folder, faults)


def _read_secrets_of(table: Tables, place: str, folder: Path, faults: list[str]) -> None:
    for key in [key for key in table if key.endswith("_file")]:
        file, secret = table.pop(key), key.removesuffix("_file")
        if secret in table:
            faults.append(f"{place} {key}：与 {secret} 只能给出一项")
            continue
        try:
            table[secret] = (folder / file).read_text(encoding="utf-8").strip()
        except (OSError, TypeError, ValueError):  # the path is not repeated: it may be a secret, put there by mistake
            faults.append(f"{place} {key}：所指的文件无法读取")


def merged(below: Tables, above: Tables) -> Tables:
    """Tables merge key by key; anything else of `above` replaces what is below."""
    tables = dict(below)
    for key, value in above.items():
        under = tables.get(key)
        tables[key] = merged(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return tables
