"""What a report adds to what is on record: one more version, or none where nothing is new."""

from collections.abc import Mapping
from decimal import Decimal

from assessment.notices import Change
from assessment.obligation import Obligation, State, send_back, submit
from assessment.requirements import missing
from assessment.submission import Answer, Slot
from handlers.duty_desk import Desk
from handlers.filing import Filed, file
from handlers.turn import Turn
from storage import submissions
from storage.submissions import Way

_NEVER = object()
"""What a category that was never scored has: None is 无任务."""


def keep(turn: Turn, desk: Desk, delta: Answer, *, why: str = "") -> tuple[Filed | None, Answer, tuple[Change, ...]]:
    """Append what is new or changed; nothing new is no version. Returns the whole answer as it now stands.

    `why` is the reason that was given for an amendment; it stays with the version (R92).
    """
    before = submissions.current(turn.uow, desk.row.id, with_files=desk.duty.files)
    values = {slot: value for slot, value in delta.values.items() if before.values.get(slot) != value}
    parts = {part: text for part, text in delta.parts.items() if before.parts.get(part) != text}
    nils = {key: reason for key, reason in delta.nil_reasons.items() if before.nil_reasons.get(key) != reason}
    scores = {name: score for name, score in delta.scores.items() if before.scores.get(name, _NEVER) != score}
    complete = not missing(desk.wanted, before)
    sent_again = desk.row.state == State.OPEN.value and complete and not delta.is_empty
    if not values and not parts and not nils and not scores and not sent_again:
        return None, before, ()
    changes = _changes(desk, before, values)
    said = values or parts or scores
    still_nil = {key: reason for key, reason in before.nil_reasons.items() if key or not said}
    whole = Answer(
        values={**before.values, **values},
        parts={**before.parts, **parts},
        scores={**before.scores, **scores},
        nil_reasons={**still_nil, **nils},
        files=before.files,
    )
    amended = changes or before.scores.keys() & scores.keys()
    way = Way.AMEND if amended and desk.row.state != State.OPEN.value else Way.REPORT
    filed = file(
        turn,
        desk.programme,
        desk.row,
        _after(turn, desk, whole),
        way,
        answer=Answer(values=values, parts=parts, scores=scores, nil_reasons=nils),
        note=why or ("填报人更正" if amended else ""),
    )
    return filed, whole, changes


def complete_with_files(turn: Turn, desk: Desk) -> Filed | None:
    """A report that lacked nothing but its files is in with them; None where it is not."""
    whole = desk.current
    if desk.row.state != State.OPEN.value or not desk.duty.files or missing(desk.wanted, whole):
        return None
    return file(turn, desk.programme, desk.row, _after(turn, desk, whole), Way.REPORT, answer=Answer())


def _after(turn: Turn, desk: Desk, whole: Answer) -> Obligation:
    """The obligation is met when its last required item is in (decisions 18)."""
    facts = desk.row.facts()
    if missing(desk.wanted, whole):
        # What was complete as a nil report and is not any more is open again; its first stamp stays.
        return facts if facts.state in (State.OPEN, State.WAIVED) else send_back(facts)
    keep_days = desk.programme.rulebook.keep_first_days
    return submit(facts, turn.said_at, nil=_is_nil(whole), keep_days=keep_days)


def _is_nil(whole: Answer) -> bool:
    return bool(whole.nil_reasons) and not whole.values and not whole.parts and not whole.scores


def _changes(desk: Desk, before: Answer, values: Mapping[Slot, Decimal]) -> tuple[Change, ...]:
    named = {indicator.id: indicator for indicator in desk.own}
    return tuple(
        Change(
            name=f"{named[slot.indicator].name}{slot.cohort or ''}",
            unit=named[slot.indicator].unit,
            figure=slot.figure.value,
            old=before.values[slot],
            new=value,
        )
        for slot, value in values.items()
        if slot in before.values
    )
