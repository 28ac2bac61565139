"""为什么: one point with clause, fact, time and person, found by its number, its points, or as the newest one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assessment.ledger import AccountKey, Basis, Entry, why_irreversible
from assessment.notices import Refused, Repair, RepairLine, Why, WhyWhich
from assessment.notices.results import NotTold
from assessment.number_words import Number, scan_number
from assessment.periods import Period
from assessment.points import show
from assessment.rights import Action, Target
from assessment.roster import Unit
from assessment.rulebook import Subject
from assessment.scorecard import Line, Scorecard, why
from handlers import numbers, standing, whom
from handlers.accounts_seen import SeenAccount, accounts_seen, seen_of_person, sees
from handlers.embargo import is_told_all_the_same, is_withheld
from handlers.entry_cases import case_of
from handlers.router import Router, seldom
from handlers.scores import READERS, units_asked
from handlers.turn import Turn
from storage import appeals, files, ledger, proposals, scoring, telling
from storage.programmes import Programme

router = Router()

_NUMBER = re.compile(r"[LlPp]-?\d{4}-?\d+")
_POINTS = re.compile(r"(?P<way>扣|加|[-−+])?(?:除|掉)?(?:了|过)?\s*(?P<points>[0-9一二两三四五六七八九十点.]+)?\s*分")
_WAYS = {"扣": -1, "-": -1, "−": -1, "加": 1, "+": 1}
_QUESTION = re.compile(r"为什么|为何|为啥|凭什么|依据")
_OF_ONESELF = re.compile(
    r"(?:我们?|咱们?|本)?(?:单位|局|办|委|镇|乡|县)?(?:为什么|为何|为啥|凭什么|怎么).{0,4}[扣加].{0,6}分[吗呢了啊]?[?。!]*"
)


_SEEING = {
    Subject.UNIT: Action.SEE_SCORE,
    Subject.PERSON: Action.SEE_PERSON_SCORE,
    Subject.LINE: Action.SEE_LINE,
}


@dataclass(frozen=True)
class _Asked:
    """So many points, or any; one way, or both."""

    way: int
    points: Decimal | None

    def fits(self, points: Decimal | None) -> bool:
        if points is None or (self.way and points * self.way <= 0):
            return False
        return self.points is None or abs(points) == self.points

    def __str__(self) -> str:
        way = {-1: "扣", 0: "", 1: "加"}[self.way]
        return f"{way}{show(self.points, 4) if self.points is not None else ''}分"


@dataclass(frozen=True)
class _Found:
    """A line that the sender may see, in whose account of which programme."""

    programme: Programme
    seen: SeenAccount
    line: Line


@router.command("为什么", "依据", "条款", what="查看一条记分的依据", roles=READERS, offered=seldom, takes_more=True)
def explain(turn: Turn, rest: str) -> None:
    """One point: by its number, by its points (为什么扣2分), or the newest one of the unit."""
    number = _number(turn, rest)
    if number is not None:
        _explain_number(turn, number)
        return
    if numbers.refused_foreign(turn, "为什么", "LP", rest):
        return
    asked = _asked(rest)
    for unit in units_asked(turn, rest, freely=True):
        turn.reply(_answer(turn, unit, asked))


@router.reader(order=49)
def read_question(turn: Turn) -> bool:
    """A unit's name with 为什么 anywhere, or 为什么扣2分 of the own unit, without a blank."""
    of_unit = _QUESTION.search(turn.text) is not None and bool(whom.mentions(turn.roster, turn.text))
    if not of_unit and _OF_ONESELF.fullmatch(turn.text) is None:
        return False
    explain(turn, turn.text)
    return True


def _number(turn: Turn, text: str) -> str | None:
    """The number of an entry or a proposal, as far as one is written."""
    bare = numbers.full("L", text, turn.today) if text.strip().isdigit() else None
    if bare is not None:
        return bare if ledger.by_number(turn.uow, bare) is not None else f"P{bare[1:]}"
    written = _NUMBER.search(text)
    return numbers.full(written[0][0].upper(), written[0], turn.today) if written is not None else None


def _asked(text: str) -> _Asked | None:
    """The points that are asked about: 扣2分, 扣两分, 加分; None where only 为什么 is said."""
    for found in _POINTS.finditer(text):
        read = scan_number(found["points"], 0) if found["points"] else None
        points = read.value if isinstance(read, Number) else None
        if found["way"] or points is not None:
            return _Asked(_WAYS.get(found["way"], 0), points)
    return None


def _answer(turn: Turn, unit: Unit, asked: _Asked | None) -> Why | WhyWhich | RepairLine:
    lines = list(_lines(turn, unit))
    if asked is not None:
        fitting = [found for found in lines if asked.fits(found.line.points)]
    else:
        of_unit = [found for found in lines if found.seen.account.subject is Subject.UNIT]
        fitting = (of_unit or lines)[-1:]
    if not lines:
        return RepairLine(about=unit.name, repair=Repair.NO_POINTS_YET, facts={"unit": unit.name})
    if not fitting:
        facts = {"points": str(asked), "unit": unit.name}
        return RepairLine(about=unit.name, repair=Repair.NO_SUCH_POINTS, facts=facts)
    if len(fitting) == 1:
        (found,) = fitting
        return _why(turn, found.programme, found.seen, found.line.ref, unit)
    shown = (standing.point_line(turn, f.programme, _card(turn, f.programme, f.seen), f.line) for f in fitting)
    return WhyWhich(unit=unit.name, points=str(asked), lines=tuple(shown))


