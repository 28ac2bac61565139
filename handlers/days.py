"""A day written among other words: 限3月20日前 督办事由, 8月20日 审批未下."""

import re
from dataclasses import dataclass
from datetime import date

from assessment.dates_text import DayFault, UnreadableDay, read_day
from handlers.turn import Turn

_WORD = re.compile(r"[^\s,，;；。:：]+")
_BEFORE = re.compile(r"^(?:(?:拟|请|申请)?(?:延期|延长|延|推迟|缓)?(?:至|到)|限期?|请?于)")
_AFTER = re.compile(r"(?:办结|完成|反馈|报送|上报)$")
_LOOKS_LIKE_ONE = re.compile("[月日号周天年底末前内]")
"""1.5 in a reason is a figure, also where it could be the 5th of January."""
_GLUED = re.compile(
    r"(?P<day>(?:限期?|(?:延期|延长|延|推迟|缓)?[至到])\S{1,12}?(?:[日号]|周[一二三四五六日天]|月底|年底)(?:[以之]?前)?)(?P<words>\S+)$"
)
"""限3月23日前逾期未办结: a day behind its own word, and the reason without a blank."""
_SEPARATORS = " \n\t,，;；。:：、"
_PAST_DAY = re.compile(r"(?:于)?(?:(?P<year>20\d{2})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_AHEAD = 183
"""A day without its year that lies further ahead than half a year is last year's."""


@dataclass(frozen=True)
class Dated:
    """What was written, with its day taken out. `unclear` is a day that cannot be one."""

    day: date | None
    words: str
    unclear: str = ""


def dated(turn: Turn, text: str) -> Dated:
    """The first day among the words; only what reads as nothing but a day is one."""
    for found in _WORD.finditer(text):
        written = _AFTER.sub("", _BEFORE.sub("", found[0]))
        if not written or not (_LOOKS_LIKE_ONE.search(written) or _BEFORE.match(found[0])):
            continue
        day, behind = _read(turn, written), ""
        glued = _GLUED.match(found[0]) if isinstance(day, UnreadableDay) else None
        if glued is not None and isinstance(earlier := _read(turn, _BEFORE.sub("", glued["day"])), date):
            day, behind = earlier, glued["words"]
        after = f"{behind}{text[found.end() :]}"
        rest = f"{text[: found.start()].strip(_SEPARATORS)} {after.strip(_SEPARATORS)}".strip()
        if isinstance(day, date):
            return Dated(day, rest)
        if _means_a_day(day, found[0]):
            return Dated(None, rest, found[0])
    return Dated(None, text.strip(_SEPARATORS))


def _read(turn: Turn, written: str) -> date | UnreadableDay:
    return read_day(written, turn.today, turn.installation.calendar.add_workdays)


def _means_a_day(day: UnreadableDay, written: str) -> bool:
    if day.reason in (DayFault.NO_SUCH_DAY, DayFault.PAST):
        return True
    return bool(_BEFORE.match(written)) and any(sign.isdigit() for sign in written)


def latest_day(turn: Turn, text: str) -> tuple[date | None, str]:
    """The first day among the words as one that lies behind or is today, and the other words.

    Without its year it may lie a little ahead, which the caller refuses; None where there is none.
    """
    found = _PAST_DAY.search(text)
    if found is None:
        return None, text.strip(_SEPARATORS)
    rest = f"{text[: found.start()].strip(_SEPARATORS)} {text[found.end() :].strip(_SEPARATORS)}".strip()
    year = int(found["year"]) if found["year"] else turn.today.year
    try:
        day = date(year, int(found["month"]), int(found["day"]))
        if day > turn.today and not found["year"] and (day - turn.today).days > _AHEAD:
            day = day.replace(year=year - 1)
    except ValueError:
        return None, rest
    return day, rest
