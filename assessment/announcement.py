"""通知 as it is typed: for whom, the text, its files, when it is to be sent, until when a receipt is asked for."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from assessment.audience import WORK_GROUP, Audience, Known, Unclear, read_audience
from assessment.dates_text import read_day
from assessment.typed_text import aligned, visible

AddWorkdays = Callable[[date, int], date]


class Misread(StrEnum):
    """Why an announcement cannot be sent as it stands."""

    NOBODY = "nobody"
    """No audience, or one to which nobody belongs at present."""
    NO_TEXT = "no text"
    NO_AUDIENCE = "no audience"
    """A text alone, 明天开会; `written`."""
    TIME = "time"
    """A time that does not exist or lies behind us; `written`."""
    UNTIL = "until"
    """Receipts wanted before the notice is sent, or by a day that cannot be read; `written`."""
    AUDIENCE_OR_TEXT = "audience or text"
    """A name that may still belong to the audience, or begin the text; `written`."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, in the words that were typed."""

    kind: Misread
    written: str = ""


@dataclass(frozen=True)
class Enclosed:
    """What 附件 at the end of a notice asks for: the files that its author sent last."""

    count: int = 1
    name: str = ""
    """What the file is to be called, as in 附件：任务分解表; empty where it keeps its name."""


@dataclass(frozen=True)
class Announcement:
    """What is to be said to whom. `audience` is None for the work group."""

    audience: Audience | None
    text: str
    send_at: datetime | None = None
    """Aware; the start of the day where only a day was named. None for at once."""
    receipt_until: datetime | None = None
    """Aware and exclusive: 8月10日前 is the midnight after that day."""
    enclosed: Enclosed | None = None
    """None where no file is to go with it."""


_DAY = r"(?:20[0-9]{2}年)?[0-9]{1,2}月[0-9]{1,2}[日号]|[0-9]{1,2}[日号]|今天|明天|后天|(?:本|下)?周[一二三四五六日天]"
_CLOCK = r"(?:上午|下午|晚上|晚|中午)? ?[0-9]{1,2}(?::[0-9]{1,2}|[时点](?:[0-9]{1,2}分?|半|整)?)"
_WHEN = rf"(?P<day>{_DAY})? ?(?P<clock>{_CLOCK})?"
_SENT = rf"(?:定?于|在)? ?{_WHEN} ?(?:发送|发出|下发|群发)"
_SIGNED = rf"(?:请|并请)?(?:于|在)? ?{_WHEN} ?(?:之前|以前|前)? ?(?:回执|签收|回复“?收到”?)"
_STOPS = r"[\s,;。;.:]"
_AT_THE_END = rf"(?:^|(?<={_STOPS})){{}}[。.\s]*$"
_AT_THE_START = rf"\s*{{}}(?:{_STOPS}+|$)"
_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_FILE = re.compile(
    rf"(?:^|(?<={_STOPS}))附(?:件|文件)"
    rf"(?: ?(?P<count>[1-9{''.join(_NUMERALS)}]) ?[个份件]| ?: ?(?P<name>[^\s:][^\n:]{{0,59}}))?[。.\s]*$"
)
_TIME_OF_DAY = re.compile(r"(上午|下午|晚上|晚|中午)? ?([0-9]{1,2})(?::|[时点])([0-9]{1,2}|半|整)?")
_END_OF_ADDRESS = re.compile(r"[\s:]")
_EDGES = " \n,，;；:：、"


def read_announcement(
    typed: str, known: Known, now: datetime, zone: tzinfo, add_workdays: AddWorkdays
) -> Announcement | Fault | tuple[Unclear, ...]:
    """Read what follows 通知; Fault or what is unclear of the audience where it cannot be sent. Never raises."""
    clock = _Clock(now.astimezone(zone), add_workdays)
    text = visible(typed)
    text, sent, signed = _without_times(text, at_the_end=True)
    text, enclosed = _without_file(text)
    if enclosed is not None:
        text, sent_before, signed_before = _without_times(text, at_the_end=True)
        sent, signed = sent or sent_before, signed or signed_before
    text, sent_first, _ = _without_times(text, at_the_end=False)
    words, body, clear = _addressed(text)
    body, sent_next, signed_next = _without_times(body, at_the_end=False)
    body = body.strip(_EDGES)
    next_word = "" if clear else _first_word(body)
    if not words or not body:
        return _incomplete(words, known)
    audience = None if words == WORK_GROUP else read_audience(words, known)
    if audience is not None and audience.unclear:
        return audience.unclear
    if next_word and _is_audience(next_word, known):
        return Fault(Misread.AUDIENCE_OR_TEXT, next_word)
    if audience is not None and not audience.addressees:
        return Fault(Misread.NOBODY, words)
    return _timed(
        Announcement(audience, body, enclosed=enclosed), clock, sent or sent_first or sent_next, signed or signed_next
    )


