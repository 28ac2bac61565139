"""The installation that a command is about: its settings and its database, or the sentence that says why not."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from bot.app import open_database
from bot.command_line import Stop
from bot.settings import Settings, SettingsFault, load_settings
from storage.database import Database, UnusableDatabase

UNUSABLE = (UnusableDatabase, DBAPIError, CommandError)
"""What opening a database raises when it cannot be used."""


def settings_at(config: Path) -> Settings:
    """The settings in `config` under the variables; without that file the variables alone. Raises Stop."""
    given = config.exists() or not any(name.startswith("DUBAN_SERVICE__") for name in os.environ)
    try:
        return load_settings(config if given else None, os.environ)
    except SettingsFault as broken:
        missing = () if config.exists() else ("请在设置文件所在目录运行，或用 --config 指明；新建请用 duban init",)
        raise Stop(*broken.faults, *missing) from None


@contextmanager
def database_of(settings: Settings) -> Iterator[Database]:
    """The database, open and up to date, closed with the block. Raises Stop."""
    try:
        database = open_database(settings)
    except UNUSABLE as error:
        raise Stop(why_unusable(error)) from None
    with database:
        yield database


def why_unusable(error: Exception) -> str:
    """A sentence on why a database cannot be used. What the driver says may quote the address, so only its kind."""
    if isinstance(error, CommandError):
        return "数据库由更新的程序建立，请使用同一版本或更新版本的程序"
    if isinstance(error, UnusableDatabase):
        return "数据库不能使用：[service] database 所在目录须已存在，且在本机磁盘上"
    kind = type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__
    return f"数据库不能打开（{kind}），请核对 [service] database 和读写权限"
