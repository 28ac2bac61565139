"""整改 and 已整改: what a unit says of the problems it was told of, and that they are done."""

from collections.abc import Sequence
from datetime import date, timedelta

from assessment.dates_text import read_day
from assessment.named_parts import cut_named
from assessment.notices.rectifying import (
    NotTaken,
    RectifyClaimed,
    RectifyPart,
    RectifyRefused,
    RectifyReported,
)
from assessment.obligation import submit
from assessment.rectification import limit_named, unsaid
from assessment.rights import Action
from assessment.roster import Role
from assessment.rulebook import TextPart
from assessment.submission import Answer
from handlers import rectification_book
from handlers.filing import file
from handlers.rectifying import meant, own_open
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import counters, files, submissions
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.submissions import Way

router = Router()

UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)
_A_TICK = timedelta(milliseconds=1)


def _has_problems(turn: Turn) -> bool:
    return bool(own_open(turn))


@router.command("整改", what="明确整改责任、时限和措施", roles=UNIT_ROLES, offered=seldom, takes_more=True)
def claim(turn: Turn, rest: str) -> None:
    """整改 W-2603-2 责任领导:… 整改时限:…: what must be said of a problem, kept as versions; missing ones are named."""
    if not rest:
        rectification_book.show(turn, rest)
        return
    rows, words = meant(turn, rest, "整改", Action.FEED_BACK)
    if not rows:
        return
    programme = turn.programme(rows[0].programme)
    required = _required(programme)
    _, parts = cut_named(words, required)
    if not required and words:
        parts = {TextPart.PROGRESS: words}
    if not parts:
        missing = unsaid(required, submissions.current(turn.uow, rows[0].id))
        turn.reply(RectifyRefused(why=NotTaken.NOTHING_SAID, number=rows[0].number, names=missing or required))
        return
    if _limit_is_off(turn, programme, rows, parts):
        return
    for row in rows:
        submissions.add(
            turn.uow,
            obligation=row.id,
            way=Way.FEEDBACK,
            number=counters.number(turn.uow, "R", turn.today),
            person=turn.actor.person,
            sent_at=turn.said_at,
            recorded_at=turn.now,
            answer=Answer(parts=parts),
        )
    turn.reply(
        RectifyClaimed(
            numbers=tuple(row.number for row in rows),
            parts=tuple(RectifyPart(name=name, text=text) for name, text in parts.items()),
            missing=_missing(turn, required, rows),
            due=min(row.due for row in rows),
        )
    )


@router.command(
    "已整改",
    "整改完成",
    "已全部整改",
    what="报告问题已整改",
    roles=UNIT_ROLES,
    offered=_has_problems,
    takes_more=True,
)
def report(turn: Turn, rest: str) -> None:
    """已整改 W-2603-2 说明: to be verified by the office; nothing is closed by it (R49)."""
    rows, words = meant(turn, rest, "已整改", Action.REPORT_DONE)
    if not rows:
        return
    programme = turn.programme(rows[0].programme)
    required = _required(programme)
    text, parts = cut_named(words, required)
    text = text.strip(" \n,，:：。")
    if _limit_is_off(turn, programme, rows, parts):
        return
    missing = tuple(name for name in _missing(turn, required, rows) if name not in parts)
    first = rows[0]
    if missing:
        turn.reply(
            RectifyRefused(why=NotTaken.MISSING, number=first.number, title=first.title, names=missing, words=text)
        )
        return
    bare = next((row for row in rows if not text and not files.of_obligation(turn.uow, row.id)), None)
    if bare is not None:
        turn.reply(RectifyRefused(why=NotTaken.NO_ACCOUNT, number=bare.number, title=bare.title))
        return
    said = {**parts, TextPart.PROGRESS.value: text} if text else parts
    for row in rows:
        _report(turn, programme, row, Answer(parts=said), text)


def _report(turn: Turn, programme: Programme, row: ObligationRow, answer: Answer, text: str) -> None:
    after = submit(row.facts(), turn.said_at, keep_days=programme.rulebook.keep_first_days)
    file(turn, programme, row, after, Way.REPORT, answer=answer)
    told = RectifyReported(
        number=row.number,
        title=row.title,
        unit=turn.roster.unit(row.unit).name,
        text=text,
        files=tuple(one.name for one in files.of_obligation(turn.uow, row.id)),
        sent_at=turn.said_at,
        late_stamp=turn.late_stamp,
        on_time=after.on_time,
    )
    turn.reply(told)
    office = turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)
    turn.tell(
        office[:1],
        told.model_copy(update={"to_office": True}),
        key=f"rectify-done:{row.id}:{row.round}",
        not_before=turn.office_time(programme),
        programme=programme,
    )


def _limit_is_off(turn: Turn, programme: Programme, rows: Sequence[ObligationRow], parts: dict[str, str]) -> bool:
    """Whether the unit's own time limit is no day or lies after the notice's; then that has been said."""
    name = limit_named(parts)
    if name is None:
        return False
    day = read_day(parts[name], turn.today, turn.installation.calendar.add_workdays)
    row = min(rows, key=lambda one: one.due)
    why = None
    if not isinstance(day, date):
        why = NotTaken.UNREADABLE_LIMIT
    elif day > turn.installation.day(row.due - _A_TICK):
        why = NotTaken.TOO_LATE
    if why is not None:
        turn.reply(
            RectifyRefused(
                why=why,
                number=row.number,
                names=(name,),
                words=parts[name],
                due=row.due,
                more_time=programme.rulebook.extension is not None,
            )
        )
    return why is not None


def _missing(turn: Turn, required: Sequence[str], rows: Sequence[ObligationRow]) -> tuple[str, ...]:
    """What is unsaid of any of them, in the rulebook's order."""
    lacking = {name for row in rows for name in unsaid(required, submissions.current(turn.uow, row.id))}
    return tuple(name for name in required if name in lacking)


def _required(programme: Programme) -> tuple[str, ...]:
    rules = programme.rulebook.rectification
    return rules.required if rules is not None else ()
