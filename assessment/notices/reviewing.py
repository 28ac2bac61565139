"""Review of reports, and matters assigned."""

from datetime import datetime
from decimal import Decimal

from assessment.notices.notice import Ask, Facts, Notice
from assessment.notices.reporting import FigureLine, ScoreLine


class ReviewLine(Facts):
    """One report that lies with the office."""

    number: str
    """The report's; a matter's own."""
    problem: bool = False
    """It is a problem of a 整改通知, which ends by 销号."""
    matter: bool = False
    """It is a share of a matter, which ends by 销号."""
    unit: str
    title: str
    sent_at: datetime
    on_time: bool
    lines: tuple[FigureLine, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    """The written parts, heading and text, each shortened."""
    files: tuple[str, ...] = ()
    """The names of what is attached."""


class ReviewList(Ask):
    """待审, oldest first; with `ask`, the question whether to 通过, 销号 or 退回 these."""

    lines: tuple[ReviewLine, ...]
    ask: str = ""
    reason: str = ""
    trial: bool = False


class Reviewed(Notice):
    """To the office: 通过 or 退回 was done."""

    number: str
    unit: str
    title: str
    accepted: bool
    reason: str = ""
    by: str = ""
    """Who decided, where that was not the office itself."""
    trial: bool = False
    """The unit is told nothing."""


class SentBack(Notice):
    """To the unit: what to repair. The first stamp stays, a matter's for some days."""

    unit: str
    title: str
    number: str
    matter: bool = False
    reason: str
    by: str = ""
    """Who sent it back, where that was not the office itself."""
    first_at: datetime
    on_time: bool
    on_time_until: datetime | None = None
    """Until when what is reported again counts as on time; None where the first stamp decides for good."""


class HandedOn(Notice):
    """One reviewer has passed it, or the office has handed in its own, and it lies with the next (R78)."""

    number: str
    unit: str
    title: str
    by: str
    """Who passed it; empty where nobody has."""
    to: str
    hearer: str
    """"sender", "reviewer" (the next one) or "unit"."""


class EnterAsk(Ask):
    """Confirm entering what came otherwise, with the time that will decide 按时."""

    unit: str
    title: str
    way: str
    at: datetime
    signer: str = ""
    lines: tuple[FigureLine, ...] = ()
    parts: tuple[str, ...] = ()
    scores: tuple[ScoreLine, ...] = ()
    score_total: Decimal | None = None
    owed: tuple[str, ...] = ()
    """What would still be missing."""


class EnteredFor(Notice):
    """To the unit: the office entered what came by telephone or paper."""

    unit: str
    title: str
    number: str
    way: str
    lines: tuple[FigureLine, ...]
    scores: tuple[ScoreLine, ...] = ()
    score_total: Decimal | None = None
    at: datetime


class Unreached(Facts):
    """A unit of which nobody can be told."""

    unit: str
    post: str
    """The post whose holder would be told."""
    people: tuple[str, ...] = ()
    """Who holds it and is on no platform; nobody where the post is vacant."""


class MatterAsk(Ask):
    """Confirm assigning a matter."""

    title: str
    category: str
    lead: str
    co: tuple[str, ...]
    leader: str = ""
    """The leader of this matter 包抓领导."""
    due: datetime
    unreached: tuple[Unreached, ...] = ()
    trial: bool = False


class MatterAssigned(Notice):
    """To who assigned it."""

    number: str
    title: str
    lead: str
    co: tuple[str, ...]
    leader: str = ""
    due: datetime
    unreached: tuple[Unreached, ...] = ()
    trial: bool = False


class MatterTold(Notice):
    """To the units: what to do by when."""

    number: str
    title: str
    unit: str
    share: str
    due: datetime
    assigned_by: str
    convener: str = ""
    """Which unit convenes, where there are several."""
    leader: str = ""


class MatterReported(Notice):
    """The unit says it is done; the office still has to close it."""

    number: str
    title: str
    unit: str
    text: str
    sent_at: datetime
    late_stamp: bool = False
    on_time: bool
    to_office: bool = False


class MatterClosed(Notice):
    """销号."""

    number: str
    title: str
    unit: str
    on_time: bool
