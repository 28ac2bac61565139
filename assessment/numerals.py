"""What people type for a figure -> an exact decimal with its unit, or the reason why it cannot be read."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, StrEnum, auto

from assessment.number_words import EXACT, NoNumber, Number, fits, scan_number, tidied
from assessment.typed_text import WordTable, plain
from assessment.units_of_measure import (
    COUNTERS,
    CURRENCIES,
    OTHER_WRITINGS,
    PERCENT,
    UNIT_WORDS,
    UnitOfMeasure,
    unit_of_measure,
)


class Trend(Enum):
    """A figure that is said to be a change."""

    RISE = auto()
    FALL = auto()


@dataclass(frozen=True)
class Quantity:
    """A figure as written: `value` counts in `unit`, with 万 and 亿 already multiplied (85万元: 850000 元)."""

    value: Decimal
    unit: str | None
    """%, ‰, 元, 美元/亩 …; None where no unit was written."""
    written: str
    scale: int | None = None
    """The power of ten that was written with it (85万: 4); None for a bare figure, counted in the unit expected."""
    trend: Trend | None = None
    """Whether it was called a rise or a fall (下降2.1%); the value itself bears no sign for that."""

    def counted_in(self, other: "Quantity") -> "Quantity":
        """The same bare figure, in the unit and with the power of ten that another one was written with."""
        value = tidied(self.value.scaleb(other.scale or 0, EXACT))
        return replace(self, value=value, unit=other.unit, scale=other.scale) if fits(value) else self


class Unclear(StrEnum):
    """Why a figure cannot be read. The values are keys, not wording."""

    NOT_A_NUMBER = "not a number"
    SEVERAL_READINGS = "several readings"
    VAGUE = "vague"
    RANGE = "range"
    UNKNOWN_UNIT = "unknown unit"


@dataclass(frozen=True)
class Unreadable:
    """A figure that must be asked for again."""

    reason: Unclear
    written: str
    about: Quantity | None = None
    """What 约, 左右 or 以上 was said of: exact enough for a forecast, never for what is done."""


class UnitFault(StrEnum):
    """Why a figure does not fit an indicator's unit. The values are keys, not wording."""

    PERCENT_MISSING = "percent missing"
    WRONG_UNIT = "wrong unit"
    WRONG_CURRENCY = "wrong currency"
    CHANGE_NOT_LEVEL = "change, not level"
    TOO_MANY_DIGITS = "too many digits"


@dataclass(frozen=True)
class UnitProblem:
    """A figure in a unit that is not the indicator's; `likely` is what was probably meant, in the indicator's unit."""

    reason: UnitFault
    likely: Decimal | None = None


_VAGUE_BEFORE = re.compile("大约|大概|估计|约|[~≈]|将近|接近|近|超过|超|突破|逾|不足|不到|差不多|至少|最多|最少")
_NEARLY = re.compile("大约|大概|约|[~≈]")
_NEARLY_AFTER = re.compile("左右|上下|以上")
_VAGUE_BETWEEN = re.compile("[多余来几][十百千万亿]*")
_VAGUE_AFTER = re.compile("左右|上下|以上|以下|以内|出头|不到|多|余|吧|[?？]")
_HALF = re.compile("一大?半")
_VAGUE_ALONE = re.compile("[几数好][十百千万亿]+|差不多|大半|过半|半数|若干|少许|不少|很多|不多")
_FALL = "负增长|削减|下降|减少|降低|降|减|跌"
_RISE = "增长|上升|提高|增加|增|升|涨"
_TREND = re.compile(f"(?:同比|环比)?(?:(?P<fall>{_FALL})|{_RISE})了?(?P<level>[到至])?[:为 ]?")
_MINUS = re.compile("[-−负] ?")
_LONG_DASH = re.compile("[–—] ?")
_PLUS = re.compile("[+正] ?")
_SHARE_PREFIX = re.compile("([百千万])分之(百(?![零〇一二三四五六七八九]))?")
_SHARE_SIGNS = {"百": "%", "千": "‰", "万": "‱"}
_TENTHS = re.compile("成(半|[一二三四五六七八九1-9]{1,2})?")
_HALVES = {"半": "5"}
_RANGE = re.compile(" ?[-–—~〜−至到]+ ?")
_POWER_BEHIND_BLANK = re.compile(" ([十百千]?[万亿]+)")
_POWER_OF = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_POWERS = re.compile("[十百千万亿]*")
_PER = re.compile("[/每]")
_END_OF_FIELD = re.compile("整?[ \n。.,、;!]*")
_ANY_DIGIT = re.compile("[0-9一二三四五六七八九两十]")
_MAY_BEGIN_A_FIGURE = frozenset("0123456789零〇一二三四五六七八九两十成.,")
_LONGEST_UNIT = 16
_MAY_BEGIN = frozenset(
    "0123456789零〇一二三四五六七八九两十壹贰叁肆伍陆柒捌玖貳參陸拾百千万-−–—负+正~≈"
    "大约估将接近超突逾不差至最几数好过半若少很同环下减降削跌增上升提涨"
)


