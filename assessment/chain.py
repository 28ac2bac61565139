"""The chain of the ledger: what shows that an entry was changed, left out, put in, moved or cut off.

Every account has its own chain: an entry's `mac` is an HMAC over all that stands in it and over the mac of the
entry before. Who lacks the key can neither change an entry nor add one. That the last ones were cut off shows
against a signed checkpoint over all heads, which is kept outside the database.
"""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from assessment.ledger import AccountKey, Draft, Entry, Head
from assessment.points import to_scaled
from assessment.rulebook import Subject

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

_ENTRY = b"duban ledger entry 1\n"
_CHECKPOINT = b"duban ledger checkpoint 1\n"


def canonical(entry: Draft) -> bytes:
    """All that an entry says, mac apart, as the one sequence of bytes that stands for it.

    Times count to the millisecond, which is what is stored. Raises ExtraPlaces for points that the ledger cannot
    hold and ValueError for a time without a zone.
    """
    written = {field.name: getattr(entry, field.name) for field in fields(entry) if field.name != "mac"}
    return _json(
        written
        | {
            "account": _account(entry.account),
            "points": to_scaled(entry.points),
            "basis": entry.basis.to_json(),
            "occurred_at": _milliseconds(entry.occurred_at),
            "recorded_at": _milliseconds(entry.recorded_at),
        }
    )


def seal(draft: Draft, head: Head, key: bytes) -> Entry:
    """Put `draft` behind `head`, the present end of its account's chain (`Head(account)` when it is empty).

    Raises ValueError for another account's head and for an empty key, and what `canonical` raises.
    """
    if head.account != draft.account:
        raise ValueError(f"{head.account} is not the account of entry {draft.id}")
    values = {field.name: getattr(draft, field.name) for field in fields(Draft)}
    unsealed = Entry(**values, seq=head.seq + 1, previous=head.mac, mac="")
    return Entry(**values, seq=unsealed.seq, previous=unsealed.previous, mac=_mac(_ENTRY + canonical(unsealed), key))


def is_genuine(entry: Entry, key: bytes) -> bool:
    """Whether the entry says what it said when it was sealed; its place in the chain is not looked at."""
    return _same(_mac(_ENTRY + canonical(entry), key), entry.mac)


class Damage(StrEnum):
    """What is wrong with a chain."""

    CHANGED = "changed"
    """It does not say what was sealed, or was never sealed at all."""
    INSERTED = "inserted"
    """Its place is held by another entry: a forged one, a copy, or one of another account."""
    MISSING = "missing"
    REORDERED = "reordered"
    BROKEN = "broken"
    """Sealed with the right key, but not behind the entry that stands before it."""
    CUT = "cut"
    """The chain ends before the place that the checkpoint has seen."""
    OTHER_KEY = "other key"
    """No entry at all was sealed with this key: the key is wrong, or all was sealed anew by somebody else."""


@dataclass(frozen=True)
class ChainFault:
    """One fault of one chain, at its `seq`-th place; `entry` is the id of the bad row, None where a row is missing."""

    damage: Damage
    account: AccountKey
    seq: int
    entry: int | None


def verify(account: AccountKey, entries: Sequence[Entry], key: bytes, *, head: Head | None = None) -> list[ChainFault]:
    """Examine an account's chain, all its entries given as they are stored; nothing to report is [].

    The first fault named is the earliest in the chain. `head` is the account's head in a checkpoint that
    `verify_checkpoint` has confirmed; without one a cut tail cannot be seen. Of an account with one entry a wrong
    key cannot be told from a changed entry: check the key against a checkpoint first.
    """
    genuine = [is_genuine(entry, key) for entry in entries]
    if len(entries) > 1 and not any(genuine):
        return [ChainFault(Damage.OTHER_KEY, account, entries[0].seq, entries[0].id)]
    held: dict[int, Entry] = {}
    strange: list[Entry] = []
    for entry, sound in zip(entries, genuine, strict=True):
        if sound and entry.account == account and entry.seq not in held:
            held[entry.seq] = entry
        else:
            strange.append(entry)
    changed = {entry.seq for entry in strange if entry.account == account} - held.keys()
    faults = [
        *(_not_in_place(account, entry, changed) for entry in strange),
        *_out_of_order(account, held),
        *_gaps(account, held, changed, head),
        *_breaks(account, held, head),
    ]
    return sorted(faults, key=lambda fault: fault.seq)


