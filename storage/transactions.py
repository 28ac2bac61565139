"""Threads that run jobs in transactions: one that commits in groups on SQLite, several side by side on PostgreSQL."""

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from storage.unit_of_work import UnitOfWork

_T = TypeVar("_T")
_RETRIES = 3
_PASSING = {"40001", "40P01", "55P03"}
"""Serialization failure, deadlock, lock not free: the same job can succeed a moment later."""

_log = logging.getLogger(__name__)


def passes(error: BaseException) -> bool:
    """Whether the database would take the same job a moment later: let such an error out of the job."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _PASSING


class Crash(BaseException):
    """Raised by a test from `Database.on_statement`: the process dies here, as far as the database can see."""


class DatabaseClosed(RuntimeError):
    """The database has been closed and takes no more jobs."""


class _JobFailed(Exception):
    """One job raised `error`; its transaction has been rolled back, its neighbours did nothing wrong."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        # A future cannot carry StopIteration: whoever awaits it would wait for ever.
        self.error = RuntimeError("the job raised StopIteration") if isinstance(error, StopIteration) else error


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A job and its caller: a coroutine of `loop`, or a blocked thread."""

    job: Callable[[UnitOfWork], Any]
    future: Future[Any] | asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop | None


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    waiting: _Waiting
    value: Any = None
    error: BaseException | None = None

    def give(self) -> None:
        future = self.waiting.future
        if future.done():  # the caller was cancelled meanwhile; what was committed stays committed
            return
        if self.error is None:
            future.set_result(self.value)
        else:
            future.set_exception(self.error)


class Workers:
    """Threads that take waiting jobs, at most `group` at a time, and run each group in one transaction.

    Nobody is answered before the commit. When a job of a group fails, the group is rolled back and its jobs run again
    one by one, so that only those fail that fail alone. Jobs touch nothing but the database and use ids made before,
    which is why running one again is safe. When the transaction cannot be begun or committed (disk full, connection
    lost), each caller of the group is told so, and the thread goes on with a fresh connection.
    """

    def __init__(self, name: str, engine: Engine, *, threads: int, group: int, committed: Callable[[], None]) -> None:
        self._engine = engine
        self._group = group
        self._committed = committed
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closed = False
        self._closing = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """How many jobs have not been begun yet."""
        return self._queue.qsize()

    async def run(self, job: Callable[[UnitOfWork], _T]) -> _T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_T] = loop.create_future()
        self._submit(_Waiting(job, future, loop))
        return await future

    def run_now(self, job: Callable[[UnitOfWork], _T]) -> _T:
        future: Future[_T] = Future()
        self._submit(_Waiting(job, future, None))
        return future.result()

    def close(self) -> None:
        """Finish what waits, then end the threads and their connections. Closing twice does nothing."""
        with self._closing:
            if not self._closed:
                self._closed = True
                for _ in self._threads:
                    self._queue.put(None)
        for thread in self._threads:
            thread.join()
        self._engine.dispose()

    def _submit(self, waiting: _Waiting) -> None:
        with self._closing:  # so that no job comes to stand behind the sign to stop
            if self._closed:
                raise DatabaseClosed("the database is closed")
            self._queue.put(waiting)

    def _work(self) -> None:
        line = _Line(self._engine, self._committed)
        while group := self._take():
            self._serve(line, group)
        line.close()

    def _take(self) -> list[_Waiting]:
        """Wait for a job and take along what else waits; nothing when the thread is to stop."""
        group: list[_Waiting] = []
        waiting = self._queue.get()
        while waiting is not None:
            group.append(waiting)
            if len(group) == self._group:
                return group
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                return group
        if group:
            self._queue.put(None)  # first these jobs, then the stop
        return group

    def _serve(self, line: "_Line", group: list[_Waiting]) -> None:
        try:
            values = line.transact([waiting.job for waiting in group])
        except _JobFailed as failure:
            if len(group) > 1:
                for waiting in group:
                    self._serve(line, [waiting])
            else:
                _give([_Answer(group[0], error=failure.error)])
        except BaseException as error:  # noqa: BLE001 - the callers hear of it, and the thread lives on
            _give([_Answer(waiting, error=error) for waiting in group])
        else:
            _give([_Answer(waiting, value) for waiting, value in zip(group, values, strict=True)])


class _Line:
    """One thread's connection; after any trouble that leaves its state in doubt the next transaction gets a new one."""

    def __init__(self, engine: Engine, committed: Callable[[], None]) -> None:
        self._engine = engine
        self._committed = committed
        self._connection: Connection | None = None

    def transact(self, jobs: list[Callable[[UnitOfWork], Any]]) -> list[Any]:
        """Run the jobs in one transaction and return their values; commit, then call what waited for the commit."""
        for _ in range(_RETRIES):
            try:
                return self._try(jobs)
            except _JobFailed as failure:
                if not _will_pass(failure.error):
                    raise
        return self._try(jobs)

    def close(self) -> None:
        if self._connection is not None:
            with suppress(Exception):  # a connection that cannot even be closed is gone as well
                self._connection.close()
            self._connection = None

    def _try(self, jobs: list[Callable[[UnitOfWork], Any]]) -> list[Any]:
        callbacks: list[Callable[[], object]] = []
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            with self._connection.begin():
                values = [_do(job, self._connection, callbacks) for job in jobs]
            self._committed()
        except _JobFailed:
            if self._connection is not None and self._connection.invalidated:
                self.close()
            raise
        except IntegrityError as error:  # a deferred constraint, found by the commit
            self.close()
            raise _JobFailed(error) from error
        except BaseException:
            self.close()
            raise
        for callback in callbacks:
            _call(callback)
        return values


def _do(job: Callable[[UnitOfWork], _T], connection: Connection, callbacks: list[Callable[[], object]]) -> _T:
    unit = UnitOfWork(connection)
    try:
        value = job(unit)
        unit.flush()
    except Crash:
        raise
    except BaseException as error:
        raise _JobFailed(error) from error
    finally:
        unit.close()
    callbacks.extend(unit.take_callbacks())
    return value


def _call(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:  # noqa: BLE001 - the commit stands, whatever becomes of the hint
        _log.exception("a callback after the commit failed; what was committed stays")


def _will_pass(error: BaseException) -> bool:
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _PASSING


def _give(answers: list[_Answer]) -> None:
    """Answer all; an event loop is woken once for all of its callers."""
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[_Answer]] = defaultdict(list)
    for answer in answers:
        if answer.waiting.loop is None:
            answer.give()
        else:
            by_loop[answer.waiting.loop].append(answer)
    for loop, of_loop in by_loop.items():
        with suppress(RuntimeError):  # the loop has been closed: nobody waits any more
            loop.call_soon_threadsafe(_give_all, of_loop)


def _give_all(answers: list[_Answer]) -> None:
    for answer in answers:
        answer.give()
