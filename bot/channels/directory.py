"""Looking up a person's account by telephone number, where a platform offers it and the office wants it."""

from typing import Protocol, runtime_checkable

from schedules.rates import LookUps


@runtime_checkable
class Directory(Protocol):
    """A channel whose platform can be asked whose a number is. The number occurs in no reason and no log."""

    @property
    def look_ups(self) -> LookUps:
        """How often it may be asked."""

    async def account_of(self, number: str) -> str | None:
        """The account of whoever has that mobile number; None where the platform knows nobody by it, or hides them.

        Raises SendError: plain where nothing of the question was taken and it may work later, `unknown` where the
        answer was lost, `permanent` or `repair` where the platform does not let us ask, or no more today.
        """
