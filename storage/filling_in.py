"""Filling in what a running programme's rulebook left unset: a recorded event, and the only change (decisions 12)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select

from assessment import marking, rulebook_file
from assessment.fault import Path
from assessment.filling_in import Filling, fillings
from assessment.ledger import AccountKey, Basis
from assessment.rulebook import Subject
from storage import audit, ledger, programmes, proposals, scoring
from storage.audit import AuditRow
from storage.programmes import Programme, ProgrammeRow
from storage.unit_of_work import UnitOfWork

ACTION = "设定参数"
_TEXT = "更新办法文本"
CHANNEL = "命令行"


class NothingToFill(Exception):
    """The text sets nothing that was unset."""


class WithoutBasis(Exception):
    """A value was given without the document that it rests on; `paths` names them."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__("没有写明依据：" + "、".join(paths))
        self.paths = paths


class ChangedMeanwhile(Exception):
    """Somebody else has filled in something since the programme was read."""


def fill_in(
    uow: UnitOfWork, programme: Programme, text: str, *, basis: Mapping[Path, str], by: int, at: datetime
) -> tuple[Filling, ...]:
    """Give a live programme the text in which parameters that were unset have values; return these.

    `basis` names for each place the document by which the office set it; `by` is the person who answers for it.
    Totals are computed anew, and undecided proposals that had no value get theirs. Raises rulebook_file.Broken,
    filling_in.OtherChange, NothingToFill, WithoutBasis and ChangedMeanwhile; then nothing is changed.
    """
    loaded = rulebook_file.load(text, programme.code)
    filled = fillings(programme.rulebook, loaded.rulebook)
    if not filled:
        raise NothingToFill
    unfounded = tuple(each.path for each in filled if not basis.get(each.at, "").strip())
    if unfounded:
        raise WithoutBasis(unfounded)
    row = ProgrammeRow
    there = (col(row.id) == programme.id, col(row.digest) == programme.digest, col(row.ended).is_(False))
    if not uow.update(row, *there, text=text, digest=loaded.digest):
        raise ChangedMeanwhile
    _record(uow, programme, loaded.digest, filled, basis=basis, by=by, at=at)
    changed = replace(programme, digest=loaded.digest, rulebook=loaded.rulebook)
    _value_proposals(uow, changed, at)
    for account in ledger.accounts(uow):
        if account.programme == programme.code:
            scoring.refresh_total(uow, changed, account, at)
    uow.after_commit(lambda: programmes.forget(programme.id))
    return filled


def earlier_digests(uow: UnitOfWork, code: str) -> frozenset[str]:
    """The digests of the texts that a programme had before parameters were filled in."""
    told = uow.rows(select(AuditRow.object).where(AuditRow.action == _TEXT))
    named = (each.split(" ") for each in told)
    return frozenset(before for programme, before, _ in named if programme == code)


def _record(
    uow: UnitOfWork,
    programme: Programme,
    digest: str,
    filled: tuple[Filling, ...],
    *,
    basis: Mapping[Path, str],
    by: int,
    at: datetime,
) -> None:
    told = [(ACTION, f"{programme.code} {each.path}", f"未设定 → {each.said}；{basis[each.at]}") for each in filled]
    told.append((_TEXT, f"{programme.code} {programme.digest} {digest}", f"{ACTION} {len(filled)} 项"))
    for action, object_, reason in told:
        audit.record(uow, at=at, person=by, channel=CHANNEL, action=action, object_=object_, allowed=True, basis=reason)


def _value_proposals(uow: UnitOfWork, programme: Programme, at: datetime) -> None:
    """Nobody was heard on a proposal without a value: what takes points away now waits until those concerned are."""
    for row in proposals.undecided(uow, programme.id):
        clause = programme.rulebook.clause(row.clause)
        if row.points is not None or row.lowest is not None:
            continue
        account = AccountKey(programme.code, Subject(row.subject), row.holder)
        found = marking.propose(clause, account, Basis.from_json(row.basis), key=row.key)
        if found.points is None:
            continue
        values: dict[str, object] = {"points": found.points}
        if found.points < 0 and row.stated_at is None:
            values |= {"hearing_since": at, "statement_until": at}
        proposals.change(uow, row.id, **values)
