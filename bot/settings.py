"""duban.toml and DUBAN_… variables, read into one frozen Settings; only app.py and __main__.py see it.

A variable beats the file: `DUBAN_SERVICE__LISTEN`, and for a channel `DUBAN_CHANNELS__<NAME>__<KEY>`, merged by the
channel's name (in capitals, `-` as `_`). Any secret `x` may be given as `x_file`, the path of a file that holds it.
Relative paths start at the settings file's folder.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, get_args
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.channel_settings import CHANNEL_KINDS, ChannelSettings
from bot.setting_values import Database, Listen, Secret, Section, WebAddress, Words, ZoneName
from bot.settings_sources import PREFIX, in_variable, merged, read_file, read_secret_files, read_variables


class SettingsFault(Exception):
    """The settings cannot be used; `faults` holds one Chinese sentence for each reason, and never a value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Service(Section):
    """[service]"""

    listen: Listen = Field("127.0.0.1:8080", description="监听的地址和端口")
    database: Database = Field(
        SecretStr("duban.sqlite"), description="数据库：SQLite 文件的路径，或 postgresql:// 地址"
    )
    files: Path = Field(Path("files"), description="附件和导出文件的目录")
    rulebooks: Path = Field(Path("rulebooks"), description="考核办法文件的目录")
    timezone: ZoneName = Field("Asia/Shanghai", description="业务时区")
    public_url: WebAddress | None = Field(None, description="外部访问网址，消息中的链接以此开头")
    ledger_key: Secret = Field(description="台账链的密钥，建议用 ledger_key_file 给出")
    classification_marks: Words = Field(
        ("绝密", "机密", "秘密", "内部资料", "不得外传", "工作秘密"),
        description="密级标志；带有这些标志的消息不予接收",
    )

    @property
    def host(self) -> str:
        """The address part of `listen`, without the brackets of IPv6."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port of `listen`; 0 lets the system choose."""
        return int(self.listen.rpartition(":")[2])

    @property
    def zone(self) -> ZoneInfo:
        """The domain zone."""
        return ZoneInfo(self.timezone)


def _supported(channels: object) -> object:
    """Channels as a list, each of a kind that there is."""
    if not isinstance(channels, Mapping):
        return channels
    for name, table in channels.items():
        kind = table.get("kind")
        if not isinstance(kind, str) or kind not in CHANNEL_KINDS:
            fault = "缺少 kind 这一项" if kind is None else "没有这种 kind"
            raise ValueError(f"渠道 {name}：{fault}，可填 {'、'.join(CHANNEL_KINDS)}")
    return [{**table, "name": name} for name, table in sorted(channels.items())]


class Settings(Section):
    """Everything that an installation may decide, checked and frozen."""

    service: Service
    channels: Annotated[tuple[ChannelSettings, ...], BeforeValidator(_supported)] = ()


@dataclass(frozen=True)
class Setting:
    """One line of the documentation: where a setting stands, the variable that beats it, and what it means."""

    section: str
    key: str
    variable: str
    default: str | None
    """None where a value has to be given."""
    description: str
    secret: bool
    """Whether `<key>_file` is taken as well."""


def describe_settings() -> Iterator[Setting]:
    """Every setting there is, in the order of duban.toml; the documentation is made from it."""
    sections: list[tuple[str, str, type[Section]]] = [("[service]", f"{PREFIX}SERVICE__", Service)]
    sections += [
        (f'[[channels]] kind = "{kind}"', f"{PREFIX}CHANNELS__<NAME>__", model) for kind, model in CHANNEL_KINDS.items()
    ]
    for section, prefix, model in sections:
        for key, field in model.model_fields.items():
            yield Setting(
                section=section,
                key=key,
                variable=prefix + key.upper(),
                default=None if field.is_required() else _shown(field.get_default()),
                description=field.description or "",
                secret=_is_secret(field.annotation),
            )


def _is_secret(annotation: object) -> bool:
    return annotation is SecretStr or any(map(_is_secret, get_args(annotation)))


def load_settings(path: Path | None, env: Mapping[str, str]) -> Settings:
    """Read the file (None: variables alone) and the variables; raise SettingsFault with all that is wrong."""
    faults: list[str] = []
    folder = path.parent if path else Path()
    file = read_file(path, faults) if path else {}
    variables = read_variables(env, known=file.get("channels", {}), faults=faults)
    read_secret_files(file, str(path), folder, faults)
    read_secret_files(variables, "环境变量", folder, faults)
    if faults:
        raise SettingsFault(faults)
    tables = merged(file, variables)
    try:
        settings = Settings.model_validate(tables)
    except ValidationError as error:
        names = sorted(tables.get("channels", {}))
        raise SettingsFault([_sentence(fault, path, env, names) for fault in error.errors()]) from None
    return settings.model_copy(update={"service": _anchored(settings.service, folder)})


def _anchored(service: Service, folder: Path) -> Service:
    """The same section with its relative paths starting at `folder`."""
    database = service.database.get_secret_value()
    if "://" not in database:
        database = str(folder / database)
    return service.model_copy(
        update={
            "database": SecretStr(database),
            "files": folder / service.files,
            "rulebooks": folder / service.rulebooks,
        }
    )


def _sentence(fault: ErrorDetails, path: Path | None, env: Mapping[str, str], names: list[str]) -> str:
    """One Chinese sentence: where the value stands and what is asked of it; never the value."""
    match fault["loc"]:
        case ("channels", int() as index, str()):
            return f"{path or '环境变量'}：渠道 {names[index]}：" + _asked(fault, "")
        case ("channels", int() as index, _, key, *_):
            variable, place = f"{PREFIX}CHANNELS__{in_variable(names[index])}__", f"渠道 {names[index]} 的 {key}"
        case ("service", key, *_):
            variable, place = f"{PREFIX}SERVICE__", f"[service] {key}"
        case other:
            return f"{path or '环境变量'}：" + _asked(fault, ".".join(map(str, other)))
    set_by = [name for name in (f"{variable}{key}".upper(), f"{variable}{key}_file".upper()) if name in env]
    where = f"环境变量 {set_by[0]}" if set_by or not path else f"{path}：{place}"
    return f"{where}：{_asked(fault, str(key))}"


def _asked(fault: ErrorDetails, key: str) -> str:
    match fault["type"]:
        case "value_error":
            return str(fault["ctx"]["error"])
        case "missing":
            return "缺少这一项，请补上"
        case "extra_forbidden":
            return f"没有 {key} 这一项，请核对拼写"
        case "string_type":
            return "应为文字，请加引号"
        case _:
            return "内容不合要求"


def _shown(default: object) -> str:
    match default:
        case None:
            return ""
        case SecretStr():
            return default.get_secret_value()
        case tuple():
            return "、".join(map(str, default))
        case _:
            return str(default)
