"""谁没报 and 催报: the live roster, and urging exactly those who owe."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from assessment.notices import Board, BoardRow, Repair, RepairLine, UrgeAsk, UrgedLine, UrgeDone, WhichDuty
from assessment.obligation import Bucket, Kind, bucket
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import StepKind
from handlers.router import Router
from handlers.turn import Turn
from handlers.whom import mentions
from storage import cases, obligations, steps, urging
from storage.obligations import ObligationRow
from storage.programmes import Programme

router = Router()

_WHO_HAS_NOT = re.compile(r"(?:还有)?(?:谁|哪些单位|哪几家|哪家)(?:还)?(?:没有?|未)(?:报|交)(?:送)?")
_SAID_IN_PASSING = re.compile("到?现在|到?目前|今天")
SEES_ROSTER = (Role.OFFICE, Role.LEADER, Role.LEADER_IN_CHARGE)


@router.command(
    "谁没报", "未报", "缺报", "还有谁没交", "还有谁没报", what="查看报送名单", roles=SEES_ROSTER, takes_more=True
)
def show_board(turn: Turn, rest: str) -> None:
    """The live roster of the duty or units asked for, or of each period in which somebody owes."""
    every = [(p, rows) for p in turn.programmes for rows in _periods(turn, p)]
    # The name of a duty may hold a unit's.
    named, words = ([], rest) if any(rest in rows[0].title for _, rows in every) else _whom(turn, rest)
    boards = [(p, rows) for p, rows in every if (words in rows[0].title if words else _current(turn, rows))]
    seen = [(len(rows), mine) for p, rows in boards if (mine := _visible(turn, p, _of(rows, named)))]
    if not seen:
        # Asked with nothing visible: leave is asked all the same, so that a refusal is recorded and reveals nothing.
        office = turn.programmes[0].office if turn.programmes else 0
        if turn.may(Action.SEE_ROSTER, Target(office=office), "报送名单"):
            turn.reply(_not_found("谁没报", rest) if rest else RepairLine(about="谁没报", repair=Repair.NO_OPEN_DUTY))
        return
    scope = "、".join(turn.roster.unit(unit).name for unit in named)
    for owing, rows in seen:
        turn.record(Action.SEE_ROSTER, rows[0].title)
        turn.reply(board(turn, rows, owing, scope))


def board(turn: Turn, rows: Sequence[ObligationRow], owing: int, scope: str = "") -> Board:
    """Every unit that the reader may see in exactly one bucket; `owing` units owe it in all.

    `scope` says which units were asked for, where not all.
    """
    placed = [(bucket(row.facts(), turn.now), row) for row in rows]
    missing = [row for where, row in placed if where is Bucket.MISSING]
    urged = [
        UrgedLine(unit=turn.roster.unit(row.unit).name, at=row.urged_at) for row in rows if row.urged_at is not None
    ]
    told = {row.id for row in rows if any(s.said and s.kind == "催办" for s in steps.history(turn.uow, row.id))}
    return Board(
        title=rows[0].title,
        due=rows[0].due,
        due_mark=cases.due_mark(turn.uow, rows[0]),
        now=turn.now,
        total=len(rows),
        rows=tuple(
            BoardRow(
                bucket=where.value,
                units=tuple(turn.roster.unit(row.unit).name for found, row in placed if found is where),
            )
            for where in Bucket
            if any(found is where for found, _ in placed)
        ),
        missing=tuple(cases.owed_line(turn.uow, turn.installation, turn.roster, row, turn.now) for row in missing),
        urged=tuple(urged),
        undisturbed=len(rows) - len(told),
        scope=scope or ("" if len(rows) == owing else "分管单位"),
        may_urge=turn.can(Action.URGE, Target(office=turn.programme(rows[0].programme).office)),
    )


@router.reader(order=40)
def read_question(turn: Turn) -> bool:
    """哪些单位没报, 9月的计划谁没报: asked in passing, by whoever may ask."""
    if not turn.actor.units(*SEES_ROSTER) or not _WHO_HAS_NOT.search(turn.text):
        return False
    show_board(turn, _SAID_IN_PASSING.sub("", _WHO_HAS_NOT.sub("", turn.text)).strip(" ,，?？的"))
    return True


@router.command("催报", "催办", "提醒未报", what="催报未报单位", roles=(Role.OFFICE,), takes_more=True)
def urge(turn: Turn, rest: str) -> None:
    """Ask for confirmation with the exact list: those who are overdue and owe, and nobody else."""
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.URGE, Target(office=programme.office), "催报"):
            return
    named, words = _whom(turn, rest)
    found = [
        (programme, late)
        for programme in turn.offices()
        for rows in _periods(turn, programme)
        if words in rows[0].title
        if (late := [row for row in rows if _overdue(turn, row) and row.unit in (named or {row.unit})])
    ]
    if not found and words and not any(words in rows[0].title for p in turn.offices() for rows in _periods(turn, p)):
        turn.reply(_not_found("催报", words))
    elif not found:
        turn.reply(UrgeDone(title="", sent=()))
    elif len(found) > 1:
        units = "、".join(turn.roster.unit(unit).name for unit in named)
        titles = [" ".join(("催报", *([units] if units else []), late[0].title)) for _, late in found]
        turn.reply(WhichDuty(titles=tuple(titles)))
    else:
        _ask(turn, *found[0])


@router.confirmation("urge")
def take_confirmation(turn: Turn, content: dict[str, Any]) -> None:
    """确认 urges those who still owe now; who reported meanwhile is left alone."""
    programme = turn.programme(content["programme"])
    if not turn.may(Action.URGE, Target(office=programme.office), content["title"]):
        return
    rows = [obligations.get(turn.uow, obligation) for obligation in content["obligations"]]
    fresh = [row for row in rows if _times_urged(turn, row) == content["urged"][str(row.id)]]
    if len(fresh) < len(rows):
        turn.reply(RepairLine(about=content["title"], repair=Repair.URGED_MEANWHILE))
    if not fresh:
        return
    late = [row for row in fresh if _overdue(turn, row)]
    urged = urging.by_hand(turn.uow, turn.installation, turn.roster, programme, late, turn.now)
    reported = [turn.roster.unit(row.unit).name for row in fresh if row not in late]
    at = turn.office_time(programme)
    turn.reply(
        UrgeDone(
            title=content["title"],
            sent=urged.told,
            skipped=(*urged.skipped, *reported),
            held_until=at if at > turn.now else None,
        )
    )


def _not_found(word: str, words: str) -> RepairLine:
    return RepairLine(about=word, repair=Repair.NO_SUCH_DUTY, facts={"word": word, "words": words})


def _ask(turn: Turn, programme: Programme, late: list[ObligationRow]) -> None:
    title = late[0].title
    people = [p for row in late for p in cases.responsible(turn.roster, row, turn.installation, turn.now)]
    turn.ask(
        "urge",
        {
            "programme": programme.id,
            "title": title,
            "obligations": [row.id for row in late],
            "urged": {str(row.id): _times_urged(turn, row) for row in late},
        },
    )
    turn.reply(
        UrgeAsk(
            title=title,
            units=tuple(turn.roster.unit(row.unit).name for row in late),
            people=cases.names(turn.roster, tuple(dict.fromkeys(people))),
        )
    )


def _whom(turn: Turn, text: str) -> tuple[list[int], str]:
    """The units named, and what is left of the text: the duty, or nothing."""
    found = mentions(turn.roster, text)
    words = text
    for mention in reversed(found):
        words = f"{words[: mention.start]} {words[mention.end :]}"
    return list(dict.fromkeys(mention.unit.id for mention in found)), words.strip(" ,，、")


def _times_urged(turn: Turn, row: ObligationRow) -> int:
    """How often anybody, office or ladder, has urged in this round: a confirmation holds for what was seen."""
    return sum(step.said and step.kind == StepKind.URGE for step in steps.recorded(turn.uow, row.id, row.round))


def _overdue(turn: Turn, row: ObligationRow) -> bool:
    return row.facts().owes and turn.now >= row.grace_end


def _periods(turn: Turn, programme: Programme) -> list[list[ObligationRow]]:
    """The rows of each duty and period, the newest due time first."""
    rows = obligations.of_programme(turn.uow, programme.id, kind=Kind.DUTY)
    in_order = sorted(rows, key=lambda row: (row.due, row.ref, row.period), reverse=True)
    return [list(same) for _, same in groupby(in_order, key=lambda row: (row.ref, row.period))]


def _current(turn: Turn, rows: Sequence[ObligationRow]) -> bool:
    """Somebody still owes it, or it has not fallen due yet."""
    return rows[0].due >= turn.now or any(row.facts().owes for row in rows)


def _of(rows: Sequence[ObligationRow], units: Sequence[int]) -> list[ObligationRow]:
    """Those of the units named, or all where none is."""
    return [row for row in rows if not units or row.unit in units]


def _visible(turn: Turn, programme: Programme, rows: Sequence[ObligationRow]) -> list[ObligationRow]:
    return [row for row in rows if turn.can(Action.SEE_ROSTER, Target(office=programme.office, unit=row.unit))]
