"""A long message of which a part has arrived goes on in the same words, whatever has changed meanwhile."""

from typing import Any

import pytest

from assessment.notices import Urging, read
from storage import cases
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import Desk

CLERK = "jingmao-li"


def as_it_leaves(desk: Desk, row: OutboxRow, pieces_sent: int) -> dict[str, Any] | None:
    half_sent = row.model_copy(update={"pieces_sent": pieces_sent})

    def job(uow: UnitOfWork) -> dict[str, Any] | None:
        return cases.as_it_leaves(uow, desk.installation, half_sent, desk.clock.now())

    return desk.database.write_now(job)


@pytest.mark.parametrize(("pieces_sent", "same"), [(0, False), (1, True)])
def test_the_rest_follows_in_the_same_words(desk: Desk, pieces_sent: int, same: bool) -> None:
    """Two of four figures come in between: untouched, the message would name only what is missing now."""
    desk.wind(8, 6, 9, 0)
    row = next(one for one in desk.letters() if one.recipient == CLERK and isinstance(read(one.notice), Urging))
    desk.say(CLERK, "亩均总产值85预测155,亩均税收3.8预测7")

    left = as_it_leaves(desk, row, pieces_sent)

    assert left is not None
    assert (left == row.notice) is same
