"""更正分: a reversing entry; the original stays, and what it had suppressed is judged again."""

from typing import Any

from assessment.ledger import AccountKey, NotReversible, reversal
from assessment.notices import (
    RepairLine,
    ReverseAsk,
    Reversed,
    write,
)
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Subject
from assessment.scorecard import Status
from handlers import numbers
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import ledger, outbox, proposals, scoring, telling
from storage.ids import new_id
from storage.outbox import Priority
from storage.programmes import Programme

router = Router()


@router.command("更正分", "冲销", what="更正已入账的分", roles=OFFICE, offered=seldom, takes_more=True)
def reverse(turn: Turn, rest: str) -> None:
    """更正分 L-… 理由: ask, with what would be revived."""
    wanted, reason = numbers.leading("L", rest, turn.today)
    programme = next(iter(turn.offices() or turn.programmes), None)
    if programme is None or not turn.may(Action.REVERSE, Target(office=programme.office), "更正分"):
        return
    entry = ledger.by_number(turn.uow, wanted[0]) if wanted else None
    if entry is None or not reason:
        why = "未写编号，或没有这个编号的记分" if entry is None else "请写明更正理由"
        turn.reply(RepairLine(about="更正分", why=why, example="更正分 L-1008-18 理由"))
        return
    owner = _programme_of(turn, entry.account)
    unit = _unit_of(turn, entry.proposal, entry.account)
    if not turn.may(Action.REVERSE, _target(owner, unit, entry.account), entry.number):
        return
    turn.ask("reverse", {"entry": entry.number, "reason": reason})
    turn.reply(
        ReverseAsk(
            entry=entry.number,
            account=telling.account_name(turn.roster, entry.account.subject.value, entry.account.holder),
            cite=owner.rulebook.clause(entry.clause).cite,
            points=entry.points,
            reason=reason,
            revived=_covered_by(turn, owner, entry.account, str(entry.id)),
        )
    )


@router.confirmation("reverse")
def take_reversal(turn: Turn, content: dict[str, Any]) -> None:
    """确认 appends the reversing entry; what was suppressed is judged again by the scorecard."""
    entry = ledger.by_number(turn.uow, content["entry"])
    assert entry is not None, "entries are never deleted"
    programme = _programme_of(turn, entry.account)
    unit = _unit_of(turn, entry.proposal, entry.account)
    if not turn.may(Action.REVERSE, _target(programme, unit, entry.account), entry.number):
        return
    revived = _covered_by(turn, programme, entry.account, str(entry.id))
    try:
        draft = reversal(
            entry,
            entry_id=new_id(),
            reason=content["reason"],
            author=turn.actor.person,
            recorded_at=turn.now,
            rulebook_digest=programme.digest,
            entries=ledger.entries(turn.uow, entry.account),
        )
    except NotReversible as refusal:
        turn.reply(RepairLine(about=entry.number, why=refusal.why.value, example="明细"))
        return
    made = ledger.append(turn.uow, turn.installation.ledger_key, draft, turn.today)
    scoring.refresh_total(turn.uow, programme, entry.account, turn.now)
    total = scoring.card(turn.uow, programme, entry.account, turn.now).confirmed.final
    told = Reversed(
        entry=entry.number,
        by_entry=made.number,
        account=telling.account_name(turn.roster, entry.account.subject.value, entry.account.holder),
        unit=turn.roster.unit(unit).name,
        cite=programme.rulebook.clause(entry.clause).cite,
        points=entry.points,
        reason=content["reason"],
        by=turn.name,
        revived=revived,
        total=total,
    )
    turn.reply(told)
    personal = entry.account.subject is Subject.PERSON
    people = (entry.account.holder,) if personal else turn.roster.holders(unit, (Role.REPORTER, Role.HEAD), turn.today)
    for person in people:
        outbox.tell(
            turn.uow,
            person,
            write(told.model_copy(update={"to_unit": True})),
            key=f"reversed:{made.id}:{person}",
            priority=Priority.ESCALATION,
            queued_at=turn.now,
            not_before=turn.office_time(programme),
        )


def _target(programme: Programme, unit: int, account: AccountKey) -> Target:
    person = account.holder if account.subject is Subject.PERSON else None
    return Target(office=programme.office, unit=unit, person=person)


def _programme_of(turn: Turn, account: AccountKey) -> Programme:
    return next(programme for programme in turn.programmes if programme.code == account.programme)


def _unit_of(turn: Turn, proposal: int | None, account: AccountKey) -> int:
    if account.subject is Subject.UNIT:
        return account.holder
    if proposal is not None:
        return proposals.get(turn.uow, proposal).unit
    return next(post.unit for post in turn.roster.posts if post.person == account.holder)


def _covered_by(turn: Turn, programme: Programme, account: AccountKey, ref: str) -> tuple[str, ...]:
    card = scoring.card(turn.uow, programme, account, turn.now)
    return tuple(
        programme.rulebook.clause(line.source.clause).cite
        for line in card.lines
        if line.status is Status.SUPPRESSED and line.covered_by == ref
    )
