"""Whether a platform answers at all: after several failures in a row, one message asks again now and then."""

from datetime import datetime, timedelta

FAILURES = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=5)


class Breaker:
    """One channel's. It forgets everything with its process: the first failures will tell it again."""

    def __init__(self) -> None:
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._until: datetime | None = None

    @property
    def broken(self) -> bool:
        """Whether the platform counts as silent."""
        return self._until is not None

    def opens_at(self) -> datetime | None:
        """When the next message may ask; None while the platform answers."""
        return self._until

    def room(self, wanted: int, in_flight: int, now: datetime) -> int:
        """How many messages may leave now, when `wanted` would like to and `in_flight` are on their way."""
        if self._until is None:
            return wanted
        return 1 if now >= self._until and not in_flight else 0

    def shut(self, now: datetime) -> None:
        """Nothing will be taken before somebody has repaired something: ask again seldom."""
        if self._until is None or now >= self._until:
            self._failures, self._pause, self._until = FAILURES, LONGEST_PAUSE, now + LONGEST_PAUSE

    def succeeded(self) -> None:
        """The platform answered, and not that it takes nothing."""
        self._failures, self._pause, self._until = 0, FIRST_PAUSE, None

    def failed(self, now: datetime) -> None:
        """No answer, or one that says: not now."""
        self._failures += 1
        if self._failures >= FAILURES and (self._until is None or now >= self._until):
            self._until = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
