"""情况说明: what a unit says on a proposed deduction before anybody decides."""

from assessment.notices import Repair, RepairLine, StatementTaken, StatementWhich
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Subject
from handlers import numbers
from handlers.points import proposal_line
from handlers.router import Router
from handlers.turn import Turn
from storage import proposals
from storage.proposals import ProposalRow, Stage

router = Router()


@router.command(
    "情况说明",
    "说明情况",
    what="对拟扣分作情况说明",
    roles=(Role.REPORTER, Role.DEPUTY, Role.HEAD),
    offered=lambda turn: bool(_open(turn)),
    takes_more=True,
)
def state(turn: Turn, rest: str) -> None:
    """情况说明 [编号] 内容. With one proposal open the number is not needed; with several they are listed."""
    every = _open(turn)
    if not every and not turn.own_units() and not turn.may(Action.STATE, Target(office=0), "情况说明"):
        return
    if numbers.refused_foreign(turn, "情况说明", "P", rest):
        return
    wanted, words = numbers.leading("P", rest, turn.today)
    rows = [row for row in every if not wanted or row.number in wanted]
    if len(rows) != 1:
        # A number that is not the sender's is answered as one that nobody bears.
        unknown = "、".join(wanted) if wanted and not rows else ""
        shown = tuple(proposal_line(turn, row) for row in rows or every)
        turn.reply(StatementWhich(lines=shown, unknown=unknown))
        return
    row = rows[0]
    programme = turn.programme(row.programme)
    target = Target(
        office=programme.office, unit=row.unit, person=row.holder if Subject(row.subject).of_a_person else None
    )
    if not turn.may(Action.STATE, target, row.number):
        return
    if not words:
        facts = {"number": row.number}
        turn.reply(RepairLine(about=row.number, repair=Repair.WORDS_OF_STATEMENT, facts=facts))
        return
    text = words if row.statement is None else f"{row.statement}\n{words}"
    spoken = {"statement": text, "stated_at": turn.now, "stated_by": turn.actor.person}
    proposals.change(turn.uow, row.id, **spoken, hearing_since=None)
    taken = StatementTaken(
        number=row.number,
        unit=turn.roster.unit(row.unit).name,
        cite=programme.rulebook.clause(row.clause).cite,
        text=words,
        late=turn.now >= row.statement_until and not row.untold,
    )
    turn.reply(taken)
    office = turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)
    turn.tell(
        office[:1],
        taken.model_copy(update={"to_office": True}),
        key=f"statement:{row.id}:{turn.inbox_id}",
        not_before=turn.office_time(programme),
    )


def _open(turn: Turn) -> list[ProposalRow]:
    """Proposed deductions of the sender's units and of the sender, oldest first."""
    found: dict[int, ProposalRow] = {}
    for unit in turn.own_units():
        for row in proposals.of_unit(turn.uow, unit.id, (Stage.OPEN,)):
            if row.points is not None and row.points < 0 and row.subject == Subject.UNIT.value:
                found[row.id] = row
    # On a person's account that person alone speaks, also after moving to another post.
    for programme in turn.programmes:
        for subject in (subject for subject in Subject if subject.of_a_person):
            for row in proposals.of_account(turn.uow, programme.id, subject.value, turn.actor.person, (Stage.OPEN,)):
                if row.points is not None and row.points < 0:
                    found[row.id] = row
    return list(found.values())
