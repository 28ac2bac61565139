"""`duban score --under`: what every account would come to by a changed rulebook, for reading and for programs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from assessment import rulebook_file
from assessment.fault import Broken
from assessment.ledger import AccountKey, Entry
from assessment.obligation import Kind
from assessment.points import show_points
from assessment.roster import Roster, Unit
from assessment.rule_change import AccountChange, ClauseChange, ClauseSum, LineChange, Outcome, RuleChange, rule_change
from assessment.rulebook import Clause, Rulebook, Subject
from assessment.scorecard import Line, Scorecard, View
from bot.cards.phrases import clause_named, edition, signed, wide
from bot.cards.times import through
from bot.command_line import Stop
from storage import ledger, programmes, roster, scoring
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage
from storage.unit_of_work import UnitOfWork

_KINDS = {Subject.UNIT: "单位账户", Subject.PERSON: "个人账户", Subject.LINE: "条线账户"}
_TOLD = ("clauses", "readings", "version")
"""Parts of a rulebook whose changes are told one by one."""
_NOT_FORESEEN = "只试算，不写入；新增条款所涉事实台账中没有记载，不在试算之内。"


@dataclass(frozen=True)
class TriedOut:
    """A rule change tried out, with the names under which it is told."""

    old: Rulebook
    new: Rulebook
    file: str
    as_of: datetime
    view: View
    change: RuleChange
    names: Mapping[AccountKey, str]

    def text(self, zone: tzinfo) -> Iterator[str]:
        """Line by line for reading: accounts that differ, clauses, and what of the measure itself is another."""
        yield f"办法修改试算（截至{through(self.as_of, zone)}，{self.view}）"
        tried = edition(self.new.name, self.new.version)
        yield f"现行：{edition(self.old.name, self.old.version)}；试算：{self.file}，{tried}"
        yield _NOT_FORESEEN
        yield ""
        yield from self._accounts()
        yield from self._clauses()
        yield from self._measure()

    def _accounts(self) -> Iterator[str]:
        yield "一、账户"
        differing = [account for account in self.change.accounts if account.differs]
        for account in differing:
            yield from _account_text(account, self.names[account.before.account])
        same = len(self.change.accounts) - len(differing)
        if not differing:
            yield f"  {same} 个账户均无变化"
        elif same:
            yield f"  其余 {same} 个账户无变化"
        if self.change.left_open:
            yield f"  △ {self.change.left_open} 笔须由考核办重新处理，处理之前不计分"

    def _clauses(self) -> Iterator[str]:
        yield ""
        yield "二、条款（含拟加拟扣，限已生效的）"
        for clause in self.change.clauses:
            named = clause_named(clause.clause.cite, clause.clause.name)
            yield f"  {named}：{_counted(clause.before)} → {_counted(clause.after)}"
        if not self.change.clauses:
            yield "  各条合计无变化"

    def _measure(self) -> Iterator[str]:
        yield ""
        yield "三、办法"
        lines = [
            *(f"新增 {clause_named(clause.cite, clause.name)}" for clause in self.change.added),
            *(f"删去 {clause_named(clause.cite, clause.name)}" for clause in self.change.removed),
            *(_changed(old, new) for old, new in self._changed_clauses()),
            *(f"读法“{one.name}”：{one.before} → {one.after}" for one in self.change.readings),
        ]
        yield from (f"  {line}" for line in lines or ["条款和读法无变化"])
        if others := self._changed_besides():
            yield f"  另有改动：{'、'.join(others)}；布置和催办的变化请用 duban rehearse --rulebook {self.file} 预演"

    def _changed_clauses(self) -> list[tuple[Clause, Clause]]:
        """Those that are in both, and not the same in both, whether or not anything stands by them already."""
        before = {clause.id: clause for clause in self.old.clauses}
        return [(before[each.id], each) for each in self.new.clauses if each.id in before and before[each.id] != each]

    def _changed_besides(self) -> list[str]:
        """What else the file says otherwise, by the names under which it is written."""
        return [
            field.alias or name
            for name, field in Rulebook.model_fields.items()
            if name not in _TOLD and getattr(self.old, name) != getattr(self.new, name)
        ]

    def data(self) -> dict[str, Any]:
        """The same for a program: every account, points as text, times in UTC."""
        return {
            "rulebook": {"id": self.old.id, "version": self.old.version},
            "under": {"file": self.file, "id": self.new.id, "version": self.new.version},
            "as_of": self.as_of.isoformat(),
            "view": self.view.value,
            "differs": self.change.differs,
            "left_open": self.change.left_open,
            "accounts": [
                _account_data(account, self.names[account.before.account]) for account in self.change.accounts
            ],
            "clauses": [_clause_data(clause) for clause in self.change.clauses],
            "added": [_named(clause) for clause in self.change.added],
            "removed": [_named(clause) for clause in self.change.removed],
            "changed": [_named(clause) for _, clause in self._changed_clauses()],
            "readings": [vars(one) for one in self.change.readings],
            "changed_besides": self._changed_besides(),
        }


def changed_rules(path: Path) -> Rulebook:
    """The rulebook in a file that nobody has imported. Raises Stop with its faults."""
    try:
        return rulebook_file.load(path.read_text("utf-8-sig"), path.name).rulebook
    except (OSError, UnicodeDecodeError):
        raise Stop(f"{path} 不能读取，请核对文件名，并另存为 UTF-8 编码") from None
    except Broken as broken:
        raise Stop(*map(str, broken.faults)) from None


def tried_out(uow: UnitOfWork, path: Path, unit: Unit | None, as_of: datetime, view: View, zone: tzinfo) -> TriedOut:
    """Try the rulebook in that file on the programme of the same 编号, for all accounts or those of one unit.

    Reads only: not even the audit is written, so that it may be tried as often as one likes. Raises Stop.
    """
    new = changed_rules(path)
    programme = _programme(uow, new, path)
    people = roster.whole(uow)
    keys = sorted(_accounts(uow, programme) if unit is None else _accounts_of(programme, people, unit))
    cards = [scoring.card(uow, programme, key, as_of, view) for key in keys]
    change = rule_change(
        programme.rulebook, new, cards, day=lambda at: at.astimezone(zone).date(), duties=_duties(uow, programme)
    )
    names = {key: _name(people, key) for key in keys}
    return TriedOut(programme.rulebook, new, path.name, as_of, view, change, names)


def _programme(uow: UnitOfWork, new: Rulebook, path: Path) -> Programme:
    running = programmes.running(uow)
    found = [programme for programme in running if programme.rulebook.id == new.id]
    if not found:
        known = "、".join(programme.rulebook.id for programme in running) or "无"
        raise Stop(f"{path.name} 编号：没有编号为“{new.id}”的考核方案在运行，现有：{known}")
    # Of two years of one measure the newest is what a change is tried on.
    return max(found, key=lambda programme: programme.rulebook.year)


def _accounts(uow: UnitOfWork, programme: Programme) -> set[AccountKey]:
    """Every account of the programme in which anything stands, proposed or entered."""
    proposed = uow.rows(
        select(ProposalRow.subject, ProposalRow.holder)
        .where(
            ProposalRow.programme == programme.id,
            col(ProposalRow.stage).in_([Stage.RUNNING.value, Stage.OPEN.value]),
        )
        .distinct()
    )
    entered = {key for key in ledger.accounts(uow) if key.programme == programme.code}
    return entered | {AccountKey(programme.code, Subject(subject), holder) for subject, holder in proposed}


def _accounts_of(programme: Programme, people: Roster, unit: Unit) -> set[AccountKey]:
    """The unit's own account and those of everybody who holds or held a post in it."""
    held = {post.person for post in people.posts if post.unit == unit.id}
    return {scoring.unit_account(programme, unit.id), *(scoring.person_account(programme, one) for one in held)}


