"""An error of the database that passes is no fault of the message: the whole job runs again, nothing is parked."""

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from structlog.testing import capture_logs

from assessment.notices import Failed
from handlers.intake import Intake
from handlers.router import Router
from handlers.turn import Turn
from storage.inbox import InboxRow
from tests.handlers.desk import CLERK, Desk

DEADLOCK, DISK_FULL = "40P01", "53100"


class Refusal(Exception):
    """What a driver raises, with the database's code."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


class Refusing(Router):
    """Answers nothing: the database refuses every time, or the first time only."""

    def __init__(self, sqlstate: str, *, times: int) -> None:
        super().__init__()
        self.sqlstate = sqlstate
        self.left = times

    def answer(self, turn: Turn) -> None:
        if self.left:
            self.left -= 1
            raise OperationalError("UPDATE …", {}, Refusal(self.sqlstate))
        super().answer(turn)


def kept(desk: Desk, *, parked: bool = False) -> list[str]:
    """The texts kept, or those of them whose handler failed."""
    rows = desk.database.read_now(lambda uow: uow.rows(select(InboxRow)))
    return [row.text for row in rows if row.parked or not parked]


def test_a_deadlock_is_tried_again_and_told_to_nobody(desk: Desk) -> None:
    """Lost twice, won the third time: one answer, and it is no apology."""
    desk.intake = Intake(Refusing(DEADLOCK, times=2), desk.installation)

    assert not isinstance(desk.answer(CLERK, "你好"), Failed)
    assert "你好" not in kept(desk, parked=True)


def test_a_deadlock_without_end_is_not_acknowledged(desk: Desk) -> None:
    """Then the platform delivers the message again: it is neither stored as seen nor parked."""
    desk.intake = Intake(Refusing(DEADLOCK, times=99), desk.installation)

    with pytest.raises(OperationalError):
        desk.say(CLERK, "你好")
    assert "你好" not in kept(desk)


def test_an_error_that_stays_is_parked_and_told(desk: Desk) -> None:
    """A full disk is no matter of a moment: the person hears that it was not handled."""
    desk.intake = Intake(Refusing(DISK_FULL, times=99), desk.installation)

    with capture_logs():
        assert isinstance(desk.answer(CLERK, "你好"), Failed)
    assert "你好" in kept(desk, parked=True)
