"""The paper of requirements says what the tests show, and names no test that does not exist."""

from tests import requirements


def test_the_paper_is_current() -> None:
    assert requirements.PAPER.read_text("utf-8") == requirements.paper(), "run: python -m tests.requirements"


def test_every_id_that_a_test_names_is_a_requirement() -> None:
    assert set(requirements.shown_by()) <= set(requirements.statements())


def test_there_are_all_of_them() -> None:
    assert list(requirements.statements()) == [f"R{number:02}" for number in range(1, 119)]
