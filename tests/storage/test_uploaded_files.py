"""The id of an uploaded file is the first one's, for every replica, until it ends or is refused."""

import asyncio
from collections.abc import Callable
from typing import Any

from sqlmodel import select

from storage import uploads
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from storage.uploads import UploadRow

PLACE = {"channel": "wecom", "app": "ww01", "sha256": "0" * 64, "name": "分解表.xlsx"}


def kept(media_id: str, *, now: int = 0, until: int = 100, **other: str) -> Callable[[UnitOfWork], str]:
    return lambda uow: uploads.keep(uow, **{**PLACE, **other}, media_id=media_id, until=until, real_ms=now)


def found(database: Database, now: int = 0, **other: str) -> str | None:
    place: dict[str, Any] = {**PLACE, **other}
    return database.read_now(lambda uow: uploads.find(uow, **place, real_ms=now))


def test_the_first_one_stays(database: Database) -> None:
    assert database.write_now(kept("m-1")) == "m-1"
    assert database.write_now(kept("m-2")) == "m-1"
    assert found(database) == "m-1"


def test_each_app_name_and_content_is_another_file(database: Database) -> None:
    database.write_now(kept("m-1"))

    for other in ({"channel": "feishu"}, {"app": "hook"}, {"sha256": "1" * 64}, {"name": "表.xlsx"}):
        assert found(database, **other) is None
        assert database.write_now(kept("m-2", **other)) == "m-2"
    assert found(database) == "m-1"


def test_it_ends(database: Database) -> None:
    database.write_now(kept("m-1", until=100))

    assert (found(database, 99), found(database, 100)) == ("m-1", None)
    assert database.write_now(kept("m-2", now=100, until=200)) == "m-2"
    assert found(database, 150) == "m-2"


def test_what_has_ended_is_swept(database: Database) -> None:
    database.write_now(kept("m-1", until=100))
    database.write_now(kept("m-2", until=200, name="表.xlsx"))

    assert database.write_now(lambda uow: uploads.sweep(uow, 100)) == 1
    assert [row.media_id for row in database.read_now(lambda uow: uow.rows(select(UploadRow)))] == ["m-2"]


def test_only_what_was_refused_is_forgotten(database: Database) -> None:
    database.write_now(kept("m-2"))

    database.write_now(lambda uow: uploads.forget(uow, **PLACE, media_id="m-1"))
    assert found(database) == "m-2"
    database.write_now(lambda uow: uploads.forget(uow, **PLACE, media_id="m-2"))
    assert found(database) is None


async def test_of_many_at_once_one_is_used_by_all(database: Database) -> None:
    """On PostgreSQL these are transactions side by side, over the remains of an id that has ended."""
    database.write_now(kept("old", until=10))

    used = await asyncio.gather(*(database.write(kept(f"m-{number}", now=50)) for number in range(12)))

    assert len(set(used)) == 1
    assert found(database, 50) == used[0]