def _incomplete(words: str, known: Known) -> Fault:
    """One word or none: of an audience the text is lacking, of anything else the audience."""
    if not words:
        return Fault(Misread.NOBODY)
    found = read_audience(words, known) if words != WORK_GROUP else None
    if found is None or not found.unclear or any(word.meanings or word.near for word in found.unclear):
        return Fault(Misread.NO_TEXT)
    return Fault(Misread.NO_AUDIENCE, words)


@dataclass(frozen=True)
class _Clock:
    now: datetime
    add_workdays: AddWorkdays

    def day(self, written: str | None) -> date | None:
        """The day meant; today where none is named, None where there is no such day ahead."""
        if not written:
            return self.now.date()
        found = read_day(written, self.now.date(), self.add_workdays)
        return found if isinstance(found, date) else None

    def at(self, day: date, written: str | None) -> datetime | None:
        """That time of the day, its start where none is named; None where there is no such time."""
        found = _TIME_OF_DAY.match(written or "0:00")
        assert found is not None, "what was found as a time of day is one"
        part, hour, minute = found[1], int(found[2]), found[3]
        if part in ("下午", "晚上", "晚") and hour < 12:
            hour += 12
        minutes = 30 if minute == "半" else 0 if minute in (None, "整") else int(minute)
        if minutes > 59 or hour > 24 or (hour == 24 and minutes):
            return None
        midnight = datetime.combine(day, time.min, self.now.tzinfo)
        return midnight + timedelta(hours=hour, minutes=minutes)


def _timed(
    said: Announcement, clock: _Clock, sent: re.Match[str] | None, signed: re.Match[str] | None
) -> Announcement | Fault:
    send_at = until = None
    if sent is not None:
        day = clock.day(sent["day"])
        send_at = clock.at(day, sent["clock"]) if day is not None else None
        today = sent["clock"] is None and day == clock.now.date()
        if send_at is None or (send_at < clock.now and not today):
            return Fault(Misread.TIME, _written(sent))
    if signed is not None:
        day = clock.day(signed["day"])
        until = clock.at(day, signed["clock"] or "24:00") if day is not None else None
        if until is None or until <= max(clock.now, send_at or clock.now):
            return Fault(Misread.UNTIL, _written(signed))
    return replace(said, send_at=send_at, receipt_until=until)


def _without_times(text: str, *, at_the_end: bool) -> tuple[str, re.Match[str] | None, re.Match[str] | None]:
    """The text without when to send it and until when to sign for it, in either order."""
    sent: re.Match[str] | None = None
    signed: re.Match[str] | None = None
    for _ in range(2):
        if sent is None and (found := _cut(text, _SENT, at_the_end=at_the_end)):
            text, sent = found
        if signed is None and (found := _cut(text, _SIGNED, at_the_end=at_the_end)):
            text, signed = found
    return text, sent, signed


def _without_file(text: str) -> tuple[str, Enclosed | None]:
    """The text without the word at its end that encloses a file; 详见附件 is a part of the text."""
    found = _FILE.search(aligned(text).replace("；", ";").replace("，", ","))
    if found is None:
        return text, None
    count = found["count"] or "1"
    name = text[found.start("name") : found.end("name")].strip(_EDGES) if found["name"] else ""
    return text[: found.start()].rstrip(_EDGES), Enclosed(_NUMERALS.get(count) or int(count), name)


def _cut(text: str, phrase: str, *, at_the_end: bool) -> tuple[str, re.Match[str]] | None:
    """The text without the phrase; None where it does not stand there, or names neither a day nor a time."""
    narrow = aligned(text).replace("；", ";").replace("，", ",")
    pattern = (_AT_THE_END if at_the_end else _AT_THE_START).format(phrase)
    found = re.search(pattern, narrow) if at_the_end else re.match(pattern, narrow)
    if found is None or not (found["day"] or found["clock"]):
        return None
    rest = text[: found.start()].rstrip(_EDGES) if at_the_end else text[found.end() :].lstrip(_EDGES)
    return rest, found


def _addressed(text: str) -> tuple[str, str, bool]:
    """The audience's words, what follows, and whether a colon or a new line parts the two beyond doubt."""
    found = _END_OF_ADDRESS.search(aligned(text))
    if found is None:
        return aligned(text), "", True
    gap = re.compile(r"[\s:]*").match(aligned(text), found.start())
    assert gap is not None, "nothing at all matches too"
    return aligned(text[: found.start()]), text[gap.end() :], bool(re.search("[:\n]", gap[0]))


def _first_word(body: str) -> str:
    """The word that a blank or a mark parts from the rest; nothing where the text is that one word."""
    narrow = aligned(body)
    found = _END_OF_ADDRESS.search(narrow)
    return narrow[: found.start()] if found else ""


def _is_audience(word: str, known: Known) -> bool:
    found = read_audience(word, known)
    return bool(found.addressees) and not found.unclear


def _written(found: re.Match[str]) -> str:
    return found[0].strip(" \n,;:。.")
