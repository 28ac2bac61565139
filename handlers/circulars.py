"""督查通报: the office records what a special supervision found, good and bad, and sends the circular (R46, R47)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from assessment.circular import Finding, Heading, Said, Sign, clause_for, read_circular, written
from assessment.ledger import AccountKey
from assessment.notices.circulars import (
    CircularAsk,
    CircularRecorded,
    CircularRefused,
    FindingEntry,
    FindingLine,
    FindingsOfUnit,
    NotCirculated,
)
from assessment.obligation import Kind, State
from assessment.recording import Recorded, check_recorded, record
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import Subject
from handlers import numbers
from handlers.as_typed import as_typed
from handlers.broadcasting import ask_to_send
from handlers.router import Router, seldom
from handlers.turn import Turn
from handlers.whom import mentions
from storage import circulars, counters, ledger, obligations, proposing
from storage.programmes import Programme

router = Router()

OFFICE = (Role.OFFICE,)
_NOT_REPORTED = "未报"


@router.command("督查通报", what="登记督查通报", roles=OFFICE, offered=seldom, takes_more=True)
def take(turn: Turn, rest: str) -> None:
    """督查通报 第3期 组 一组 表扬 甲镇 …；批评 乙镇 …；未报 名单: its text is shown and asked for confirmation."""
    programme = next(iter(turn.offices() or turn.programmes[:1]), None)
    if programme is None or not turn.may(Action.RECORD, Target(office=programme.office), "督查通报"):
        return
    heading, parts = read_circular(as_typed(turn, rest))
    findings: list[tuple[Unit, Said, FindingLine]] = []
    for part in (one for one in parts if one.word != _NOT_REPORTED):
        found = _findings(turn, programme, part)
        if isinstance(found, CircularRefused):
            turn.reply(found)
            return
        findings += [one for one in found if one not in findings]
    silent = _silent(turn, programme, parts)
    if isinstance(silent, CircularRefused):
        turn.reply(silent)
        return
    if not findings and not silent:
        turn.reply(CircularRefused(why=NotCirculated.NO_FINDING))
        return
    units = {unit.id for unit, _, _ in findings}
    if not all(turn.may(Action.RECORD, Target(office=programme.office, unit=unit), "督查通报") for unit in units):
        return
    known = _on_record(turn, programme, heading.issue, ((unit.id, line.sign, line.text) for unit, _, line in findings))
    if known is not None:
        turn.reply(known)
        return
    text = _text(heading, [line for _, _, line in findings], silent)
    content = {
        "programme": programme.id,
        "issue": heading.issue,
        "text": text,
        "findings": [[unit.id, line.sign, line.text, said.clause] for unit, said, line in findings],
        "record": turn.inbox_id,
    }
    turn.ask("circular", content)
    turn.reply(CircularAsk(text=text, lines=tuple(line for _, _, line in findings), trial=programme.trial))


@router.confirmation("circular")
def take_confirmation(turn: Turn, content: dict[str, Any]) -> None:
    """确认 puts it on record; a finding whose clause has points becomes a proposal like any other."""
    programme = turn.programme(content["programme"])
    units = {unit for unit, *_ in content["findings"]}
    if not all(turn.may(Action.RECORD, Target(office=programme.office, unit=unit), "督查通报") for unit in units):
        return
    said = ((unit, sign, text) for unit, sign, text, _ in content["findings"])
    known = _on_record(turn, programme, content["issue"], said)
    if known is not None:
        turn.reply(known)
        return
    number = counters.number(turn.uow, circulars.LETTER, turn.today)
    kept, lines = [], []
    for nth, (unit, sign, text, named) in enumerate(content["findings"]):
        fact = _fact(programme, unit, Said(sign, text, named), f"{number} {text}".strip(), content["record"] + nth)
        line = _line(turn, programme, turn.roster.unit(unit), Said(sign, text, named))
        proposal = None
        if fact is not None and line.points is not None:
            row = proposing.put(
                proposing.Desk(turn.uow, turn.installation, programme, turn.now),
                record(fact, programme.rulebook),
                unit=unit,
                obligation=None,
                occurred_at=turn.now,
                author=turn.actor.person,
            )
            assert row is not None, "the key is this finding's own"
            proposal, line = row.id, line.model_copy(update={"number": row.number})
        kept.append(circulars.Recorded(unit, Sign(sign), text, proposal))
        lines.append(line)
    circulars.record(
        turn.uow,
        number=number,
        programme=programme.id,
        issue=content["issue"],
        text=content["text"],
        by=turn.actor.person,
        at=turn.now,
        findings=kept,
    )
    turn.reply(CircularRecorded(number=number, text=content["text"], lines=tuple(lines)))


@router.command("发通报", what="发送督查通报", roles=OFFICE, offered=seldom, takes_more=True)
def send(turn: Turn, rest: str) -> None:
    """发通报 [C-2603-1] 对象: goes the way of every 通知, with 试发 and confirmation."""
    programme = next(iter(turn.offices() or turn.programmes[:1]), None)
    if programme is None or not turn.may(Action.BROADCAST, Target(office=programme.office), "发通报"):
        return
    wanted, whom = numbers.leading(circulars.LETTER, rest, turn.today) if rest[:1].upper() == "C" else ((), rest)
    row = circulars.by_number(turn.uow, wanted[0]) if wanted else circulars.newest(turn.uow, programme.id)
    if row is None or row.programme != programme.id:
        turn.reply(CircularRefused(why=NotCirculated.NO_CIRCULAR))
    elif not whom:
        turn.reply(CircularRefused(why=NotCirculated.TO_WHOM, words=row.number))
    else:
        ask_to_send(turn, programme, f"{whom} {row.text}")


@router.command("通报情况", "通报记录", what="查看督查通报的表扬和批评", offered=seldom, takes_more=True)
def show(turn: Turn, rest: str) -> None:
    """通报情况 单位: to the office, the leaders and the unit itself."""
    named = [mention.unit for mention in mentions(turn.roster, rest)]
    units = list(dict.fromkeys(named)) or list(turn.own_units())
    if not units:
        turn.reply(CircularRefused(why=NotCirculated.OF_WHOM))
        return
    for unit in units:
        offices = [p for p in turn.programmes if turn.can(Action.SEE_PROGRESS, Target(office=p.office, unit=unit.id))]
        if not offices:
            turn.may(Action.SEE_PROGRESS, Target(office=0, unit=unit.id), "通报情况")
            return
        turn.record(Action.SEE_PROGRESS, f"通报情况 {unit.name}")
        shown = [programme for programme in offices if not turn.is_hidden(programme)]
        found = [one for programme in shown for one in circulars.of_unit(turn.uow, programme.id, unit.id)]
        signs = [row.sign for _, row in found]
        turn.reply(
            FindingsOfUnit(
                unit=unit.name,
                praised=signs.count(Sign.PRAISE.value),
                criticised=signs.count(Sign.CRITICISM.value),
                entries=tuple(
                    FindingEntry(
                        number=circular.number,
                        issue=circular.issue,
                        at=circular.recorded_at,
                        sign=row.sign,
                        text=row.text,
                    )
                    for circular, row in found
                ),
            )
        )


def _findings(turn: Turn, programme: Programme, part: Said) -> list[tuple[Unit, Said, FindingLine]] | CircularRefused:
    """One finding for each unit that stands at the start of the part."""
    units, end = [], 0
    for mention in mentions(turn.roster, part.text):
        if part.text[end : mention.start].strip(" 、和及,，"):
            break
        units.append(mention.unit)
        end = mention.end
    if not units:
        return CircularRefused(why=NotCirculated.NO_UNIT, words=part.text)
    if part.clause and not clause_for(programme.rulebook, Sign(part.word), part.clause):
        return CircularRefused(why=NotCirculated.NO_SUCH_CLAUSE, words=part.clause)
    text = part.text[end:].strip(" ,，:：、")
    one = Said(part.word, text, part.clause)
    return [(unit, one, _line(turn, programme, unit, one)) for unit in dict.fromkeys(units)]


def _on_record(
    turn: Turn, programme: Programme, issue: str, findings: Iterable[tuple[int, str, str]]
) -> CircularRefused | None:
    """The first finding that the same issue has on record: recorded again it would count twice."""
    for unit, sign, text in findings:
        for circular, row in circulars.of_unit(turn.uow, programme.id, unit):
            if (circular.issue, row.sign, row.text) == (issue, sign, text):
                line = FindingLine(sign=sign, unit=turn.roster.unit(unit).name, text=text)
                why = NotCirculated.ON_RECORD
                return CircularRefused(why=why, words=circular.number, finding=line, at=circular.recorded_at)
    return None


def _line(turn: Turn, programme: Programme, unit: Unit, said: Said) -> FindingLine:
    line = FindingLine(sign=said.word, unit=unit.name, text=said.text)
    fitting = [c for c in clause_for(programme.rulebook, Sign(said.word), said.clause) if c.printed != Decimal(0)]
    if len(fitting) > 1:
        return line.model_copy(update={"clauses": tuple(clause.cite for clause in fitting)})
    fact = _fact(programme, unit.id, said, said.text or said.word, turn.inbox_id)
    if fact is None:
        return line
    against = check_recorded(fact, programme.rulebook, entries=ledger.entries(turn.uow, fact.account))
    if against is not None:
        return line
    return line.model_copy(update={"points": record(fact, programme.rulebook).points, "cite": fitting[0].cite})


def _fact(programme: Programme, unit: int, said: Said, evidence: str, key: int) -> Recorded | None:
    """What is to be proposed for a finding: where exactly one clause speaks of it and prints its points."""
    fitting = [c for c in clause_for(programme.rulebook, Sign(said.word), said.clause) if c.printed != Decimal(0)]
    if len(fitting) != 1 or fitting[0].printed is None:
        return None
    return Recorded(
        record=key,
        clause=fitting[0].id,
        account=AccountKey(programme.code, Subject.UNIT, unit),
        points=fitting[0].printed,
        reason=evidence,
        evidence=(evidence,),
    )


def _silent(
    turn: Turn, programme: Programme, parts: Sequence[Said]
) -> list[tuple[str, tuple[str, ...]]] | CircularRefused:
    """For each 未报 the units that owe that report and have not sent it."""
    found = []
    for part in (one for one in parts if one.word == _NOT_REPORTED):
        duty = next((d for d in programme.rulebook.duties if part.text in (d.name, d.id)), None)
        if duty is None:
            return CircularRefused(why=NotCirculated.NO_SUCH_DUTY, words=part.text)
        rows = obligations.of_programme(turn.uow, programme.id, kind=Kind.DUTY, states=(State.OPEN,))
        units = dict.fromkeys(turn.roster.unit(row.unit).name for row in rows if row.ref == duty.id)
        found.append((duty.name, tuple(units)))
    return found


def _text(heading: Heading, lines: Sequence[FindingLine], silent: Sequence[tuple[str, Sequence[str]]]) -> str:
    return written(heading, (Finding(Sign(line.sign), line.unit, line.text) for line in lines), silent)
