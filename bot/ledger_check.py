"""Recomputing the whole ledger: every chain, every reference, every total, every number given out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlmodel import col, select

from assessment import chain
from assessment.chain import Checkpoint, Damage
from assessment.ledger import AccountKey, Basis, Entry, Head
from assessment.roster import Roster
from assessment.rulebook import Subject
from assessment.scorecard import View, scorecard
from storage import ledger, roster
from storage.counters import CounterRow
from storage.ledger import EntryRow
from storage.matters import MatterRow
from storage.programmes import Programme, ProgrammeRow, read_programme
from storage.proposals import ProposalRow, Stage
from storage.submissions import SubmissionRow
from storage.unit_of_work import UnitOfWork

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)
"""What reading a value raises that somebody put there behind our back."""

_NUMBER = re.compile(r"[A-Z]-([0-9]{4})-([1-9][0-9]*)")
_NUMBERED = (EntryRow, ProposalRow, SubmissionRow, MatterRow)

_SENTENCES: Mapping[Damage, str] = {
    Damage.CHANGED: "内容与入账时不符",
    Damage.INSERTED: "不是入账时的记录，系插入或挪入",
    Damage.MISSING: "缺少这一条",
    Damage.REORDERED: "次序被调换",
    Damage.BROKEN: "与前一条不衔接",
    Damage.CUT: "此条及以后的记录缺失",
    Damage.OTHER_KEY: "各条都不能用现有密钥核对：密钥不对，或整个账户被重做",
}
