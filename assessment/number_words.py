"""Number words -> exact decimals: 1,234.5, 八十五点五, 两万五千, 4亿2千万. No units, no signs, never float."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation

EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])
WHOLE_DIGITS = 16
FRACTION_DIGITS = 10

_CHINESE_DIGITS = "零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖貳參陸"
_CHINESE_POWERS = "十百千万亿拾佰仟萬億"
_EVERYDAY = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億〇两貳參陸", "一二三四五六七八九十百千万亿零二二三六")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {str(n): n for n in range(10)}
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}

_ARABIC = r"[0-9]{1,3}(?:,[0-9]{3}){1,5}+(?!,?[0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_RUN = re.compile(rf"(?:{_ARABIC}|[{_CHINESE_DIGITS}](?![0-9])|[{_CHINESE_POWERS}]|点(?=[{_CHINESE_DIGITS}0-9]))+")
_START = re.compile(rf"[0-9{_CHINESE_DIGITS}十拾]")
_GOES_ON = re.compile(r"\.[0-9]|⁄|\^|[eE][0-9]")
_WHOLE_MUDDLE = re.compile(r"[0-9.⁄^eE]*")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_FACTOR_AND_POWER = re.compile(r"零?([0-9]+(?:\.[0-9]+)?|[一二三四五六七八九])?([千百十])")
_SCALE = re.compile("[0-9]([十百千]?[万亿]+|[十百千])")
_NOT_A_DIGIT = re.compile("(?<=.)两(?![百千佰仟万萬亿億])|^两(?=[^百千佰仟万萬亿億点])|[0-9][十拾]")
"""两 counts hundreds and more, and nobody writes 5十."""
_LONGEST = 40


@dataclass(frozen=True)
class Number:
    """A number as written, from the place where reading began up to `end`."""

    value: Decimal
    scale: int | None
    """The power of ten of the 千, 万 or 亿 written behind it (85万: 4); None where the figure stands alone."""
    end: int


@dataclass(frozen=True)
class NoNumber:
    """Begins like a number, up to `end`, and cannot be read exactly and in one way only."""

    end: int


def scan_number(text: str, start: int) -> Number | NoNumber | None:
    """Read the number that begins at `start` of plain text; None where none begins there."""
    if start >= len(text) or _START.match(text, start) is None:
        return None
    found = _RUN.match(text, start)
    if found is None:
        return None
    run, end = found[0], found.end()
    if _GOES_ON.match(text, end) or (start > 0 and text[start - 1] == "." and "0" <= run[0] <= "9"):
        muddle = _WHOLE_MUDDLE.match(text, end)
        return NoNumber(muddle.end() if muddle else end)
    if len(run) > _LONGEST or _NOT_A_DIGIT.search(run):
        return NoNumber(end)
    run = run.replace(",", "").translate(_EVERYDAY)
    value = _value(run)
    return Number(tidied(value), _scale(run), end) if value is not None and fits(value) else NoNumber(end)


def tidied(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent, exact at any length that we read."""
    normal = value.normalize(EXACT)
    return normal.quantize(Decimal(1), context=EXACT) if normal == normal.to_integral_value() else normal


def fits(value: Decimal) -> bool:
    """Whether the value keeps within the digits that we store: 16 before the point and 10 behind it."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= FRACTION_DIGITS and value.adjusted() < WHOLE_DIGITS


def _scale(run: str) -> int | None:
    """八百 has none: a numeral spelt out below 万 is only another way to write digits; 3千 has."""
    behind_figure = _SCALE.search(run)
    if behind_figure is not None:
        return sum(_POWERS[sign] for sign in behind_figure[1])
    return next((_POWERS[power] for power in "亿万" if power in run), None)


def _value(run: str) -> Decimal | None:
    """The value of a whole run, or None where it is not well formed."""
    if _PLAIN.fullmatch(run):
        return Decimal(run)
    return _with_power(run, "亿", lambda part: _with_power(part, "万", _below_ten_thousand))


def _with_power(run: str, word: str, lesser: Callable[[str], Decimal | None]) -> Decimal | None:
    head, found, tail = run.partition(word)
    if not found:
        return lesser(run)
    left, right = lesser(head), _tail(tail, _POWERS[word], lesser)
    if left is None or right is None or (right and left != left.to_integral_value()):
        return None
    return EXACT.add(left.scaleb(_POWERS[word], EXACT), right)


def _tail(tail: str, power: int, lesser: Callable[[str], Decimal | None]) -> Decimal | None:
    """What follows 万 or 亿. 两万五 is 25,000; 1万50 could be two things and is refused."""
    if not tail:
        return Decimal(0)
    if tail in _DIGITS:
        return Decimal(_DIGITS[tail]).scaleb(power - 1)
    if _PLAIN.fullmatch(tail) and len(tail) != power:
        return None
    if "点" in tail and not re.search("^零|[十百千]", tail):
        return None
    value = lesser(tail)
    return value if value is not None and value < Decimal(1).scaleb(power) else None


def _below_ten_thousand(text: str) -> Decimal | None:
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    whole, point, fraction = text.partition("点")
    head = _spelt_out(whole)
    if not point or head is None:
        return head
    power = _POWERS.get(fraction[-1:], 0)
    digits = _decimal_places(fraction[:-1] if power else fraction)
    if digits is None or head != head.to_integral_value() or (power and head >= 10):
        return None
    return Decimal(f"{head:f}.{digits}").scaleb(power, EXACT)


def _spelt_out(text: str) -> Decimal | None:
    """八十五, 一千零五十, 2千3百, 十五: the powers must fall."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    total, last, place = Decimal(0), 4, 0
    for found in _FACTOR_AND_POWER.finditer(text):
        factor, power = found[1], _POWERS[found[2]]
        first = found.start() == 0
        if found.start() != place or power >= last:
            return None
        if (factor is None and power > 1) or (factor is not None and not first and len(factor) > 1):
            return None
        amount = Decimal("1" if factor is None else _DIGITS.get(factor, factor))
        total = EXACT.add(total, amount.scaleb(power, EXACT))
        last, place = power, found.end()
        if factor is not None and "." in factor:
            # 1.2百 is complete in itself.
            return total if place == len(text) else None
    return _with_last_digit(total, last, text[place:])


def _with_last_digit(total: Decimal, last: int, rest: str) -> Decimal | None:
    """The digit behind the last power takes the next lower one (二百五), except behind 零 (二百零五) and 十."""
    if not rest:
        return total if last < 4 else None
    digit = rest.removeprefix("零") or "零"
    if digit not in _DIGITS or total != total.to_integral_value():
        return None
    literal = last == 4 or rest.startswith("零")
    return EXACT.add(total, Decimal(_DIGITS[digit]).scaleb(0 if literal else last - 1))


def _decimal_places(text: str) -> str | None:
    written = "".join(str(_DIGITS.get(sign, sign)) for sign in text)
    return written if written.isascii() and written.isdigit() else None
