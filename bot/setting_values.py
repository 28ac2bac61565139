"""The kinds of value that a setting may have, each with the sentence that says what is asked of it."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr

_CHANNEL_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


class Section(BaseModel):
    """A table of duban.toml: frozen, and no unknown key passes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _listen(address: str) -> str:
    host, _, port = address.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and int(port) <= 65535):
        raise ValueError("应写成 地址:端口，如 127.0.0.1:8080")
    return address


def _zone_name(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:  # zoneinfo: a bad path, an unknown name, a folder
        raise ValueError("没有这个时区，应写成 Asia/Shanghai 一类的名称") from error
    return name


def _web_address(address: str) -> str:
    """An address that may be called: https, or http on this machine; without user, query or fragment (T8)."""
    parts = _parts(address)
    if not parts[1] or parts[2]:
        raise ValueError("应为完整网址，不带用户名和参数")
    _encrypted(parts)
    return address.rstrip("/")


def _hook(address: SecretStr) -> SecretStr:
    """The address of a group robot: its query is its key, so the whole is a secret."""
    parts = _parts(address.get_secret_value())
    if not parts[1]:
        raise ValueError("应为群机器人的完整 Webhook 网址")
    _encrypted(parts)
    return address


def _parts(address: str) -> tuple[str, str, bool]:
    """Scheme, host, and whether there is a query or fragment; ValueError for what is no address, or names a user."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # checked only when asked for
    except ValueError as error:
        raise ValueError("应为完整网址") from error
    if parts.username is not None:
        raise ValueError("应为完整网址，不带用户名和参数")
    return parts.scheme, parts.hostname or "", bool(parts.query or parts.fragment)


def _encrypted(parts: tuple[str, str, bool]) -> None:
    scheme, host, _ = parts
    if scheme != "https" and not (scheme == "http" and _is_this_machine(host)):
        raise ValueError("应以 https:// 开头；http:// 只可用于本机")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _channel_name(name: str) -> str:
    if not _CHANNEL_NAME.fullmatch(name):
        raise ValueError("渠道名称限小写字母、数字、- 和 _，不超过 32 个字符")
    return name


def _key(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < 16:
        raise ValueError("密钥过短，至少 16 个字符")
    return secret


def _given(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if not value.strip() or not value.isascii() or value != value.strip():
        raise ValueError("应照平台管理后台所示填写，前后不带空格")
    return secret


def _aes_key(key: SecretStr) -> SecretStr:
    if not _AES_KEY.fullmatch(key.get_secret_value()):
        raise ValueError("应为平台生成的 43 位字母和数字")
    return key


def _id(value: str) -> str:
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("应照平台管理后台所示填写，不带空格")
    return value


def _database(address: SecretStr) -> SecretStr:
    scheme, found, _ = address.get_secret_value().partition("://")
    if not address.get_secret_value() or (found and scheme != "postgresql"):
        raise ValueError("应为 SQLite 文件的路径，或 postgresql:// 开头的地址")
    return address


def _words(value: object) -> object:
    """A list in the file is a list; in a variable its items stand between commas."""
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


Listen = Annotated[str, AfterValidator(_listen)]
ZoneName = Annotated[str, AfterValidator(_zone_name)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Hook = Annotated[SecretStr, AfterValidator(_hook)]
ChannelName = Annotated[str, AfterValidator(_channel_name)]
Secret = Annotated[SecretStr, AfterValidator(_key)]
"""Chosen by the installation: at least 16 characters."""
Credential = Annotated[SecretStr, AfterValidator(_given)]
"""Given by a platform, as it is."""
AesKey = Annotated[SecretStr, AfterValidator(_aes_key)]
"""The EncodingAESKey of WeCom and of DingTalk's events."""
PlatformId = Annotated[str, AfterValidator(_id)]
Database = Annotated[SecretStr, AfterValidator(_database)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
