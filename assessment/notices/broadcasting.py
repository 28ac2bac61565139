"""通知, its receipts, second calls and recalls."""

from datetime import datetime

from assessment.notices.notice import Ask, Facts, Notice


class UnclearWord(Facts):
    """A word of an audience that is not understood, or has several meanings."""

    written: str
    meanings: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    """Names of units that look like it."""


class AudienceUnclear(Notice):
    """通知 for somebody who cannot be told from the words: nothing is guessed."""

    words: tuple[UnclearWord, ...]
    possible: tuple[str, ...]


class OverCap(Facts):
    """Recipients whom the notice would bring above a burden cap."""

    people: tuple[str, ...]
    messages: int
    """So many the bot would then have started to the one who has most."""
    cap: int
    a_day: bool = False
    """The cap is of a day, as for leaders; otherwise of a month."""


class BroadcastAsk(Ask):
    """Confirm a notice: exactly whom it reaches, what it says, and when."""

    office: str
    text: str
    units: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    vacant: tuple[str, ...] = ()
    """Units in which nobody holds the post."""
    unreachable: tuple[str, ...] = ()
    """People who are on no platform."""
    to_group: bool = False
    send_at: datetime | None = None
    """None for at once."""
    put_off: bool = False
    """The time asked for lies outside office hours."""
    receipt_until: datetime | None = None
    over_cap: tuple[OverCap, ...] = ()
    files: tuple[str, ...] = ()
    """Names of what goes with it."""
    left_out: tuple[str, ...] = ()
    """Names of what was sent last and does not go: there are as many already as may go with one notice."""
    file_missed: bool = False
    """The text speaks of an enclosure, and none goes with it."""


class NoticeFile(Facts):
    """A file that goes with a notice, as a message of its own where the platform carries it."""

    name: str
    """With the usual ending of what it is."""
    kind: str
    """One of assessment.evidence.KINDS."""
    size: int
    sha256: str
    """Under which its content is stored."""


class BroadcastTold(Notice):
    """The notice itself. In a 试发 it has no number yet."""

    number: str
    office: str
    text: str
    told_at: datetime
    receipt_until: datetime | None = None
    to_group: bool = False
    """There nobody signs for it."""
    call: int = 0
    """So often the silent have been called, this time included."""
    trial: bool = False
    files: tuple[NoticeFile, ...] = ()


class BroadcastMade(Notice):
    """To who ordered it."""

    number: str
    people: int
    to_group: bool = False
    send_at: datetime | None = None


class ReceiptTaken(Notice):
    """收到: the receipt is kept."""

    number: str
    office: str
    signed_at: datetime
    before: bool = False
    """It was signed for before; that receipt stays."""
    late: bool = False
    recalled: bool = False
    """The notice has been recalled: nothing is signed for any more."""
    unread: bool = False
    """More was written behind 收到, and is not dealt with."""


class NothingToSign(Notice):
    """收到 with nothing to sign for; `number` where one was named."""

    number: str = ""


class TrialSigned(Notice):
    """收到 pressed on a 试发: it works, and nothing is kept."""


class LateReceipt(Facts):
    """Who signed after the time limit."""

    who: str
    at: datetime


class ReceiptsTold(Notice):
    """回执: signed + silent are delivered; with waiting and unreached they are all recipients."""

    number: str
    text: str
    send_at: datetime
    now: datetime
    signed: int = 0
    silent: int = 0
    waiting: int = 0
    unreached: int = 0
    silent_ones: tuple[str, ...] = ()
    unreached_ones: tuple[str, ...] = ()
    late: tuple[LateReceipt, ...] = ()
    receipt_until: datetime | None = None
    recalled_at: datetime | None = None
    to_group: bool = False
    delivered: bool = False
    """To the work group."""
    may_call: bool = False


class CallAsk(Ask):
    """再催: exactly these would be called."""

    number: str
    people: tuple[str, ...]


class CallMade(Notice):
    """The silent are called; who signs meanwhile is left alone."""

    number: str
    people: int
    held_until: datetime | None = None


class RecallAsk(Ask):
    """撤回: what would be stopped, and who would get the correction."""

    number: str
    shown_to: int
    stopped: int
    to_group: bool = False
    correction: str


class Recalled(Notice):
    """What became of a notice that was taken back."""

    number: str
    shown_to: int
    stopped: int
    to_group: bool = False
    held_until: datetime | None = None


class BroadcastCorrected(Notice):
    """To whoever has the notice: it is void, and what holds instead."""

    number: str
    office: str
    told_at: datetime
    correction: str
