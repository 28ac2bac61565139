"""The ledger 记分台账: entries that are never changed; a wrong one is answered by a reversing one.

People stand in it by their ids, so that a person can be erased elsewhere and the chain (assessment.chain) still holds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from assessment.rulebook import Share, Subject, Timing, Trigger


@dataclass(frozen=True, order=True)
class AccountKey:
    """记分账户: whose points, in which programme; `holder` is a unit's or a person's id. Never mixed."""

    programme: str
    subject: Subject
    holder: int


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a point rests on: facts in a closed set of fields. Days are days of the domain zone."""

    happened: Trigger
    obligation: int | None = None
    share: Share | None = None
    timing: Timing | None = None
    matter_class: str | None = None
    due_day: date | None = None
    first_urged: date | None = None
    reported: date | None = None
    """The day of the report or of the matter's end; None while there is none."""
    counted_from: date | None = None
    counted_to: date | None = None
    """First and last day that count, both included, where a clause counts by the day."""
    times: int | None = None
    period: str | None = None
    """The name of the period that was settled, where an indicator's points were."""
    exact: str | None = None
    """The exact points as a fraction, 13/3, where the ledger's four places round them (A16)."""
    evidence: tuple[str, ...] = ()
    """References to what proves it: ids of files, numbers of letters."""
    reason: str | None = None
    """In the words of whoever recorded or corrected it. Write no names of people."""

    @property
    def days(self) -> tuple[date, ...]:
        """The days that count, one by one, so that an answer can say which of them are days of rest."""
        if self.counted_from is None or self.counted_to is None:
            return ()
        number = (self.counted_to - self.counted_from).days + 1
        return tuple(self.counted_from + timedelta(days=past) for past in range(number))

    def to_json(self) -> dict[str, Any]:
        """As JSON-able data; what is not known is left out."""
        written = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        return {name: value for name, value in written.items() if value not in (None, [])}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Basis":
        """The inverse of to_json; TypeError for a key that we do not know, ValueError for a value."""
        return cls(**{name: _READ.get(name, _as_it_is)(value) for name, value in data.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _as_it_is(value: Any) -> Any:
    return value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "happened": Trigger,
    "share": Share,
    "timing": Timing,
    "evidence": tuple,
    **dict.fromkeys(("due_day", "first_urged", "reported", "counted_from", "counted_to"), date.fromisoformat),
}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What an entry says, before it is put into its account's chain."""

    id: int
    account: AccountKey
    clause: str
    points: Decimal
    matter: str | None = None
    """The key on which 单项不重复计分 works."""
    basis: Basis
    author: int | None
    """The id of the person who confirmed it; None for a clause that is automatic."""
    proposal: int | None = None
    occurred_at: datetime
    recorded_at: datetime
    reverses: int | None = None
    rulebook_digest: str
    number: str = ""
    """The short number that people see, e.g. L-2608-18."""


@dataclass(frozen=True, kw_only=True)
class Entry(Draft):
    """One entry of the ledger. `seq` counts from 1 in its account; `previous` is the mac before, "" for the first."""

    seq: int
    previous: str
    mac: str

    @property
    def head(self) -> "Head":
        """The head of the chain when this is its last entry."""
        return Head(self.account, self.seq, self.mac)


@dataclass(frozen=True, order=True)
class Head:
    """Where a chain ends."""

    account: AccountKey
    seq: int = 0
    mac: str = ""


class ReversalRefused(StrEnum):
    """Why an entry cannot be reversed."""

    ALREADY = "already reversed"
    IS_REVERSAL = "is itself a reversal"


class NotReversible(Exception):
    """The entry cannot be reversed; `why` says for what reason."""

    def __init__(self, entry: int, why: ReversalRefused) -> None:
        super().__init__(f"entry {entry}: {why}")
        self.why = why


def why_irreversible(entry: Entry, entries: Iterable[Entry]) -> ReversalRefused | None:
    """Why `entry` cannot be reversed, or None; `entries` are those of its account."""
    if entry.reverses is not None:
        return ReversalRefused.IS_REVERSAL
    return ReversalRefused.ALREADY if any(other.reverses == entry.id for other in entries) else None


def reversal(
    entry: Entry,
    *,
    entry_id: int,
    reason: str,
    author: int,
    recorded_at: datetime,
    rulebook_digest: str,
    entries: Iterable[Entry],
) -> Draft:
    """The entry that takes `entry` back; `entries` are those of its account. Raises NotReversible.

    It occurs when the original did: what we now know is that it never held, while what was published until
    `recorded_at` stays as it was. An entry is reversed once; a reversal is answered by a new entry.
    """
    refused = why_irreversible(entry, entries)
    if refused is not None:
        raise NotReversible(entry.id, refused)
    return Draft(
        id=entry_id,
        account=entry.account,
        clause=entry.clause,
        points=-entry.points,
        matter=entry.matter,
        basis=Basis(happened=entry.basis.happened, obligation=entry.basis.obligation, reason=reason),
        author=author,
        occurred_at=entry.occurred_at,
        recorded_at=recorded_at,
        reverses=entry.id,
        rulebook_digest=rulebook_digest,
    )
