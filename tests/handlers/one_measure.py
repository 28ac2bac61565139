"""A small organisation under measures of a test's own choice, for what the demonstration's two do not speak of."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from pathlib import Path

from bot.county import CHANNEL, DATA, ROSTER, Setting, found
from schedules import opening
from storage.database import Database
from tests.handlers.desk import Desk

Under = Callable[[Mapping[str, str], str, datetime], AbstractContextManager[Desk]]
"""Opens a desk under measures, with a roster, from a moment on."""

HEADING = "单位,单位别名,类别,姓名,岗位,渠道,账号,起,止\n"
_LINES = ROSTER.read_text("utf-8-sig").splitlines(keepends=True)[1:]


def shipped(name: str, *changes: tuple[str, str]) -> dict[str, str]:
    """A shipped measure's file with other words in it; each old wording must stand there."""
    text = (DATA / "rulebooks" / name).read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return {name: text}


def unit(name: str, kind: str, **posts: str) -> str:
    """A unit's lines of a roster; `posts` gives each post's account, by which its holder is called, too."""
    return "".join(
        f"{name},,{kind},{account},{post},sandbox,{account},2000-01-01,\n" for post, account in posts.items()
    )


def some_of_the_county(*departments: str) -> str:
    """The demonstration's roster with only these departments, which is quicker; leaders and office stay."""
    return "".join(line for line in _LINES if line.split(",")[2] != "县直部门" or line.split(",")[0] in departments)


@contextmanager
def desk_under(
    rulebooks: Mapping[str, str], roster: str, template: Path, path: Path, start: datetime, live_from: date
) -> Iterator[Desk]:
    """A desk where these measures hold from `live_from`, everything opened that is open at `start`."""
    setting = Setting(roster=HEADING + roster, rulebooks=rulebooks, start=start, live_from=live_from)
    with Database.open(f"sqlite:///{shutil.copy(template, path)}") as database:
        database.write_now(lambda uow: found(uow, setting, {CHANNEL: CHANNEL}))
        desk = Desk(database, start)
        database.write_now(lambda uow: opening.sweep(uow, desk.installation, start))
        yield desk