class QuantityReader:
    """Reads figures inside plain text, knowing the usual unit words and those of the indicators in question."""

    def __init__(self, units: Iterable[str] = (), name_begins: Callable[[str, int], bool] | None = None) -> None:
        """`name_begins(text, place)` says where something else's name begins, which no figure or unit may run into."""
        self._name_begins = name_begins or (lambda _text, _place: False)
        own = [unit_of_measure(unit) for unit in units]
        words = [word for unit in own for word in (unit.base, unit.per) if word]
        self._units = WordTable([*UNIT_WORDS, *OTHER_WRITINGS, "%", "‰", "‱", *words])

    def scan(self, text: str, start: int) -> tuple[Quantity | Unreadable, int] | None:
        """Read the figure that begins at `start`, with the place behind it; None where none begins there."""
        if text[start : start + 1] not in _MAY_BEGIN:
            return None
        half = _HALF.match(text, start)
        if half is not None:
            return Unreadable(Unclear.VAGUE, half[0]), half.end()
        place, vague = _skip(_VAGUE_BEFORE, text, start)
        nearly = _NEARLY.fullmatch(text, start, place) is not None
        place, trend = _trend(text, place)
        place, negative = _sign(text, place)
        place, long_dash = _skip(_LONG_DASH, text, place)
        found = self._figure(text, place)
        if found is None:
            alone = _VAGUE_ALONE.match(text, start)
            return None if alone is None else (Unreadable(Unclear.VAGUE, alone[0]), alone.end())
        figure, end = found
        place, vague_after = _skip(_VAGUE_AFTER, text, end)
        nearly = nearly or _NEARLY_AFTER.fullmatch(text, end, place) is not None
        other_end = self._other_end(text, place)
        if other_end is not None:
            return Unreadable(Unclear.RANGE, text[start:other_end]), other_end
        written = text[start:place]
        if vague or vague_after:
            about = figure if nearly and isinstance(figure, Quantity) and not (negative or trend) else None
            return Unreadable(Unclear.VAGUE, written, about), place
        if isinstance(figure, Unreadable):
            return replace(figure, written=written), place
        if long_dash or (negative and trend is Trend.FALL):
            # A long dash may be a minus or only a dash; a fall of a negative figure may be either.
            return Unreadable(Unclear.SEVERAL_READINGS, written), place
        value = EXACT.minus(figure.value) if negative else figure.value
        return replace(figure, value=value, written=written, trend=trend), place

    def unit(self, text: str, start: int) -> tuple[Quantity, int] | None:
        """One of the unit that is written at `start` without a figure, with the place behind it: 万元/亩, %."""
        if text[start : start + 1] in _MAY_BEGIN_A_FIGURE:
            return None
        found = self._figure(f"1{text[start : start + _LONGEST_UNIT]}", 0)
        if found is None or not isinstance(found[0], Quantity) or found[1] == 1:
            return None
        return found[0], start + found[1] - 1

    def _figure(self, text: str, start: int) -> tuple[Quantity | Unreadable, int] | None:
        """The number with its unit, without sign and surroundings."""
        share = _SHARE_PREFIX.match(text, start)
        if share is not None and share[2]:
            return Quantity(Decimal(100), _SHARE_SIGNS[share[1]], ""), share.end()
        number = self._number(text, share.end() if share else start)
        if number is None:
            return None
        if isinstance(number, NoNumber):
            return Unreadable(Unclear.NOT_A_NUMBER, ""), self._unit(text, number.end)[1]
        if share is not None:
            return Quantity(number.value, _SHARE_SIGNS[share[1]], ""), number.end
        tenths = _TENTHS.match(text, number.end)
        if tenths is not None and number.value <= 10:
            return self._tenths(number.value, tenths)
        between = _VAGUE_BETWEEN.match(text, number.end)
        if between is not None:
            return Unreadable(Unclear.VAGUE, ""), self._unit(text, between.end())[1]
        apart = number.scale is not None and text[number.end : number.end + 1] == " "
        # In 85万 完成率 the next word begins behind the blank.
        unit, end = (None, number.end) if apart else self._unit(text, number.end)
        return Quantity(number.value, unit, "", number.scale), end

    def _number(self, text: str, start: int) -> Number | NoNumber | None:
        """A number that ends where a name begins; a blank before 万 or 亿 is allowed."""
        number = scan_number(text, start)
        if number is None:
            return None
        for place in range(start + 1, number.end):
            if not text[place].isascii() and self._name_begins(text, place):
                return scan_number(text[:place], start)
        power = _POWER_BEHIND_BLANK.match(text, number.end)
        if isinstance(number, NoNumber) or number.scale is not None or power is None:
            return number
        if self._name_begins(text, number.end + 1):
            return number
        scale = sum(_POWER_OF[sign] for sign in power[1])
        value = tidied(number.value.scaleb(scale, EXACT))
        return Number(value, scale, power.end()) if fits(value) else NoNumber(power.end())

    def _tenths(self, value: Decimal, written: re.Match[str]) -> tuple[Quantity | Unreadable, int]:
        """八成五 is 85% and 五成四六 is 54.6%; but in 八成三户 the 三 may count the households."""
        last = written[1]
        if last is not None and self._units.at(written.string, written.end()):
            return Unreadable(Unclear.SEVERAL_READINGS, ""), written.end()
        number = scan_number("点".join(_HALVES.get(last, last)), 0) if last else None
        rest = number.value if isinstance(number, Number) else Decimal(0)
        return Quantity(EXACT.add(value.scaleb(1, EXACT), rest), PERCENT, ""), written.end()

    def _unit(self, text: str, start: int) -> tuple[str | None, int]:
        """The unit word behind a number, one blank allowed; 元/亩 with the power that the lower part bears."""
        begin = start + 1 if text[start : start + 1] == " " else start
        if self._name_begins(text, begin):
            return None, start
        word = self._units.at(text, begin)
        end = begin + len(word) if word else start
        stroke = _PER.match(text, end)
        if stroke is not None:
            place = _skip(_POWERS, text, stroke.end())[0]
            per = self._units.at(text, place)
            if per is not None:
                return text[begin if word else start : place + len(per)], place + len(per)
        return (text[begin:end], end) if word else (None, start)

    def _other_end(self, text: str, start: int) -> int | None:
        """Where a range ends that began before `start`; None where there is no range."""
        dash = _RANGE.match(text, start)
        if dash is None:
            return None
        other = self._figure(text, dash.end())
        return None if other is None else other[1]


