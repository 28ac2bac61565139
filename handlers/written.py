"""书面报告: what a unit writes because of its grade or an interview, with the parts that the measure asks for.

What is missing is named and the report does not count until it is there (R39); what has come is kept. It lives the
life of every report: versions, 待审, 通过, 退回, and the ladder.
"""

from assessment.named_parts import cut_named
from assessment.notices.following_up import FollowUpNotDone, FollowUpRefused, WrittenTaken
from assessment.obligation import Kind, State, submit
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import TextPart
from assessment.submission import Answer
from handlers import numbers
from handlers.filing import file
from handlers.router import Router
from handlers.turn import Turn
from storage import counters, follow_ups, obligations, submissions
from storage.follow_ups import LETTER
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.submissions import Way

router = Router()

UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)
_STATES = (State.OPEN, State.REVIEW)


def _owes_one(turn: Turn) -> bool:
    return bool(_owed(turn))


@router.command("书面报告", "书面说明", what="报送书面报告", roles=UNIT_ROLES, offered=_owes_one, takes_more=True)
def write(turn: Turn, rest: str) -> None:
    """书面报告 [H-2701-3] 整改措施:… 整改时限:…"""
    if not turn.own_units() and not turn.may(Action.REPORT, Target(office=0), "书面报告"):
        return
    wanted, words = numbers.leading(LETTER, rest, turn.today)
    rows = [row for row in _owed(turn) if not wanted or row.number in wanted]
    if len(rows) != 1:
        listed = "、".join(f"{row.number} {row.title}" for row in rows)
        why = FollowUpRefused.WRITE_WHAT if rows else FollowUpRefused.NOTHING_WRITTEN_OWED
        turn.reply(FollowUpNotDone(about="书面报告", why=why, words=listed))
        return
    programme = turn.programme(rows[0].programme)
    if not turn.may(Action.REPORT, Target(office=programme.office, unit=rows[0].unit), rows[0].title):
        return
    row = obligations.get(turn.uow, rows[0].id)
    cause = follow_ups.of_obligation(turn.uow, row.id)
    required = tuple(cause.required) if cause is not None else ()
    parts = _parts(words.removeprefix(row.title).strip(" ,，:："), required)
    if not parts:
        turn.reply(FollowUpNotDone(about="书面报告", why=FollowUpRefused.WRITE_WHAT, words=row.title))
        return
    _keep(turn, programme, row, Answer(parts=parts), required)


def missing(required: tuple[str, ...], answer: Answer) -> tuple[str, ...]:
    """What the report still has to say."""
    return tuple(part for part in required if not answer.parts.get(part))


def _owed(turn: Turn) -> list[ObligationRow]:
    rows = [row for unit in turn.own_units() for row in obligations.of_unit(turn.uow, unit.id, _STATES)]
    return [row for row in rows if row.kind == Kind.WRITTEN.value]


def _parts(words: str, required: tuple[str, ...]) -> dict[str, str]:
    """The parts by name; what stands under no name, or all where no names are asked for, as the text itself."""
    rest, parts = cut_named(words, required)
    text = rest.strip()
    return {**parts, TextPart.PROGRESS.value: text} if text else parts


def _keep(turn: Turn, programme: Programme, row: ObligationRow, said: Answer, required: tuple[str, ...]) -> None:
    """A version in any case; the report counts from the message that makes it whole."""
    before = submissions.current(turn.uow, row.id)
    whole = Answer(parts={**before.parts, **said.parts})
    lacking = missing(required, whole)
    number = counters.number(turn.uow, "R", turn.today)
    amends = row.state != State.OPEN.value
    after = row.facts()
    if not lacking:
        after = submit(row.facts(), turn.said_at, keep_days=programme.rulebook.keep_first_days)
    file(turn, programme, row, after, Way.AMEND if amends else Way.REPORT, answer=said, number=number)
    taken = WrittenTaken(
        number=row.number,
        unit=turn.roster.unit(row.unit).name,
        name=row.title,
        version=len(submissions.versions(turn.uow, row.id)),
        sent_at=turn.said_at,
        late_stamp=turn.late_stamp,
        on_time=after.on_time,
        due=row.due,
        missing=lacking,
        parts=tuple((name, whole.parts[name]) for name in whole.parts),
    )
    turn.reply(taken)
    if lacking:
        return
    turn.tell(
        turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)[:1],
        taken.model_copy(update={"to_office": True}),
        key=f"written in:{row.id}:{taken.version}",
        not_before=turn.office_time(programme),
    )
