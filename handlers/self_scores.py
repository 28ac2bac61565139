"""自评: what a unit scores itself by categories; a sum that does not fit is asked back, and nothing is repaired."""

from decimal import Decimal
from typing import Any

from assessment.named_parts import cut_named
from assessment.notices import Cancelled
from assessment.report_reading import ReportReading
from assessment.rights import Action, Target
from assessment.self_scoring import ScoreFault, SelfScore, Typed, check_self_score, doubt_in_words
from assessment.submission import Answer
from handlers.columns import as_recorded, as_typed
from handlers.duty_desk import Desk, desk_of, scores_in, without_heading
from handlers.keeping import keep
from handlers.receipts import answered, request_signature
from handlers.router import CANCEL, CONFIRM, Router
from handlers.turn import Turn
from storage import obligations

router = Router()

_QUESTION = "self score"


def report(turn: Turn, desk: Desk, text: str, earlier: Typed | None = None) -> None:
    """Read a self-score with its named parts; what is in order is stored, what does not fit is asked back.

    `earlier` is what was said before and did not fit; without it the self-score on record is amended.
    """
    before = earlier or as_typed(desk.current.scores)
    typed = scores_in(desk, text)
    _, parts = cut_named(without_heading(desk, text), desk.duty.required)
    score = check_self_score(before.amended_by(typed), desk.programme.rulebook.categories)
    _take(turn, desk, score, before.amended_by(typed), parts)


@router.question(_QUESTION)
def take_answer(turn: Turn, content: dict[str, Any], text: str) -> bool:
    """Other numbers or another sum; 确认 takes the true sum, where only the written one was wrong."""
    desk = desk_of(turn, obligations.get(turn.uow, content["obligation"]))
    earlier = _from_json(content["typed"])
    if text in CANCEL:
        turn.reply(Cancelled())
        return True
    if text in CONFIRM:
        score = check_self_score(earlier, desk.programme.rulebook.categories)
        if not _only_the_sum(score):
            return False
        if turn.may(Action.REPORT, Target(office=desk.programme.office, unit=desk.unit.id), desk.row.title):
            _take(turn, desk, SelfScore(score.rows, None, ()), earlier, {})
        return True
    if not scores_in(desk, text).says_anything:
        return False
    if turn.may(Action.REPORT, Target(office=desk.programme.office, unit=desk.unit.id), desk.row.title):
        report(turn, desk, text, earlier)
    return True


def _take(turn: Turn, desk: Desk, score: SelfScore, typed: Typed, parts: dict[str, str]) -> None:
    doubts = [doubt for doubt in score.doubts if doubt.fault is not ScoreFault.MISSING]
    categories = desk.programme.rulebook.categories
    scores = {} if doubts else as_recorded(score, categories, desk.current.scores)
    filed, whole, changes = keep(turn, desk, Answer(parts=parts, scores=scores))
    superseded = False
    if doubts:
        superseded = turn.ask(_QUESTION, {"obligation": desk.row.id, "typed": _to_json(typed)})
    moved = desk if filed is None else desk_of(turn, filed.row)
    reading = ReportReading(parts=parts)
    told = answered(turn, moved, whole, filed, reading, changes, superseded=superseded)
    turn.reply(
        told.model_copy(
            update={
                "score_doubts": tuple(map(doubt_in_words, doubts)),
                "fitting_total": score.total if _only_the_sum(score) else None,
            }
        )
    )
    if filed is not None:
        request_signature(turn, desk, filed)


def _only_the_sum(score: SelfScore) -> bool:
    return [doubt.fault for doubt in score.doubts] == [ScoreFault.SUM]


def _to_json(typed: Typed) -> dict[str, object]:
    return {
        "numbers": {name: f"{number:f}" for name, number in typed.numbers.items()},
        "without_task": sorted(typed.without_task),
        "total": None if typed.total is None else f"{typed.total:f}",
        "repeated": list(typed.repeated),
    }


def _from_json(data: dict[str, Any]) -> Typed:
    """What could not be read is said anew, so it is not kept."""
    return Typed(
        numbers={name: Decimal(number) for name, number in data["numbers"].items()},
        without_task=frozenset(data["without_task"]),
        total=None if data["total"] is None else Decimal(data["total"]),
        repeated=tuple(data["repeated"]),
    )
