"""Whatever the order in which people, time, the platform and accidents act, the invariants hold."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import cases, inbox, leaving, outbox, steps
from storage.inbox import Seen
from storage.obligations import ObligationRow
from tests.simulator.judge import Violation
from tests.simulator.play import play
from tests.simulator.world import Template

SHARE = 20
SOON = 80
"""Within so many sequences a fault put in on purpose must be found."""


def play_all(template: Template, seeds: range) -> None:
    for seed in seeds:
        play(template, seed)


@pytest.mark.parametrize("start", range(0, 200, SHARE))
def test_nobody_who_has_reported_is_urged_and_nothing_happens_twice(start: int, memory_folder: Path) -> None:
    """The seeds of this suite; `python -m tests.simulator --seeds FROM:TO` plays others."""
    play_all(Template(memory_folder), range(start, start + SHARE))


def no_second_look(_whole: Callable[..., Any]) -> Callable[..., Any]:
    """A message leaves as it was queued."""
    return lambda _uow, _installation, row, *_: row.notice


def no_deduplication(admit: Callable[..., Any]) -> Callable[..., Any]:
    """A repeated message counts as a new one."""

    def mutant(uow: Any, **message: Any) -> tuple[Seen, int]:
        seen, inbox_id = admit(uow, **message)
        if seen is Seen.REPEAT:
            return admit(uow, **(message | {"message_id": f"{message['message_id']} again"}))
        return seen, inbox_id

    return mutant


def forgetting_what_may_have_been_shown(set_status: Callable[..., Any]) -> Callable[..., Any]:
    """After a death, other words go out under the same key."""
    return lambda *what, **how: set_status(*what, **(how | {"maybe_shown": False}))


def a_new_key_for_each_try(lease: Callable[..., Any]) -> Callable[..., Any]:
    """The platform cannot recognise what is sent again."""

    def mutant(*what: Any, **how: Any) -> Any:
        row = lease(*what, **how)
        return row.model_copy(update={"key": f"{row.key}:{row.attempts}"})

    return mutant


def urged_in_any_case(_accepted: Callable[..., Any]) -> Callable[..., Any]:
    """Whatever a message was about counts as urged, reported or not."""

    def mutant(uow: Any, _installation: Any, row: Any, at: Any) -> None:
        for subject in outbox.about(uow, row.id):
            if subject.urging:
                uow.update(ObligationRow, ObligationRow.id == subject.obligation, urged_at=at)

    return mutant


def steps_not_remembered(_record: Callable[..., Any]) -> Callable[..., Any]:
    """A step is said and nobody writes it down."""
    return lambda *_what, **_how: True


@pytest.mark.parametrize(
    ("room", "name", "fault"),
    [
        (cases, "as_it_leaves", no_second_look),
        (inbox, "admit", no_deduplication),
        (outbox, "set_status", forgetting_what_may_have_been_shown),
        (leaving, "lease", a_new_key_for_each_try),
        (cases, "accepted_by_platform", urged_in_any_case),
        (steps, "record", steps_not_remembered),
    ],
    ids=lambda part: getattr(part, "__name__", None),
)
def test_the_property_bites(
    room: Any, name: str, fault: Callable[..., Any], memory_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fault put in on purpose is found by one of the first sequences."""
    monkeypatch.setattr(room, name, fault(getattr(room, name)))
    template = Template(memory_folder)
    with pytest.raises((Violation, AssertionError)):
        play_all(template, range(SOON))