def _lines(turn: Turn, unit: Unit) -> Iterator[_Found]:
    for programme in turn.readable():
        if not sees(turn, programme, unit):
            continue
        withheld = is_withheld(turn, programme)
        for seen in accounts_seen(turn, programme, unit):
            for line in _card(turn, programme, seen).lines:
                takes_back = isinstance(line.source, Entry) and line.source.reverses is not None
                if not withheld or is_told_all_the_same(line.points, takes_back=takes_back):
                    yield _Found(programme, seen, line)


def _explain_number(turn: Turn, number: str) -> None:
    found = _by_number(turn, number)
    if found is None:
        turn.reply(Refused())
        return
    programme, account, unit, ref = found
    personal = account.subject is Subject.PERSON
    action = _SEEING[account.subject]
    holder = account.holder if account.subject.of_a_person else None
    target = Target(office=programme.office, unit=unit.id, person=holder)
    if turn.may(action, target, number):
        if is_withheld(turn, programme) and not _is_told_all_the_same(turn, number):
            turn.reply(NotTold(programme=programme.rulebook.name))
            return
        seen = seen_of_person(turn, programme, account.holder, unit) if personal else None
        turn.reply(_why(turn, programme, seen or SeenAccount(account), ref, unit))


def _by_number(turn: Turn, number: str) -> tuple[Programme, AccountKey, Unit, str] | None:
    """What bears that number: in whose account, on which unit's matter, and as which line of the scorecard."""
    entry = ledger.by_number(turn.uow, number)
    if entry is not None:
        case = case_of(turn, entry)
        return case.programme, entry.account, turn.roster.unit(case.unit), str(entry.id)
    row = proposals.by_number(turn.uow, number)
    if row is None:
        return None
    programme = turn.programme(row.programme)
    account = AccountKey(programme.code, Subject(row.subject), row.holder)
    return programme, account, turn.roster.unit(row.unit), row.number


def _is_told_all_the_same(turn: Turn, number: str) -> bool:
    entry = ledger.by_number(turn.uow, number)
    if entry is not None:
        return is_told_all_the_same(entry.points, takes_back=entry.reverses is not None)
    row = proposals.by_number(turn.uow, number)
    return row is not None and is_told_all_the_same(row.points)


def _card(turn: Turn, programme: Programme, seen: SeenAccount, part: Period | None = None) -> Scorecard:
    only = seen.only_of.id if seen.only_of is not None else None
    return scoring.card(turn.uow, programme, seen.account, turn.now, unit=only, part=part)


def _why(turn: Turn, programme: Programme, seen: SeenAccount, ref: str, unit: Unit) -> Why | RepairLine:
    card = _card(turn, programme, seen, scoring.part_of(turn.uow, programme, ref))
    try:
        found = why(programme.rulebook, card, ref)
    except KeyError:
        return RepairLine(about=ref, repair=Repair.SETTLED_SINCE, facts={"unit": unit.name})
    line = card.line(ref)
    shown = standing.point_line(turn, programme, card, line)
    entry = line.source if isinstance(line.source, Entry) else None
    row = proposals.by_number(turn.uow, ref) if entry is None else None
    told = Why(
        entry=shown.entry,
        account=telling.account_name(turn.roster, seen.account.subject.value, seen.account.holder),
        unit=unit.name,
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        cite=found.clause.cite,
        clause=found.clause.name,
        clause_text=found.clause.text,
        points=found.points,
        status=found.status.value,
        covered_by=shown.covered_by,
        fact=shown.fact,
        occurred_at=entry.occurred_at if entry is not None else (row.occurred_at if row is not None else turn.now),
        recorded_at=entry.recorded_at if entry is not None else None,
        confirmed_by=shown.confirmed_by,
        statement=standing.statement_of(turn, entry) if entry is not None else (row.statement if row else None),
        evidence=telling.evidence(turn.uow, found.basis),
        reversed_by=found.reversed_by.number if found.reversed_by is not None else "",
    )
    shown_why = told.model_copy(update=_files(turn, entry, found.basis))
    return shown_why if entry is None else shown_why.model_copy(update=_appeal(turn, entry))


def _files(turn: Turn, entry: Entry | None, basis: Basis) -> dict[str, object]:
    """How many files stand behind a point; of an entry those that were in when it was made (R64)."""
    if basis.obligation is None:
        return {}
    found = files.of_obligation(turn.uow, basis.obligation)
    before = [file for file in found if entry is None or file.asked_at <= entry.recorded_at]
    return {"files": len(before), "archived": entry is not None, "files_since": len(found) - len(before)}


def _appeal(turn: Turn, entry: Entry) -> dict[str, object]:
    """What became of the appeal against an entry, and whether the reader may make one."""
    known = appeals.of_entry(turn.uow, entry.id)
    if known is None:
        case = case_of(turn, entry)
        unreversed = why_irreversible(entry, ledger.entries(turn.uow, entry.account)) is None
        open_to = unreversed and not turn.is_closed(case.programme) and turn.can(Action.APPEAL, case.target)
        return {"may_appeal": open_to}
    answer = known.answer
    return {
        "appeal": known.number,
        "appeal_day": known.day,
        "appeal_upheld": answer.upheld if answer is not None else None,
        "appeal_answer": answer.reason if answer is not None else "",
    }
