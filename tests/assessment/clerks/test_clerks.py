"""Messages of clerks, written blind to the grammar: none is misread, none loses a figure, nine of ten are finished."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from assessment import report_grammar
from assessment.report_words import Mark
from assessment.submission import Figure
from tests.assessment.clerks.corpus import Message, messages
from tests.assessment.clerks.outcome import Outcome, Result, judge
from tests.assessment.clerks.report import markdown, results

PAGE = Path(__file__).parents[3] / "docs" / "reading-clerks.md"
ENOUGH = 0.9


@cache
def judged() -> tuple[Result, ...]:
    return results()


def having(outcome: Outcome) -> list[str]:
    return [f"{each.message.number} {each.message.text!r}: {each.why}" for each in judged() if each.outcome is outcome]


def test_the_corpus_is_whole() -> None:
    assert [message.number for message in messages()] == list(range(1, 301))


def test_no_message_is_misread() -> None:
    assert having(Outcome.MISREAD) == []


def test_no_figure_is_lost_in_silence() -> None:
    assert having(Outcome.MISSED) == []


def test_nine_messages_of_ten_are_finished_where_nothing_has_to_be_asked() -> None:
    finishable = [each for each in judged() if each.message.finishable]
    finished = [each for each in finishable if each.outcome is Outcome.FINISHED]
    assert len(finished) >= ENOUGH * len(finishable), "\n".join(having(Outcome.ASKED))


def test_nine_messages_of_ten_are_handled_as_a_careful_person_would() -> None:
    outcomes = Counter(each.outcome for each in judged())
    assert outcomes[Outcome.FINISHED] + outcomes[Outcome.RIGHTLY_ASKED] >= ENOUGH * len(messages())


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == markdown(), "python -m tests.assessment.clerks > docs/reading-clerks.md"


def test_a_reader_that_takes_forecasts_for_what_is_done_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    note = report_grammar._Grammar._note_mark

    def swapped(grammar: report_grammar._Grammar, mark: Mark, start: int) -> None:
        other = Figure.ACTUAL if mark.figure is Figure.FORECAST else Figure.FORECAST
        note(grammar, Mark(other, mark.whole_year, mark.heading), start)

    monkeypatch.setattr(report_grammar._Grammar, "_note_mark", swapped)
    sample: tuple[Message, ...] = messages()[:60]
    outcomes = Counter(judge(message).outcome for message in sample)
    assert outcomes[Outcome.MISREAD] > 0
    assert outcomes[Outcome.FINISHED] < ENOUGH * len(sample) / 2
