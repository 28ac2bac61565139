"""我的任务: what is open, by due time."""

from assessment.notices import TaskList
from assessment.notices.reporting import TaskLine
from assessment.obligation import Bucket, State, bucket
from assessment.rights import Action, Target
from assessment.roster import Role
from handlers import appeal_answers, following_up
from handlers.router import Router
from handlers.turn import Turn
from storage import cases, obligations

router = Router()

UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)


@router.command("我的任务", "待办", "还要报什么", "任务", what="查看本单位待办事项", roles=UNIT_ROLES)
def show_tasks(turn: Turn, _rest: str) -> None:
    """One list for each unit in which the sender works."""
    units = turn.own_units()
    listed = [show(turn) for show in (following_up.show_list, appeal_answers.show_list)]
    if any(listed) and not units:
        return
    if not units:
        turn.may(Action.SEE_OWN_TASKS, Target(office=0), "我的任务")
        return
    for unit in units:
        rows = obligations.of_unit(turn.uow, unit.id, (State.OPEN, State.UNSIGNED, State.REVIEW))
        lines = []
        for row in (one for one in rows if not turn.is_hidden(turn.programme(one.programme))):
            line = cases.owed_line(turn.uow, turn.installation, turn.roster, row, turn.now)
            where = bucket(row.facts(), turn.now)
            lines.append(
                TaskLine(
                    number=line.number,
                    problem=line.problem,
                    unclaimed=line.unclaimed,
                    reported=row.state == State.REVIEW.value,
                    title=row.title,
                    due=row.due,
                    due_mark=line.due_mark,
                    state="待签署" if line.letter else "未报送" if where is Bucket.NOT_DUE else where.value,
                    owed=line.owed,
                    headings=line.headings,
                    waiting_for=line.waiting_for,
                    until_event=line.until_event,
                    days_to_event=line.days_to_event,
                    evidence_missing=line.evidence_missing,
                    reply=line.reply,
                )
            )
        turn.reply(TaskList(unit=unit.name, now=turn.now, lines=tuple(lines)))
