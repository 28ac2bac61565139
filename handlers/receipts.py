"""The one answer to a report, as facts: what is stored, what is asked back, what is still owed; and to its signer."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from assessment.notices import (
    Change,
    DoubtLine,
    FigureLine,
    ReportAnswered,
    SignRequest,
)
from assessment.notices.reporting import ScoreLine
from assessment.obligation import State
from assessment.report_reading import Doubt, Item, ReportReading
from assessment.requirements import is_in, missing
from assessment.self_scoring import check_self_score
from assessment.submission import Answer, Slot
from handlers.columns import as_typed
from handlers.duty_desk import Desk, desk_of, foreign_lines, free_text, in_order
from handlers.filing import Filed, figure_lines, lines_of
from handlers.turn import Turn
from storage import cases, files, submissions
from storage.outbox import About, Priority


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
    wanted, row = desk.wanted, desk.row
    owed = missing(wanted, whole)
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
        foreign=foreign_lines(reading, desk.others),
        leftover=reading.leftover,
        changes=changes,
        sent_at=turn.said_at,
        late_stamp=turn.late_stamp,
        on_time=turn.said_at < row.due if row.reported_at is None else row.reported_at < row.due,
        complete=not owed,
        reported=sum(is_in(item, whole) for item in wanted),
        required=len(wanted),
        owed=owed,
        headings=desk.duty.required,
        scores=score_lines(desk, whole),
        score_total=score_total(desk, whole),
        files=_files(turn, desk),
        due=row.due,
        due_mark=desk.duty.due.mark,
        signer="、".join(cases.names(turn.roster, signers)) or None,
        review=row.state == State.REVIEW.value,
        superseded=superseded,
        nil_reason=whole.nil_reasons.get("", "") if row.nil or "" in whole.nil_reasons else "",
        text=free_text(desk),
        until_review=row.review,
    )


def answer_with_receipt(turn: Turn, filed: Filed) -> None:
    """The receipt of something filed otherwise than by reading a text, and the request to sign it."""
    desk = desk_of(turn, filed.row)
    reading = ReportReading(nils=desk.current.nil_reasons)
    turn.reply(answered(turn, desk, desk.current, filed, reading, ()))
    request_signature(turn, replace(desk, row=desk.row.model_copy(update={"state": State.OPEN.value})), filed)


def request_signature(turn: Turn, desk: Desk, filed: Filed) -> None:
    """Ask the signer for each version that awaits the signature; it is withdrawn when that is no longer so."""
    row = filed.row
    if row.state != State.UNSIGNED.value:
        return
    answer = submissions.current(turn.uow, row.id)
    signers = cases.responsible(turn.roster, row, turn.installation, turn.now)
    turn.tell(
        signers,
        SignRequest(
            unit=desk.unit.name,
            title=row.title,
            number=filed.number,
            reporter=turn.name,
            lines=figure_lines(desk.programme.rulebook, turn, row, answer),
            parts=in_order(desk.duty, answer.parts),
            scores=score_lines(desk, answer),
            score_total=score_total(desk, answer),
            files=_files(turn, desk),
            due=row.due,
            due_mark=desk.duty.due.mark,
        ),
        key=f"sign:{row.id}:{filed.number}",
        priority=Priority.ANSWER,
        about=[About(row.id, row.round, row.state)],
    )


def score_lines(desk: Desk, whole: Answer) -> tuple[ScoreLine, ...]:
    """The self-score as it stands, in the rulebook's order."""
    rows = check_self_score(as_typed(whole.scores), desk.programme.rulebook.categories).rows if whole.scores else ()
    return tuple(
        ScoreLine(
            category=row.category, points=row.points, no_task=row.no_task, parts_without_task=row.parts_without_task
        )
        for row in rows
    )


def score_total(desk: Desk, whole: Answer) -> Decimal | None:
    """Its sum, once every category is in."""
    if not whole.scores:
        return None
    score = check_self_score(as_typed(whole.scores), desk.programme.rulebook.categories)
    return score.total if score.complete else None


def _files(turn: Turn, desk: Desk) -> tuple[str, ...]:
    if not desk.duty.files:
        return ()
    return tuple(file.name for file in files.of_obligation(turn.uow, desk.row.id))


def _parts_shown(desk: Desk, reading: ReportReading) -> tuple[str, ...]:
    """The written parts taken; a duty of one free text calls it by its own name."""
    if free_text(desk):
        return (desk.duty.name,) if reading.parts else ()
    return tuple(map(str, reading.parts))


def _shown(desk: Desk, whole: Answer, reading: ReportReading, settled: Mapping[int, object]) -> tuple[FigureLine, ...]:
    """The items of this message that are stored now, under their numbers in it."""
    named = {indicator.id: indicator for indicator in desk.own}
    lines: list[FigureLine] = []
    for item in reading.items:
        if item.indicator in named and (item.certain or item.number in settled):
            lines += lines_of(
                named[item.indicator],
                _only(item, whole),
                item.number,
                year_over=desk.tells_the_year,
                readings=desk.programme.rulebook.readings,
                unit=desk.unit.name,
                written_as=item.written_as,
            )
    for indicator in reading.nils:
        if indicator in named:
            number = len(reading.items) + len(lines) + 1
            lines += lines_of(
                named[indicator],
                whole,
                number,
                year_over=desk.tells_the_year,
                readings=desk.programme.rulebook.readings,
                unit=desk.unit.name,
            )
    return tuple(lines)


def _only(item: Item, whole: Answer) -> Answer:
    return Answer(values={slot: v for slot, v in whole.values.items() if slot.indicator == item.indicator})


def _doubt_line(desk: Desk, item: Item, doubt: Doubt) -> DoubtLine:
    indicators = {i.id: i for i in desk.own}
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