def _not_in_place(account: AccountKey, entry: Entry, changed: Set[int]) -> ChainFault:
    damage = Damage.CHANGED if entry.account == account and entry.seq in changed else Damage.INSERTED
    return ChainFault(damage, account, entry.seq, entry.id)


def _out_of_order(account: AccountKey, held: Mapping[int, Entry]) -> Iterator[ChainFault]:
    for entry, wanted in zip(held.values(), sorted(held), strict=True):
        if entry.seq != wanted:
            yield ChainFault(Damage.REORDERED, account, wanted, entry.id)
            return


def _gaps(account: AccountKey, held: Mapping[int, Entry], changed: Set[int], head: Head | None) -> Iterator[ChainFault]:
    last = max(held, default=0)
    for seq in range(1, max(last, head.seq if head else 0) + 1):
        if seq in held or seq in changed:
            continue
        if seq > last:
            yield ChainFault(Damage.CUT, account, seq, None)
            return
        yield ChainFault(Damage.MISSING, account, seq, None)


def _breaks(account: AccountKey, held: Mapping[int, Entry], head: Head | None) -> Iterator[ChainFault]:
    for seq, entry in held.items():
        before = held.get(seq - 1)
        if (seq == 1 and entry.previous) or (before is not None and entry.previous != before.mac):
            yield ChainFault(Damage.BROKEN, account, seq, entry.id)
    if head is not None and head.seq in held and held[head.seq].mac != head.mac:
        yield ChainFault(Damage.BROKEN, account, head.seq, held[head.seq].id)


@dataclass(frozen=True)
class Checkpoint:
    """The heads of all chains at one moment, signed. Kept outside the database."""

    at: datetime
    heads: tuple[Head, ...]
    mac: str

    def to_json(self) -> dict[str, Any]:
        """As JSON-able data, for a file."""
        heads = [{"account": _account(head.account), "seq": head.seq, "mac": head.mac} for head in self.heads]
        return {"at": self.at.isoformat(), "heads": heads, "mac": self.mac}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Checkpoint":
        """The inverse of to_json; KeyError, TypeError or ValueError for what is no checkpoint."""
        heads = []
        for head in data["heads"]:
            programme, subject, holder = head["account"]
            heads.append(Head(AccountKey(programme, Subject(subject), holder), head["seq"], head["mac"]))
        return cls(datetime.fromisoformat(data["at"]), tuple(heads), data["mac"])

    def head_of(self, account: AccountKey) -> Head | None:
        """Where that account's chain ended, or None when it had no entry."""
        return self._by_account.get(account)

    @cached_property
    def _by_account(self) -> Mapping[AccountKey, Head]:
        return {head.account: head for head in self.heads}


def sign_checkpoint(heads: Iterable[Head], at: datetime, key: bytes) -> Checkpoint:
    """Sign `heads` as they are `at` that moment; their order does not matter."""
    ordered = tuple(sorted(heads))
    return Checkpoint(at, ordered, _mac(_checkpoint_bytes(ordered, at), key))


def verify_checkpoint(checkpoint: Checkpoint, key: bytes) -> bool:
    """Whether the checkpoint is as it was signed with `key`."""
    return _same(_mac(_checkpoint_bytes(checkpoint.heads, checkpoint.at), key), checkpoint.mac)


def _checkpoint_bytes(heads: tuple[Head, ...], at: datetime) -> bytes:
    listed = [[_account(head.account), head.seq, head.mac] for head in heads]
    return _CHECKPOINT + _json({"at": _milliseconds(at), "heads": listed})


def _account(account: AccountKey) -> list[str | int]:
    return [account.programme, account.subject, account.holder]


def _milliseconds(at: datetime) -> int:
    if at.utcoffset() is None:
        raise ValueError(f"{at} has no time zone")
    return (at - _EPOCH) // _MILLISECOND


def _json(data: Mapping[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def _mac(content: bytes, key: bytes) -> str:
    if not key:
        raise ValueError("the ledger's key is empty")
    return hmac.digest(key, content, "sha256").hex()


def _same(computed: str, stored: str) -> bool:
    # As bytes, because a tampered mac may hold anything, and compare_digest takes only ASCII text.
    return hmac.compare_digest(computed.encode(), stored.encode("utf-8", "surrogatepass"))
