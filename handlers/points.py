"""加分 and 扣分: what the office records by hand, with evidence and within the printed range."""

from decimal import Decimal, InvalidOperation
from typing import Any

from assessment.ledger import AccountKey
from assessment.marking import Proposal
from assessment.notices import (
    ProposalLine,
    RecordAsk,
    Recorded,
    RepairLine,
)
from assessment.points import to_scaled
from assessment.recording import Recorded as RecordedFact
from assessment.recording import Refusal, check_recorded, record
from assessment.recording import Refused as Objection
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Clause, Subject, Trigger
from handlers import whom
from handlers.router import Router
from handlers.turn import Turn
from storage import ledger, proposing, scoring, telling
from storage.programmes import Programme
from storage.proposals import ProposalRow

router = Router()
OFFICE = (Role.OFFICE,)


@router.command("扣分", what="记录扣分（附依据）", roles=OFFICE, takes_more=True)
def deduct(turn: Turn, rest: str) -> None:
    """扣分 单位 条款 [分值] 理由."""
    _record(turn, rest, -1)


@router.command("加分", what="记录加分（附依据）", roles=OFFICE, takes_more=True)
def award(turn: Turn, rest: str) -> None:
    """加分 单位 条款 [分值] 理由."""
    _record(turn, rest, 1)


@router.confirmation("record")
def take_record(turn: Turn, content: dict[str, Any]) -> None:
    """确认 makes the proposal; it is entered by 核定 like any other."""
    programme = turn.programme(content["programme"])
    if not turn.may(Action.RECORD, Target(office=programme.office, unit=content["unit"]), content["clause"]):
        return
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
    assert row is not None, "the key is this act's own"
    turn.reply(Recorded(line=telling.line(turn.uow, programme, turn.roster, row, turn.now)))


def _record(turn: Turn, rest: str, sign: int) -> None:
    word = "加分" if sign > 0 else "扣分"
    example = f"{word} 单位 条款编号 理由"
    programme = next((p for p in turn.offices() or turn.programmes if p.rulebook.clauses), None)
    if programme is None or not turn.may(Action.RECORD, Target(office=programme.office), word):
        return
    unit, tail = whom.leading(turn.roster, rest)
    if unit is None:
        turn.reply(RepairLine(about=word, why="未能识别是哪个单位，请写明单位名称", example=example))
        return
    if not turn.may(Action.RECORD, Target(office=programme.office, unit=unit.id), unit.name):
        return
    head, _, tail = tail.partition(" ")
    clause, problem = _clause(programme, head, sign)
    if clause is None:
        turn.reply(RepairLine(about=word, why=problem, example=example))
        return
    points, reason = points_and_reason(tail)
    holder = unit.id
    if clause.subject is Subject.PERSON:
        person = next((p for p in turn.roster.people if p.name in reason and _works_in(turn, p.id, unit.id)), None)
        if person is None:
            why = "该条为个人记分，请写明是哪位同志"
            turn.reply(RepairLine(about=clause.cite, why=why, example=f"{word} {unit.name} {head} 姓名 理由"))
            return
        holder = person.id
        if person.id == turn.actor.person:
            turn.may(Action.RECORD, Target(office=programme.office, unit=unit.id, person=person.id), unit.name)
            return
        # The ledger knows people by their ids alone; the name is shown from the roster.
        reason = " ".join(reason.replace(person.name, " ").split())
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
        turn.reply(RepairLine(about=clause.cite, why=why_not(refusal), example=example))
        return
    value = record(recorded, programme.rulebook).points
    assert value is not None, "what has passed the check has a value"
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


def points_and_reason(text: str) -> tuple[Decimal | None, str]:
    """Points at the start of a text, as people type them (-1.5, −1.5分), and the words behind; None without points."""
    head, _, tail = text.strip().partition(" ")
    try:
        value = Decimal(head.removesuffix("分").replace("−", "-"))
        to_scaled(value)
    except (InvalidOperation, ValueError):
        return None, text.strip()
    return value, tail.strip()


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


def why_not(refusal: Refusal) -> str:
    """Why points cannot be recorded, in a few words."""
    bounds = ""
    if refusal.lowest is not None and refusal.highest is not None:
        same = refusal.lowest == refusal.highest
        bounds = f"（应为{refusal.lowest}分）" if same else f"（{refusal.lowest}至{refusal.highest}分）"
    return _OBJECTIONS[refusal.why] + bounds


def proposal_line(turn: Turn, row: ProposalRow) -> ProposalLine:
    """A proposal as it is shown at this moment."""
    return telling.line(turn.uow, turn.programme(row.programme), turn.roster, row, turn.now)


def _works_in(turn: Turn, person: int, unit: int) -> bool:
    return any(post.unit == unit for post in turn.roster.posts_of(person, turn.today))
