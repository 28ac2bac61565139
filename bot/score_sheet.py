"""`duban score`: a unit's account and those of its people, every line with its clause, fact, times and person."""

import getpass
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from assessment.ledger import Entry
from assessment.points import show_points
from assessment.rights import Action
from assessment.roster import Roster, Unit
from assessment.rulebook import Subject
from assessment.scorecard import Line, Scorecard, View, why
from bot.cards.phrases import clause_named, edition, signed, wide
from bot.cards.scores import covered
from bot.cards.times import dated, through
from bot.command_line import BAD_USAGE, Stop
from storage import audit, programmes, proposals, roster, scoring, telling
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

CHANNEL = "命令行"


@dataclass(frozen=True)
class SheetLine:
    """One entry or open proposal, explained."""

    number: str
    clause: str
    cite: str
    name: str
    text: str
    points: Decimal | None
    status: str
    fact: str
    occurred_at: datetime | None
    recorded_at: datetime | None
    confirmed_by: str
    statement: str
    evidence: tuple[str, ...]
    covered_by: str
    reversed_by: str


@dataclass(frozen=True)
class Account:
    """One account of one programme."""

    programme: str
    version: str
    account: str
    personal: bool
    base: Decimal
    confirmed: Decimal
    provisional: Decimal
    stand_in: bool
    estimated: tuple[str, ...]
    flags: tuple[str, ...]
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True)
class Sheet:
    """All accounts of a unit and its people as of a moment."""

    unit: str
    as_of: datetime
    view: View
    accounts: tuple[Account, ...]

    def text(self, zone: tzinfo, *, reasons: bool) -> Iterator[str]:
        """Line by line for reading; with `reasons` each with clause text, times, person and evidence."""
        yield f"{self.unit}（截至{through(self.as_of, zone)}，{self.view}）"
        if not self.accounts:
            yield "没有记分账户。"
        for account in self.accounts:
            yield from _account_text(account, zone, reasons=reasons)

    def data(self) -> dict[str, Any]:
        """The same for a program: points as text, times in UTC."""
        return {
            "unit": self.unit,
            "as_of": self.as_of.isoformat(),
            "view": self.view.value,
            "accounts": [_plain(account) for account in self.accounts],
        }


def unit_named(uow: UnitOfWork, name: str) -> Unit:
    """The unit of that name or alias. Raises Stop."""
    found = roster.whole(uow).named(name.strip())
    if found is None:
        raise Stop(f"名册中没有“{name}”，请写单位名称或别名", status=BAD_USAGE)
    return found


def sheet(uow: UnitOfWork, unit: Unit, as_of: datetime, view: View, now: datetime) -> Sheet:
    """The sheet of a unit. That it was asked for is written to the audit, as any look at a score is."""
    people = roster.whole(uow)
    accounts = []
    for programme in programmes.running(uow):
        rulebook = programme.rulebook
        if rulebook.account(Subject.UNIT) is not None and rulebook.assessed in (None, unit.name, *unit.aliases):
            card = scoring.card(uow, programme, scoring.unit_account(programme, unit.id), as_of, view)
            accounts.append(_account(uow, programme, people, card))
        if rulebook.account(Subject.PERSON) is not None:
            accounts += list(_people(uow, programme, people, unit, as_of, view))
    audit.record(
        uow,
        at=now,
        person=None,
        channel=CHANNEL,
        action=Action.SEE_SCORE.value,
        object_=unit.name,
        allowed=True,
        basis=f"服务器上的用户 {_user()}",
    )
    return Sheet(unit.name, as_of, view, tuple(accounts))


def _people(
    uow: UnitOfWork, programme: Programme, people: Roster, unit: Unit, as_of: datetime, view: View
) -> Iterator[Account]:
    """The people who hold or held a post in the unit, as far as anything stands in their accounts."""
    for person in dict.fromkeys(post.person for post in people.posts if post.unit == unit.id):
        card = scoring.card(uow, programme, scoring.person_account(programme, person), as_of, view)
        if card.lines:
            yield _account(uow, programme, people, card)