def read_quantity(text: str, *, units: Iterable[str] = ()) -> Quantity | Unreadable:
    """Read a field that holds one figure and nothing else. Never raises, whatever the text.

    `units` adds unit words to the usual ones, e.g. an indicator's own. 约, 左右 and ranges are refused, not guessed.
    """
    field = plain(text)
    found = QuantityReader(units).scan(field, 0)
    if found is None:
        return Unreadable(Unclear.VAGUE if _VAGUE_BEFORE.match(field) else Unclear.NOT_A_NUMBER, field)
    figure, end = found
    if _END_OF_FIELD.fullmatch(field, end):
        return figure
    if isinstance(figure, Unreadable):
        return replace(figure, written=field)
    if _ANY_DIGIT.search(field, end):
        return Unreadable(Unclear.SEVERAL_READINGS, field)
    return Unreadable(Unclear.UNKNOWN_UNIT if figure.unit is None else Unclear.NOT_A_NUMBER, field)


def in_unit(quantity: Quantity, unit: str, *, change_rate: bool = False) -> Decimal | UnitProblem:
    """The exact value in an indicator's unit, or why it has none.

    A bare figure counts in that unit, except that a share wants its sign. What a writer leaves out of the unit
    is taken from it: 85万 and 85万元 are 85 in 万元/亩. A fall is negative only for a `change_rate`.
    """
    own = unit_of_measure(unit)
    shift = _shift(quantity, own)
    if isinstance(shift, UnitProblem):
        return shift
    value = tidied(quantity.value.scaleb(shift, EXACT))
    if quantity.trend is not None and not change_rate:
        return UnitProblem(UnitFault.CHANGE_NOT_LEVEL)
    if not fits(value):
        return UnitProblem(UnitFault.TOO_MANY_DIGITS)
    return EXACT.minus(value) if quantity.trend is Trend.FALL else value


