"""The one answer to a report, as facts: what is stored, what is asked back, what is still owed."""

from collections.abc import Mapping
from decimal import Decimal

from assessment.notices import (
    Change,
    DoubtLine,
    FigureLine,
    ForeignLine,
    ReportAnswered,
)
from assessment.obligation import State
from assessment.report_reading import Doubt, Item, ReportReading
from assessment.requirements import is_in, items, missing
from assessment.submission import Answer, Slot
from handlers.duty_desk import Desk
from handlers.filing import Filed, lines_of
from handlers.turn import Turn
from storage import cases


def answered(
    turn: Turn,
    desk: Desk,
    whole: Answer,
    filed: Filed | None,
    reading: ReportReading,
    changes: tuple[Change, ...],
    *,
    settled: Mapping[int, Mapping[Slot, Decimal]] | None = None,
    superseded: bool = False,
) -> ReportAnswered:
    """The one answer to a report: what of `reading` is stored, what is asked back, what `whole` still lacks.

    `settled` are the items that this message took out of doubt; `filed` is None when nothing new was stored.
    """
    wanted = items(desk.programme.rulebook, desk.duty, desk.unit)
    row = desk.row
    waiting = row.state == State.UNSIGNED.value
    signers = cases.responsible(turn.roster, row, turn.installation, turn.now) if waiting else ()
    return ReportAnswered(
        unit=desk.unit.name,
        title=row.title,
        number=filed.number if filed is not None else None,
        lines=_shown(desk, whole, reading, settled or {}),
        parts=_parts_shown(desk, reading),
        doubts=tuple(
            _doubt_line(desk, item, doubt)
            for item in reading.items
            if item.number not in (settled or {})
            for doubt in item.doubts
        ),
        foreign=_foreign(desk, reading),
        leftover=reading.leftover,
        changes=changes,
        sent_at=turn.said_at,
        late_stamp=turn.late_stamp,
        on_time=turn.said_at < row.due if row.reported_at is None else row.reported_at < row.due,
        complete=not missing(wanted, whole),
        reported=sum(is_in(item, whole) for item in wanted),
        required=len(wanted),
        owed=missing(wanted, whole),
        due=row.due,
        due_mark=desk.duty.due.mark,
        signer="、".join(cases.names(turn.roster, signers)) or None,
        review=row.state == State.REVIEW.value,
        superseded=superseded,
        nil_reason=whole.nil_reasons.get("", "") if row.nil or "" in whole.nil_reasons else "",
    )


def _parts_shown(desk: Desk, reading: ReportReading) -> tuple[str, ...]:
    """The written parts taken; a duty of one free text calls it by its own name."""
    if not desk.duty.indicators and not desk.duty.parts:
        return (desk.duty.name,) if reading.parts else ()
    return tuple(part.value for part in reading.parts)


def _shown(desk: Desk, whole: Answer, reading: ReportReading, settled: Mapping[int, object]) -> tuple[FigureLine, ...]:
    """The items of this message that are stored now, under their numbers in it."""
    named = {indicator.id: indicator for indicator in desk.own}
    lines: list[FigureLine] = []
    for item in reading.items:
        if item.indicator in named and (item.certain or item.number in settled):
            lines += lines_of(named[item.indicator], _only(item, whole), item.number, item.written_as)
    for indicator in reading.nils:
        if indicator in named:
            lines += lines_of(named[indicator], whole, len(reading.items) + len(lines) + 1)
    return tuple(lines)


def _only(item: Item, whole: Answer) -> Answer:
    return Answer(values={slot: v for slot, v in whole.values.items() if slot.indicator == item.indicator})


def _doubt_line(desk: Desk, item: Item, doubt: Doubt) -> DoubtLine:
    indicators = {i.id: i for i in (*desk.own, *desk.others)}
    found = indicators.get(item.indicator or "")
    candidates = tuple(indicators[c].name if c in indicators else c for c in doubt.candidates)
    return DoubtLine(
        number=item.number,
        name=found.name if found is not None else "",
        unit=found.unit if found is not None else "",
        reason=doubt.reason.value,
        figure=doubt.slot.figure.value if doubt.slot is not None else "",
        read=doubt.read,
        likely=doubt.likely,
        limit=doubt.limit,
        written=doubt.written,
        candidates=candidates,
    )


def _foreign(desk: Desk, reading: ReportReading) -> tuple[ForeignLine, ...]:
    named = {indicator.id: indicator for indicator in desk.others}
    return tuple(
        ForeignLine(name=named[found.indicator].name, owners=named[found.indicator].owners) for found in reading.foreign
    )
