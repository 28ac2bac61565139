"""加分 and 扣分: what the office records by hand, with evidence and within the printed range."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment import lines
from assessment.ledger import AccountKey
from assessment.lines import Line
from assessment.marking import Proposal
from assessment.notices import (
    ProposalLine,
    RecordAsk,
    Recorded,
    Repair,
    RepairLine,
)
from assessment.points import to_scaled
from assessment.recording import Recorded as RecordedFact
from assessment.recording import Refusal, check_recorded, record
from assessment.recording import Refused as Objection
from assessment.rights import OWN_ROLES, Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import Clause, Subject
from handlers import whom
from handlers.router import Router
from handlers.turn import Turn
from handlers.which_clause import direction, recordable, understood, which_clause
from storage import ledger, matters, outages, proposing, scoring, telling
from storage.programmes import Programme
from storage.proposals import ProposalRow

router = Router()
OFFICE = (Role.OFFICE,)
_MATTER = re.compile(r"(?:事项|稿件)\s*[:：]\s*(?P<named>[^\s,，。;；]+)|(?P<number>S-\d{4}-\d+)", re.IGNORECASE)
"""What the points are for, where the office names it: a matter by its number, or anything else by a name of its own."""
_POINTS = re.compile(
    r"(?:按|定为?|酌情|酌|拟)?(?P<way>[扣减加])?[除掉]?\s*(?P<points>[-−+]?\d+(?:\.\d+)?)\s*分?(?:核定|计)?"
    r"(?:[\s,，;；。]+|$)"
)
"""Points before anything else, closed by a blank or a sign: 3次, 8:30 and 1、 are none."""
_POINTS_AT_THE_END = re.compile(r"[\s,，;；。](?P<way>[扣减加])[除掉]?\s*(?P<points>\d+(?:\.\d+)?)\s*分[。.]?$")


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
        matter=content.get("matter"),
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
    first = next((p for p in turn.offices() or turn.programmes if p.rulebook.clauses), None)
    if first is None or not turn.may(Action.RECORD, Target(office=first.office), word):
        return
    line = lines.leading(turn.roster, rest, turn.today)
    unit, tail = whom.leading(turn.roster, rest) if line is None else (_unit_of(turn, line[0]), line[1])
    if unit is None:
        turn.reply(RepairLine(about=word, repair=Repair.POINTS_OF_WHICH_UNIT, facts={"word": word}))
        return
    if not turn.may(Action.RECORD, Target(office=first.office, unit=unit.id), unit.name):
        return
    whose = unit.name if line is None else telling.account_name(turn.roster, Subject.LINE.value, line[0].leader)
    among = [each for each in recordable(turn, sign) if (each.clause.subject is Subject.LINE) is (line is not None)]
    found = understood(tail, among)
    if len(found.fitting) != 1:
        turn.reply(which_clause(found, among, word, whose))
        return
    ((programme, clause),) = ((each.programme, each.clause) for each in found.fitting)
    command = f"{word} {whose} {clause.id}"
    said = points_and_reason(found.rest)
    points, reason = said.points, said.reason
    holder = unit.id if line is None else line[0].leader
    if clause.subject is Subject.PERSON:
        person = next((p for p in turn.roster.people if p.name in reason and _works_in(turn, p.id, unit.id)), None)
        if person is None:
            facts = {"command": command}
            turn.reply(RepairLine(about=clause.cite, repair=Repair.POINTS_OF_WHICH_PERSON, facts=facts))
            return
        holder = person.id
        if person.id == turn.actor.person:
            turn.may(Action.RECORD, Target(office=programme.office, unit=unit.id, person=person.id), unit.name)
            return
        # The name only said whose account it is; where it stands again it belongs to the reason.
        reason = " ".join(reason.replace(person.name, " ", 1).split())
    account = AccountKey(programme.code, clause.subject, holder)
    matter, title = _matter_in(turn, programme, reason)
    recorded = RecordedFact(
        record=turn.inbox_id,
        clause=clause.id,
        account=account,
        points=_value(clause, points, sign),
        matter=matter,
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
        turn.reply(why_not(refusal, clause.cite, command=command, unit=whose))
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
            "matter": matter,
            "reason": reason,
            "evidence": list(recorded.evidence),
            "record": turn.inbox_id,
        },
    )
    turn.reply(
        RecordAsk(
            account=telling.account_name(turn.roster, clause.subject.value, holder, unit.id),
            programme=programme.rulebook.name if len(turn.offices()) > 1 else "",
            clause=clause.name,
            cite=clause.cite,
            clause_text=clause.text,
            points=value,
            matter=title,
            reason=reason,
            evidence=turn.incoming.attachments,
        )
    )


def _matter_in(turn: Turn, programme: Programme, reason: str) -> tuple[str | None, str]:
    """What the points are for, on which 单项不重复计分 works, and its name; None where the reason names nothing."""
    found = _MATTER.search(reason)
    if found is None:
        return None, ""
    key = found["number"] or found["named"]
    row = matters.by_number(turn.uow, key.upper())
    if row is not None and row.programme == programme.id:
        return row.number, f"{row.number} {row.title}"
    return (None, "") if found["number"] else (key, key)


def _value(clause: Clause, points: Decimal | None, sign: int) -> Decimal | None:
    """The printed value, or what was typed: people type 扣分 … 2 and mean −2."""
    if points is None:
        return clause.printed
    return points if points < 0 else points * sign


def as_the_clause_goes(clause: Clause, points: Decimal) -> Decimal:
    """Points typed for a clause whose direction is printed: 2 of a deduction means −2, as with 扣分."""
    return points if points < 0 else points * (direction(clause) or 1)


@dataclass(frozen=True)
class Said:
    """Points as people type them, -1.5, −1.5分, 扣1分, 加0.5分, and the words beside them; no points where none stand.

    What is said with 扣 is below 0; what is said with 加 or without a sign is above.
    """

    points: Decimal | None
    reason: str
    way: int = 0
    """-1 where 扣 was written, 1 where 加 was."""


def points_and_reason(text: str) -> Said:
    """Points at the start of a text or, with 扣 or 加 before them, at its end."""
    words = text.strip()
    found = _POINTS.match(words) or _POINTS_AT_THE_END.search(words)
    if found is None:
        return Said(None, words)
    way = 0 if not found["way"] else -1 if found["way"] in "扣减" else 1
    value = Decimal(found["points"].replace("−", "-"))
    try:
        to_scaled(value)
    except ValueError:
        return Said(None, words)
    reason = f"{words[: found.start()]} {words[found.end() :]}".strip()
    return Said(-abs(value) if way < 0 else value, reason, way)


_REPAIRS = {
    Objection.WRONG_ACCOUNT: Repair.OTHER_ACCOUNT,
    Objection.UNSET: Repair.VALUE_NOT_SET,
    Objection.NO_POINTS: Repair.POINTS_TO_CHOOSE,
    Objection.NOT_PRINTED: Repair.POINTS_NOT_AS_PRINTED,
    Objection.OUT_OF_RANGE: Repair.POINTS_OUT_OF_RANGE,
    Objection.NO_EVIDENCE: Repair.EVIDENCE,
    Objection.NO_REASON: Repair.REASON_OF_CHOICE,
    Objection.EXCLUSIVE: Repair.ANOTHER_OF_THE_GROUP,
    Objection.ONLY_ONCE: Repair.STANDS_ALREADY,
}


def why_not(refusal: Refusal, about: str, *, command: str, unit: str) -> RepairLine:
    """Why points cannot stand; `command` is what was typed before the points, for the line to copy."""
    # The points are typed without a sign: 扣分 says which way they go.
    typed = sorted(abs(bound) for bound in (refusal.lowest, refusal.highest) if bound is not None)
    bounds = dict(zip(("lowest", "highest"), typed, strict=False))
    facts = {name: f"{bound:f}" for name, bound in bounds.items()}
    return RepairLine(about=about, repair=_REPAIRS[refusal.why], facts={"command": command, "unit": unit, **facts})


def proposal_line(turn: Turn, row: ProposalRow) -> ProposalLine:
    """A proposal as it is shown at this moment."""
    line = telling.line(turn.uow, turn.programme(row.programme), turn.roster, row, turn.now)
    over = row.statement is None and not row.untold and turn.now >= row.statement_until
    unheard = over and telling.reached_nobody(turn.uow, turn.installation, row, turn.now)
    return line.model_copy(update={"outage": outages.behind(turn.uow, turn.installation, row), "unheard": unheard})


def _unit_of(turn: Turn, line: Line) -> Unit:
    """The unit that a point on a line is filed under: not the sender's own, as long as there is another."""
    own = turn.actor.units(*OWN_ROLES, Role.OFFICE)
    return next((unit for unit in line.units if unit.id not in own), line.units[0])


def _works_in(turn: Turn, person: int, unit: int) -> bool:
    return any(post.unit == unit for post in turn.roster.posts_of(person, turn.today))