def _shift(quantity: Quantity, own: UnitOfMeasure) -> int | UnitProblem:
    """The power of ten from the written unit to the own one."""
    if quantity.unit is None:
        return _shift_without_word(quantity, own)
    written = unit_of_measure(quantity.unit)
    shift = written.power - own.power
    if not written.base and not written.is_share:
        # Only the lower part was written: 85万/亩.
        return _shift_without_word(quantity, own) if written.per == own.per else UnitProblem(UnitFault.WRONG_UNIT)
    if written.base != own.base and not _left_out(written, own):
        return _wrong_base(quantity, written, own, shift)
    if written.per is None:
        return shift
    if written.per != own.per:
        return UnitProblem(UnitFault.WRONG_UNIT, _as_likely(quantity, shift) if own.per is None else None)
    return shift - (written.per_power - own.per_power)


def _shift_without_word(quantity: Quantity, own: UnitOfMeasure) -> int | UnitProblem:
    bare = quantity.scale is None
    if own.is_share:
        return UnitProblem(UnitFault.PERCENT_MISSING, quantity.value) if bare else UnitProblem(UnitFault.WRONG_UNIT)
    return 0 if bare else -own.power


def _left_out(written: UnitOfMeasure, own: UnitOfMeasure) -> bool:
    """Whether only the end of the own unit's word was left unwritten (吨 for 吨标准煤)."""
    short = bool(written.base) and own.base.startswith(written.base)
    return short and written.base not in CURRENCIES and written.base not in COUNTERS


def _wrong_base(quantity: Quantity, written: UnitOfMeasure, own: UnitOfMeasure, shift: int) -> UnitProblem:
    if {written.base, own.base} <= CURRENCIES:
        return UnitProblem(UnitFault.WRONG_CURRENCY, _as_likely(quantity, shift))
    if {written.base, own.base} <= COUNTERS:
        return UnitProblem(UnitFault.WRONG_UNIT, _as_likely(quantity, shift))
    if "百分点" in (written.base, own.base) and (written.is_share or own.is_share):
        return UnitProblem(UnitFault.WRONG_UNIT, quantity.value)
    return UnitProblem(UnitFault.WRONG_UNIT)


def _as_likely(quantity: Quantity, shift: int) -> Decimal | None:
    value = tidied(quantity.value.scaleb(shift, EXACT))
    return value if fits(value) else None


def _skip(pattern: re.Pattern[str], text: str, start: int) -> tuple[int, bool]:
    found = pattern.match(text, start)
    return (start, False) if found is None else (found.end(), True)


def _trend(text: str, start: int) -> tuple[int, Trend | None]:
    """下降2.1% is a change; 下降到2.1% is a level."""
    found = _TREND.match(text, start)
    if found is None:
        return start, None
    if found["level"]:
        return found.end(), None
    return found.end(), Trend.FALL if found["fall"] else Trend.RISE


def _sign(text: str, start: int) -> tuple[int, bool]:
    place, negative = _skip(_MINUS, text, start)
    return (place, True) if negative else (_skip(_PLUS, text, start)[0], False)