def _name(people: Roster, key: AccountKey) -> str:
    return people.unit(key.holder).name if key.subject is Subject.UNIT else people.person(key.holder).name


def _duties(uow: UnitOfWork, programme: Programme) -> dict[int, str]:
    return dict(
        uow.rows(
            select(ObligationRow.id, ObligationRow.ref).where(
                ObligationRow.programme == programme.id, ObligationRow.kind == Kind.DUTY.value
            )
        )
    )


def _changed(before: Clause, after: Clause) -> str:
    named, was, is_now = clause_named(after.cite, after.name), before.points.value, after.points.value
    if was is None or is_now is None or was == is_now:
        return f"改动 {named}"
    return f"改动 {named}：{signed(was)} → {signed(is_now)}"


def _account_text(account: AccountChange, name: str) -> Iterator[str]:
    before, after = account.before, account.after
    estimated = "暂估" if after.estimated else "暂计"
    yield (
        f"  {name}（{_KINDS[before.account.subject]}）："
        f"核定 {_totals(before.confirmed.final, after.confirmed.final)}，"
        f"{estimated} {_totals(before.provisional.final, after.provisional.final)}{'◇' if after.stand_in else ''}"
    )
    if before.base != after.base:
        yield f"    基础分 {_totals(before.base, after.base)}"
    if before.confirmed.capped is not after.confirmed.capped:
        yield f"    {'达到封顶' if after.confirmed.capped else '不再达到封顶'}"
    flags = [{raised.flag for raised in card.flags} for card in (before, after)]
    if flags[0] != flags[1]:
        yield f"    评优资格：{_listed(flags[0])} → {_listed(flags[1])}"
    for line in account.lines:
        yield f"    {_line_text(line, before)}"


