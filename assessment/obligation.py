"""One thing that one unit owes by one date, and its one life cycle.

A duty's period, an assigned matter (交办), a written explanation: all live the same life::

    OPEN ──complete report──▶ UNSIGNED ──签发──▶ REVIEW ──通过──▶ MET
      ▲        (no signature asked: straight on)   │ (no review asked: straight to MET)
      └──────── 退回 / 撤回, a new round ───────────┘          any ──免报──▶ WAIVED
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from assessment.rulebook import SignOff


class Kind(StrEnum):
    """What an obligation comes from."""

    DUTY = "duty"
    MATTER = "matter"
    LETTER = "letter"
    """责任书: nothing but the head's signature is owed."""
    WRITTEN = "written"
    """A written report or explanation that followed from a grade, a flag or an interview."""
    RECTIFICATION = "rectification"
    """One item of an 整改台账; the unit says it is done, the office closes it (A29)."""


class State(StrEnum):
    """Where an obligation stands in its life."""

    OPEN = "open"
    UNSIGNED = "unsigned"
    REVIEW = "review"
    MET = "met"
    WAIVED = "waived"


class Bucket(StrEnum):
    """The columns of the live roster; each obligation is in exactly one (decisions 15)."""

    WAIVED = "免报"
    UNSIGNED = "待签发"
    REVIEW = "待审"
    NIL = "零报告"
    ON_TIME = "按时"
    LATE = "迟交"
    NOT_DUE = "未到期"
    MISSING = "未提交"


class WrongState(Exception):
    """The act does not fit where the obligation stands; `state` says where."""

    def __init__(self, state: State) -> None:
        super().__init__(f"not possible in state {state}")
        self.state = state


@dataclass(frozen=True)
class Obligation:
    """The facts of one obligation that its life cycle turns on. Times are aware."""

    id: int
    programme: int
    kind: Kind
    ref: str
    """The duty's or the matter's id."""
    unit: int
    period: str
    """The period's name; empty for a matter."""
    title: str
    due: datetime
    """24:00 of the due day, as the exclusive next midnight."""
    grace_end: datetime
    sign_off: SignOff = SignOff.NONE
    review: bool = False
    state: State = State.OPEN
    round: int = 1
    round_since: datetime | None = None
    """When the present round began, for a round after the first."""
    nil: bool = False
    reported_at: datetime | None = None
    """The message time that decides 按时; survives a return, and some days of it where `first_stamp` says so."""
    withdrawn_at: datetime | None = None
    drafted_at: datetime | None = None
    """Message time of the complete report that awaits its signature."""
    urged_at: datetime | None = None
    """When the platform accepted the first urging to the responsible person."""

    @property
    def owes(self) -> bool:
        """Whether the unit still has to act: nothing complete is in, or it is unsigned."""
        return self.state in (State.OPEN, State.UNSIGNED)

    @property
    def on_time(self) -> bool:
        """Whether what was reported came before the due time; False while nothing has."""
        return self.reported_at is not None and self.reported_at < self.due


def submit(obligation: Obligation, at: datetime, *, nil: bool = False, keep_days: int = 0) -> Obligation:
    """Take a complete report sent at `at`; raise WrongState when it was waived.

    An amendment of something already in keeps the first stamp, and awaits signature or review again where the
    duty asks for them. `keep_days` is how long the first stamp survives where it does not for good: see
    `keeps_first_until`.
    """
    if obligation.state is State.WAIVED:
        raise WrongState(obligation.state)
    if obligation.state is not State.OPEN:
        return replace(obligation, nil=nil, state=_after_amendment(obligation))
    drafted = replace(obligation, reported_at=first_stamp(obligation, at, keep_days), nil=nil, drafted_at=at)
    if obligation.sign_off is SignOff.NONE:
        return _take_in(drafted, at)
    return replace(drafted, state=State.UNSIGNED)


def sign(obligation: Obligation, at: datetime) -> Obligation:
    """签发 at `at`: this is the message that counts (decisions 9); raise WrongState unless it awaits a signature."""
    if obligation.state is not State.UNSIGNED:
        raise WrongState(obligation.state)
    return _take_in(obligation, at)


def accept(obligation: Obligation) -> Obligation:
    """通过; raise WrongState unless it awaits review."""
    if obligation.state is not State.REVIEW:
        raise WrongState(obligation.state)
    return replace(obligation, state=State.MET)


def send_back(obligation: Obligation) -> Obligation:
    """退回: a new round; the first stamp stays, a matter's for some days. Raise WrongState when nothing is in."""
    if obligation.state not in (State.UNSIGNED, State.REVIEW, State.MET):
        raise WrongState(obligation.state)
    return replace(obligation, state=State.OPEN, round=obligation.round + 1, drafted_at=None)


def withdraw(obligation: Obligation, at: datetime) -> Obligation:
    """撤回 by the unit, possible until it is acted on: a new round; raise WrongState when reviewed or nothing is in."""
    untouched = obligation.state in (State.UNSIGNED, State.REVIEW) or (
        obligation.state is State.MET and not obligation.review
    )
    if not untouched:
        raise WrongState(obligation.state)
    return replace(
        obligation, state=State.OPEN, round=obligation.round + 1, withdrawn_at=at, drafted_at=None, nil=False
    )


def waive(obligation: Obligation) -> Obligation:
    """免报; raise WrongState once something has been accepted."""
    if obligation.state is State.MET:
        raise WrongState(obligation.state)
    return replace(obligation, state=State.WAIVED)


def keeps_first_until(obligation: Obligation, keep_days: int) -> datetime | None:
    """Until when, that moment included, a new report keeps the first stamp; None where it keeps it for good.

    A report's stamp survives a return for good and a withdrawal for `keep_days` (decisions 16). So does a matter's
    or a problem's after a return: one that was not done has not been done in time by having been said so (A29).
    """
    if obligation.state is not State.OPEN:
        return None
    done_is_said = obligation.kind in (Kind.MATTER, Kind.RECTIFICATION)
    since = obligation.round_since if done_is_said else obligation.withdrawn_at
    return since + timedelta(days=keep_days) if since is not None else None


def first_stamp(obligation: Obligation, at: datetime, keep_days: int) -> datetime | None:
    """The first stamp as far as it still counts at `at`; None where there is none, or no longer."""
    until = keeps_first_until(obligation, keep_days)
    return obligation.reported_at if until is None or at <= until else None


def bucket(obligation: Obligation, now: datetime) -> Bucket:
    """The first that fits of 免报, 待签发, 待审, 零报告, 按时/迟交, 未到期, 未提交."""
    match obligation.state:
        case State.WAIVED:
            return Bucket.WAIVED
        case State.UNSIGNED:
            return Bucket.UNSIGNED
        case State.REVIEW:
            return Bucket.REVIEW
        case State.MET:
            if obligation.nil:
                return Bucket.NIL
            return Bucket.ON_TIME if obligation.on_time else Bucket.LATE
        case State.OPEN:
            return Bucket.NOT_DUE if now < obligation.due else Bucket.MISSING


def _after_amendment(obligation: Obligation) -> State:
    """What was signed or accepted in other words is signed or looked at again; the first stamp stays."""
    if obligation.sign_off is not SignOff.NONE:
        return State.UNSIGNED
    return State.REVIEW if obligation.review else obligation.state


def _take_in(obligation: Obligation, at: datetime) -> Obligation:
    return replace(
        obligation,
        state=State.REVIEW if obligation.review else State.MET,
        reported_at=obligation.reported_at or at,
        withdrawn_at=None,
    )
