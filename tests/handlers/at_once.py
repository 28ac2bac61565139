"""Two people say something at the same moment: on PostgreSQL both are under way before either goes on."""

import threading
from concurrent.futures import ThreadPoolExecutor

from assessment.notices import Notice
from tests.handlers.desk import Desk

_LONGEST_SECONDS = 20


def at_once(desk: Desk, text: str, *people: str) -> list[Notice]:
    """Each of `people` says it at the same moment; return what they were answered, in the order of `people`.

    Both have read the question that they answer before one of them acts. SQLite has one writer at a time.
    """
    messages = [desk.message(who, text) for who in people]
    before = {who: len(desk.told(who)) for who in people}
    if desk.database.dialect == "postgresql":
        desk.database.on_statement = _Start(len(people))
    try:
        with ThreadPoolExecutor(len(people)) as pool:
            list(pool.map(desk.take, messages))
    finally:
        desk.database.on_statement = None
    return [notice for who in people for notice in desk.told(who)[before[who] :]]


class _Start:
    """Lets no thread past its first look at its question until each has come there."""

    def __init__(self, people: int) -> None:
        self._barrier = threading.Barrier(people)
        self._passed = threading.local()

    def __call__(self, statement: str) -> None:
        if "FROM question" in statement and not getattr(self._passed, "yes", False):
            self._passed.yes = True
            self._barrier.wait(_LONGEST_SECONDS)