def _account(uow: UnitOfWork, programme: Programme, people: Roster, card: Scorecard) -> Account:
    rulebook = programme.rulebook
    return Account(
        programme=rulebook.name,
        version=rulebook.version,
        account=telling.account_name(people, card.account.subject.value, card.account.holder),
        personal=card.account.subject is Subject.PERSON,
        base=card.base,
        confirmed=card.confirmed.final,
        provisional=card.provisional.final,
        stand_in=card.stand_in,
        estimated=card.estimated,
        flags=tuple(f"{raised.flag}（{rulebook.clause(raised.cause.clause).cite}）" for raised in card.flags),
        lines=tuple(_line(uow, programme, people, card, line) for line in card.lines),
    )


def _line(uow: UnitOfWork, programme: Programme, people: Roster, card: Scorecard, line: Line) -> SheetLine:
    found = why(programme.rulebook, card, line.ref)
    proposal = _proposal(uow, line)
    by = people.person(found.author).name if found.author is not None else ""
    automatic = "自动入账条款" if isinstance(line.source, Entry) and found.author is None else ""
    return SheetLine(
        number=_number(line),
        clause=found.clause.id,
        cite=found.clause.cite,
        name=found.clause.name,
        text=found.clause.text,
        points=line.points,
        status=line.status.value,
        fact=telling.fact(uow, line.source.basis),
        occurred_at=found.occurred_at or (proposal.occurred_at if proposal is not None else None),
        recorded_at=found.recorded_at,
        confirmed_by=by or automatic,
        statement=(proposal.statement or "") if proposal is not None else "",
        evidence=telling.evidence(uow, found.basis),
        covered_by=_number(card.line(line.covered_by)) if line.covered_by else "",
        reversed_by=found.reversed_by.number if found.reversed_by is not None else "",
    )


def _number(line: Line) -> str:
    return line.source.number if isinstance(line.source, Entry) else line.ref


def _proposal(uow: UnitOfWork, line: Line) -> proposals.ProposalRow | None:
    if not isinstance(line.source, Entry):
        return proposals.by_number(uow, line.ref)
    return proposals.get(uow, line.source.proposal) if line.source.proposal is not None else None


def _account_text(account: Account, zone: tzinfo, *, reasons: bool) -> Iterator[str]:
    yield ""
    yield f"依据{edition(account.programme, account.version)}"
    kind = "个人账户，不计入单位" if account.personal else "单位账户"
    mark = "◇" if account.stand_in else ""
    total = "暂估" if account.estimated else "暂计"
    yield (
        f"{account.account}（{kind}）：核定 {_sum(account.confirmed)} 分，{total} {_sum(account.provisional)} 分{mark}"
        f"；基础分 {_sum(account.base)}"
    )
    if account.estimated:
        yield f"  未设定分值：{'、'.join(map(wide, account.estimated))}"
    if account.flags:
        yield f"  评优资格：{'、'.join(account.flags)}"
    if not account.lines:
        yield "  没有加分、扣分记录"
    for line in account.lines:
        yield from _line_text(line, zone, reasons=reasons)


def _sum(total: Decimal) -> str:
    """A total, its minus as in a signed figure."""
    return f"−{show_points(-total)}" if total < 0 else show_points(total)


def _line_text(line: SheetLine, zone: tzinfo, *, reasons: bool) -> Iterator[str]:
    fact = f"{clause_named(line.cite, line.name)}：{line.fact}"
    yield f"  {line.number}  {signed(line.points)}  {wide(line.status)}  {fact}"
    if line.occurred_at is not None:
        recorded = f"；{line.confirmed_by} {dated(line.recorded_at, zone)} 核定" if line.recorded_at else "；待核定"
        yield f"      {dated(line.occurred_at, zone)} 发生{recorded}"
    if line.covered_by:
        yield f"      {covered(line.covered_by)}"
    if line.reversed_by:
        yield f"      已由 {line.reversed_by} 更正，原记录保留"
    if reasons:
        yield f"      条款 {line.clause}：{line.text}"
        if line.statement:
            yield f"      情况说明：{' '.join(line.statement.split())}"
        yield f"      佐证：{'、'.join(line.evidence) or '无附件，以系统记录为准'}"


def _plain(account: Account) -> dict[str, Any]:
    return {
        **vars(account),
        "base": str(account.base),
        "confirmed": str(account.confirmed),
        "provisional": str(account.provisional),
        "lines": [{name: _json(value) for name, value in vars(line).items()} for line in account.lines],
    }


def _json(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "不详"