def _line_text(line: LineChange, card: Scorecard) -> str:
    before, after = line.before, line.after
    number = _number(before)
    points = signed(before.points)
    if after is None:
        return f"{number}  {points} → 不计  {line.outcome}"
    if line.outcome is Outcome.SUPPRESSED and after.covered_by is not None:
        return f"{number}  {points}  {line.outcome}（以 {_number(card.line(after.covered_by))} 为准）"
    if before.points == after.points:
        return f"{number}  {points}  {line.outcome}"
    status = "" if before.status is after.status else f"（{wide(before.status)} → {wide(after.status)}）"
    return f"{number}  {points} → {signed(after.points)}  {line.outcome}{status}"


def _number(line: Line) -> str:
    return line.source.number if isinstance(line.source, Entry) else line.ref


def _totals(before: Decimal, after: Decimal) -> str:
    return f"{_sum(before)} 分" if before == after else f"{_sum(before)} → {_sum(after)} 分"


def _sum(total: Decimal) -> str:
    return f"−{show_points(-total)}" if total < 0 else show_points(total)


def _listed(flags: set[Any]) -> str:
    return "、".join(sorted(flags)) or "无"


def _counted(found: ClauseSum) -> str:
    return f"{found.number} 笔 {signed(found.points)}" if found.number else "0 笔"


def _account_data(account: AccountChange, name: str) -> dict[str, Any]:
    return {
        "account": name,
        "kind": account.before.account.subject.value,
        "differs": account.differs,
        "before": _card_data(account.before),
        "after": _card_data(account.after),
        "lines": [_line_data(line) for line in account.lines],
    }


def _card_data(card: Scorecard) -> dict[str, Any]:
    return {
        "base": str(card.base),
        "confirmed": str(card.confirmed.final),
        "provisional": str(card.provisional.final),
        "capped": card.confirmed.capped,
        "estimated": list(card.estimated),
        "stand_in": card.stand_in,
        "flags": sorted({raised.flag.value for raised in card.flags}),
        "categories": {one.name: str(one.confirmed.final) for one in card.categories},
    }


def _line_data(line: LineChange) -> dict[str, Any]:
    return {
        "number": _number(line.before),
        "clause": line.before.source.clause,
        "outcome": line.outcome.value,
        "points_before": _plain(line.before.points),
        "points_after": _plain(line.after.points) if line.after is not None else None,
        "status_before": line.before.status.value,
        "status_after": line.after.status.value if line.after is not None else None,
    }


def _clause_data(change: ClauseChange) -> dict[str, Any]:
    sums = {"before": change.before, "after": change.after}
    return {
        **_named(change.clause),
        **{name: {"number": s.number, "points": str(s.points)} for name, s in sums.items()},
    }


def _named(clause: Clause) -> dict[str, Any]:
    return {"clause": clause.id, "cite": clause.cite, "name": clause.name}


def _plain(points: Decimal | None) -> str | None:
    return None if points is None else str(points)
