"""核定, 加分, 扣分, 更正分: what the office decides about points. The machine proposes, a person decides."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from assessment.ledger import AccountKey, NotReversible, reversal
from assessment.marking import Proposal
from assessment.notices import (
    Cancelled,
    DecideAsk,
    Decided,
    DecideList,
    ProposalLine,
    RecordAsk,
    Recorded,
    RepairLine,
    ReverseAsk,
    Reversed,
    write,
)
from assessment.recording import Recorded as RecordedFact
from assessment.recording import Refusal, check_chosen, check_recorded, record
from assessment.recording import Refused as Objection
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Clause, Per, Subject, Trigger
from assessment.scorecard import Status
from handlers import numbers, whom
from handlers.router import CANCEL, CONFIRM, Router, seldom
from handlers.turn import Turn
from storage import ledger, outbox, proposals, proposing, scoring, telling
from storage.ids import new_id
from storage.outbox import Priority
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage

router = Router()
OFFICE = (Role.OFFICE,)


@router.command(
    "核定", "确认扣分", what="核定拟加拟扣", roles=OFFICE, offered=lambda turn: bool(_undecided(turn)), takes_more=True
)
def decide(turn: Turn, rest: str) -> None:
    """核定: the list; 核定 18、19 or 全部: those; 核定 18 理由…: early, with a reason; 核定 18 -1.5: within a range."""
    _decide(turn, rest, reject=False)


@router.command("不予核定", "不核定", what="不予核定拟加拟扣", roles=OFFICE, offered=seldom, takes_more=True)
def refuse(turn: Turn, rest: str) -> None:
    """不予核定 18 理由: the reason is mandatory."""
    _decide(turn, rest, reject=True)


@router.question("decide")
def take_decision(turn: Turn, content: dict[str, Any], text: str) -> bool:
    """确认 enters each proposal, or drops it; one decided meanwhile by somebody else is left as it is."""
    if text in CANCEL:
        turn.reply(Cancelled())
        return True
    if text not in CONFIRM:
        return False
    lines, entries = [], []
    for proposal in content["proposals"]:
        row = proposals.get(turn.uow, proposal)
        programme = turn.programme(row.programme)
        if not turn.may(Action.DECIDE, Target(office=programme.office, unit=row.unit), row.number):
            continue
        if row.stage != Stage.OPEN.value:
            turn.reply(RepairLine(about=row.number, why="已由他人办理，未重复处理", example="核定"))
            continue
        entries += _settle(turn, programme, row, content)
        lines.append(telling.line(turn.uow, programme, turn.roster, proposals.get(turn.uow, proposal), turn.now))
    if lines:
        turn.reply(Decided(lines=tuple(lines), rejected=content["reject"], entries=tuple(entries)))
    return True


@router.command("扣分", what="记录扣分（附依据）", roles=OFFICE, takes_more=True)
def deduct(turn: Turn, rest: str) -> None:
    """扣分 单位 条款 [分值] 理由."""
    _record(turn, rest, -1)


@router.command("加分", what="记录加分（附依据）", roles=OFFICE, takes_more=True)
def award(turn: Turn, rest: str) -> None:
    """加分 单位 条款 [分值] 理由."""
    _record(turn, rest, 1)


@router.question("record")
def take_record(turn: Turn, content: dict[str, Any], text: str) -> bool:
    """确认 makes the proposal; it is entered by 核定 like any other."""
    if text in CANCEL:
        turn.reply(Cancelled())
        return True
    if text not in CONFIRM:
        return False
    programme = turn.programme(content["programme"])
    if not turn.may(Action.RECORD, Target(office=programme.office, unit=content["unit"]), content["clause"]):
        return True
    clause = programme.rulebook.clause(content["clause"])
    recorded = RecordedFact(
        record=content["record"],
        clause=clause.id,
        account=AccountKey(programme.code, clause.subject, content["holder"]),
        points=Decimal(content["points"]),
        reason=content["reason"],
        evidence=tuple(content["evidence"]),
    )
    row = proposing.put(
        proposing.Desk(turn.uow, turn.installation, programme, turn.now),
        record(recorded, programme.rulebook),
        unit=content["unit"],
        obligation=None,
        occurred_at=turn.now,
        author=turn.actor.person,
    )
    assert row is not None, "the key is this act's own"  # noqa: S101
    turn.reply(Recorded(line=telling.line(turn.uow, programme, turn.roster, row, turn.now)))
    return True


@router.command("更正分", "冲销", what="更正已入账的分", roles=OFFICE, offered=seldom, takes_more=True)
def reverse(turn: Turn, rest: str) -> None:
    """更正分 L-… 理由: ask, with what would be revived."""
    wanted, reason = numbers.leading("L", rest, turn.today)
    programme = next(iter(turn.offices() or turn.programmes), None)
    if programme is None or not turn.may(Action.REVERSE, Target(office=programme.office), "更正分"):
        return
    entry = ledger.by_number(turn.uow, wanted[0]) if wanted else None
    if entry is None or not reason:
        why = "没有找到这条记分" if entry is None else "请写明更正理由"
        turn.reply(RepairLine(about="更正分", why=why, example="更正分 L-1008-18 理由"))
        return
    owner = _programme_of(turn, entry.account)
    unit = _unit_of(turn, owner, entry.proposal, entry.account)
    if not turn.may(Action.REVERSE, Target(office=owner.office, unit=unit), entry.number):
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


@router.question("reverse")
def take_reversal(turn: Turn, content: dict[str, Any], text: str) -> bool:
    """确认 appends the reversing entry; what was suppressed is judged again by the scorecard."""
    if text in CANCEL:
        turn.reply(Cancelled())
        return True
    if text not in CONFIRM:
        return False
    entry = ledger.by_number(turn.uow, content["entry"])
    assert entry is not None, "entries are never deleted"  # noqa: S101
    programme = _programme_of(turn, entry.account)
    unit = _unit_of(turn, programme, entry.proposal, entry.account)
    if not turn.may(Action.REVERSE, Target(office=programme.office, unit=unit), entry.number):
        return True
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
        return True
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
    return True


def _decide(turn: Turn, rest: str, *, reject: bool) -> None:
    offices = turn.offices() or turn.programmes[:1]
    for programme in offices:
        if not turn.may(Action.DECIDE, Target(office=programme.office), "核定"):
            return
    rows = _undecided(turn)
    everything = rest.startswith("全部")
    wanted, tail = numbers.leading("P", rest.removeprefix("全部"), turn.today)
    points, reason = _points_and_reason(tail)
    chosen = [row for row in rows if row.number in wanted] if wanted else rows
    if everything:
        chosen = [row for row in rows if _line(turn, row).decidable]
    if not (wanted or everything) or not chosen:
        turn.reply(DecideList(lines=tuple(_line(turn, row) for row in rows)))
        return
    missing = _what_is_missing(turn, chosen, points, reason, reject=reject)
    if missing is not None:
        turn.reply(missing)
        return
    turn.ask(
        "decide",
        {
            "proposals": [row.id for row in chosen],
            "reason": reason,
            "reject": reject,
            "points": str(points) if points is not None else None,
        },
    )
    lines = tuple(_line(turn, row) for row in chosen)
    if points is not None:
        lines = tuple(line.model_copy(update={"points": points}) for line in lines)
    early = tuple(line.number for line in lines if not line.decidable)
    turn.reply(DecideAsk(confirm=lines, early=early, reason=reason, reject=reject))


def _undecided(turn: Turn) -> list[ProposalRow]:
    return [row for programme in turn.offices() for row in proposals.undecided(turn.uow, programme.id)]


def _what_is_missing(
    turn: Turn, chosen: Sequence[ProposalRow], points: Decimal | None, reason: str, *, reject: bool
) -> RepairLine | None:
    first = chosen[0].number
    if reject:
        return None if reason else RepairLine(about=first, why="请写明不予核定的理由", example=f"不予核定 {first} 理由")
    for row in chosen:
        clause = turn.programme(row.programme).rulebook.clause(row.clause)
        chosen_points = points if clause.discretion is not None else row.points
        objection = check_chosen(clause, chosen_points, reason) if clause.per is Per.EACH else None
        if row.points is None and objection is not None:
            value = clause.discretion.highest if clause.discretion is not None else ""
            return RepairLine(about=row.number, why=_why_not(objection), example=f"核定 {row.number} {value} 理由")
        if not reason and not _line(turn, row).decidable:
            until = turn.installation.local(row.statement_until)
            why = f"情况说明期限未满（{until:%-m月%-d日 %H:%M}），提前核定请写明理由"
            return RepairLine(about=row.number, why=why, example=f"核定 {row.number} 理由")
    return None


def _settle(turn: Turn, programme: Programme, row: ProposalRow, content: dict[str, Any]) -> list[str]:
    """Enter or drop one proposal, and tell those concerned of a deduction."""
    reason = content["reason"]
    account = AccountKey(programme.code, Subject(row.subject), row.holder)
    if content["reject"]:
        proposing.reject(turn.uow, row, by=turn.actor.person, now=turn.now, reason=reason)
        entry = ""
    else:
        points = Decimal(content["points"]) if content["points"] is not None and row.lowest is not None else None
        made = proposing.confirm(
            turn.uow,
            turn.installation,
            programme,
            row,
            by=turn.actor.person,
            now=turn.now,
            points=points,
            reason=reason,
        )
        entry = made.number
    total = scoring.card(turn.uow, programme, account, turn.now).confirmed.final
    telling.decided(
        turn.uow,
        turn.installation,
        programme,
        row,
        entry=entry,
        by=turn.name,
        now=turn.now,
        rejected=content["reject"],
        reason=reason,
        total=total,
    )
    return [entry] if entry else []


def _record(turn: Turn, rest: str, sign: int) -> None:
    word = "加分" if sign > 0 else "扣分"
    example = f"{word} 单位 条款编号 理由"
    programme = next((p for p in turn.offices() or turn.programmes if p.rulebook.clauses), None)
    if programme is None or not turn.may(Action.RECORD, Target(office=programme.office), word):
        return
    unit, tail = whom.leading(turn.roster, rest)
    if unit is None:
        turn.reply(RepairLine(about=word, why="没有看出是哪个单位", example=example))
        return
    if not turn.may(Action.RECORD, Target(office=programme.office, unit=unit.id), unit.name):
        return
    head, _, tail = tail.partition(" ")
    clause, problem = _clause(programme, head, sign)
    if clause is None:
        turn.reply(RepairLine(about=word, why=problem, example=example))
        return
    points, reason = _points_and_reason(tail)
    holder = unit.id
    if clause.subject is Subject.PERSON:
        person = next((p for p in turn.roster.people if p.name in reason and _works_in(turn, p.id, unit.id)), None)
        if person is None:
            why = "该条记个人账户，请写明是哪位同志"
            turn.reply(RepairLine(about=clause.cite, why=why, example=f"{word} {unit.name} {head} 姓名 理由"))
            return
        holder = person.id
    account = AccountKey(programme.code, clause.subject, holder)
    recorded = RecordedFact(
        record=turn.inbox_id,
        clause=clause.id,
        account=account,
        points=_value(clause, points, sign),
        reason=reason,
        evidence=turn.incoming.attachments or ((reason,) if reason else ()),
    )
    card = scoring.card(turn.uow, programme, account, turn.now)
    refusal = check_recorded(
        recorded,
        programme.rulebook,
        entries=ledger.entries(turn.uow, account),
        proposals=[line.source for line in card.lines if isinstance(line.source, Proposal)],
    )
    if refusal is not None:
        turn.reply(RepairLine(about=clause.cite, why=_why_not(refusal), example=example))
        return
    value = record(recorded, programme.rulebook).points
    assert value is not None, "what has passed the check has a value"  # noqa: S101
    turn.ask(
        "record",
        {
            "programme": programme.id,
            "unit": unit.id,
            "holder": holder,
            "clause": clause.id,
            "points": str(value),
            "reason": reason,
            "evidence": list(recorded.evidence),
            "record": turn.inbox_id,
        },
    )
    turn.reply(
        RecordAsk(
            account=telling.account_name(turn.roster, clause.subject.value, holder, unit.id),
            clause=clause.name,
            cite=clause.cite,
            clause_text=clause.text,
            points=value,
            reason=reason,
            evidence=turn.incoming.attachments,
        )
    )


def _clause(programme: Programme, word: str, sign: int) -> tuple[Clause | None, str]:
    """The one clause meant by an id or a citation, of those that a person records."""
    fitting = [c for c in programme.rulebook.clauses if word in (c.id, c.cite) and c.trigger is Trigger.RECORDED]
    signed = [clause for clause in fitting if _direction(clause) in (0, sign)]
    if len(signed) == 1:
        return signed[0], ""
    if not signed:
        return None, "没有这一条，或该条不由人工记录"
    return None, "同一依据有几条，请写条款编号：" + "、".join(f"{c.id}（{c.name}）" for c in signed)


def _direction(clause: Clause) -> int:
    values = [clause.points.value] if clause.points.value is not None else []
    if clause.discretion is not None:
        values += [clause.discretion.lowest, clause.discretion.highest]
    return 0 if not values else (1 if max(values) > 0 else -1)


def _value(clause: Clause, points: Decimal | None, sign: int) -> Decimal | None:
    """The printed value, or what was typed: people type 扣分 … 2 and mean −2."""
    if points is None:
        return clause.points.value
    return points if points < 0 else points * sign


def _points_and_reason(text: str) -> tuple[Decimal | None, str]:
    head, _, tail = text.strip().partition(" ")
    try:
        value = Decimal(head.removesuffix("分").replace("−", "-"))
    except InvalidOperation:
        return None, text.strip()
    return (value, tail.strip()) if value.is_finite() else (None, text.strip())


_OBJECTIONS = {
    Objection.WRONG_ACCOUNT: "该条不记入这类账户",
    Objection.UNSET: "该条分值未设定，不能记分",
    Objection.NO_POINTS: "请写明分值",
    Objection.NOT_PRINTED: "分值与办法规定不符",
    Objection.OUT_OF_RANGE: "分值超出规定幅度",
    Objection.NO_EVIDENCE: "请写明依据或附佐证材料",
    Objection.NO_REASON: "酌情记分请写明理由",
    Objection.EXCLUSIVE: "同一事项各档只能选一，已有一条记分",
    Objection.ONLY_ONCE: "该条只计一次，已有一条记分",
}


def _why_not(refusal: Refusal) -> str:
    bounds = ""
    if refusal.lowest is not None and refusal.highest is not None:
        same = refusal.lowest == refusal.highest
        bounds = f"（应为{refusal.lowest}分）" if same else f"（{refusal.lowest}至{refusal.highest}分）"
    return _OBJECTIONS[refusal.why] + bounds


def _line(turn: Turn, row: ProposalRow) -> ProposalLine:
    return telling.line(turn.uow, turn.programme(row.programme), turn.roster, row, turn.now)


def _programme_of(turn: Turn, account: AccountKey) -> Programme:
    return next(programme for programme in turn.programmes if programme.code == account.programme)


def _unit_of(turn: Turn, programme: Programme, proposal: int | None, account: AccountKey) -> int:  # noqa: ARG001
    if account.subject is Subject.UNIT:
        return account.holder
    if proposal is not None:
        return proposals.get(turn.uow, proposal).unit
    return next(post.unit for post in turn.roster.posts if post.person == account.holder)


def _works_in(turn: Turn, person: int, unit: int) -> bool:
    return any(post.unit == unit for post in turn.roster.posts_of(person, turn.today))


def _covered_by(turn: Turn, programme: Programme, account: AccountKey, ref: str) -> tuple[str, ...]:
    card = scoring.card(turn.uow, programme, account, turn.now)
    return tuple(
        programme.rulebook.clause(line.source.clause).cite
        for line in card.lines
        if line.status is Status.SUPPRESSED and line.covered_by == ref
    )
