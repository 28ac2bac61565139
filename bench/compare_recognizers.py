"""Hold our reading of figures against Microsoft's recognizers, phrase by phrase; print the table of docs/.

The package is no dependency of this project. Give it an environment of its own, with this project on the path; its
release 1.0.2a2 asks for an older `emoji` than it declares:

    python -m venv oracle
    oracle/bin/pip install recognizers-text-suite "emoji==1.7.0"
    PYTHONPATH=. oracle/bin/python -W ignore bench/compare_recognizers.py [SEED]

With a seed it also throws number words together at random and counts where the two differ.
"""

import random
import re
import sys
from decimal import Decimal
from importlib import import_module

from assessment.numerals import Quantity, read_quantity

PHRASES: tuple[tuple[str, str], ...] = (
    # what a clerk types, what it means ("" where it must be refused)
    ("4.2亿美元", "420000000美元"),
    ("4亿2千万", "420000000"),
    ("42000万美元", "420000000美元"),
    ("四亿二千万", "420000000"),
    ("1,234.5万元", "12345000元"),
    ("１，２３４．５万元", "12345000元"),
    ("两万五千人", "25000人"),
    ("两万五", "25000"),
    ("两万零五", "20005"),
    ("二百五", "250"),
    ("八十五点五", "85.5"),
    ("三点五千万元", "35000000元"),
    ("百分之八十五", "85%"),
    ("百分之八十五点五", "85.5%"),
    ("百分之百", "100%"),
    ("85％", "85%"),
    ("八成五", "85%"),
    ("千分之三", "3‰"),
    ("1.5‰", "1.5‰"),
    ("负百分之二", "-2%"),
    ("-2%", "-2%"),
    ("1.06吨标准煤/万元", "1.06吨标准煤/万元"),
    ("85万元/亩", "850000元/亩"),
    ("0.1", "0.1"),
    ("1234567890123456.12", "1234567890123456.12"),
    ("6.5-7.0%", ""),
    ("80至85万元", ""),
    ("约85万", ""),
    ("85万元左右", ""),
    ("85多万", ""),
    ("差不多", ""),
    ("一百多家", ""),
    ("三五个", ""),
    ("1万50", ""),
    ("8.5.3", ""),
)


def ours(phrase: str) -> str:
    """Our reading, the value with its unit, or the reason of the refusal in brackets."""
    found = read_quantity(phrase)
    if not isinstance(found, Quantity):
        return f"[{found.reason}]"
    return f"{found.value:f}{found.unit or ''}"


def theirs(phrase: str) -> list[tuple[str, str]]:
    """Their reading: what each entity covers and its value, from the first recognizer that finds any."""
    numbers, measures = import_module("recognizers_number"), import_module("recognizers_number_with_unit")
    chinese = import_module("recognizers_text").Culture.Chinese
    for recognize in (
        numbers.recognize_percentage,
        measures.recognize_currency,
        measures.recognize_dimension,
        numbers.recognize_number,
    ):
        entities = [each for each in recognize(phrase, chinese) if each.resolution.get("value") is not None]
        if entities:
            return [(each.text, each.resolution["value"]) for each in entities]
    return []


def says(phrase: str, meant: str) -> tuple[bool, bool]:
    """Whether ours and theirs are right: theirs in being silent, or in one value that is the one meant.

    Of theirs only the value and the sign of a share are asked, not the rest of the unit.
    """
    reading, found = ours(phrase), theirs(phrase)
    if not meant:
        return reading.startswith("["), not found
    return reading == meant, len(found) == 1 and _amount(found[0][1]) == _amount(meant)


def _amount(written: str) -> tuple[Decimal, str] | None:
    amount = re.match(r"(-?[0-9.]+(?:E[+-]?[0-9]+)?)([%‰]?)", written)
    return None if amount is None else (Decimal(amount[1]), amount[2])


def in_chinese(number: int) -> str:
    """The number written out, as in a cheque without the word for money."""
    parts: list[str] = []
    for power, word in ((8, "亿"), (4, "万"), (0, "")):
        section, number = divmod(number, 10**power)
        digits = ""
        rest = section
        for place, small in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, rest = divmod(rest, place)
            if digit:
                digits += "零一二三四五六七八九"[digit] + small
            elif digits and rest and not digits.endswith("零"):
                digits += "零"
        if section:
            parts.append(("零" if parts and section < 1000 else "") + digits + word)
    return "".join(parts) or "零"


def compare_at_random(seed: int) -> None:
    """Print how many random numerals each misreads, and in which random strings of number words the two differ."""
    numbers, chinese = import_module("recognizers_number"), import_module("recognizers_text").Culture.Chinese
    draw = random.Random(seed)
    missed = {"ours": 0, "theirs": 0}
    for _ in range(2000):
        value = draw.randrange(10 ** draw.randint(1, 12))
        found = numbers.recognize_number(in_chinese(value), chinese)
        missed["ours"] += ours(in_chinese(value)) != str(value)
        missed["theirs"] += len(found) != 1 or Decimal(found[0].resolution["value"]) != value
    print(f"2000 numerals written out, misread: {missed}")
    accepted, shared, differing = 0, 0, []
    for _ in range(6000):
        text = "".join(
            draw.choice([*"一二三五九两零十百千万亿点3", "12", "4.2", "250"]) for _ in range(draw.randint(2, 6))
        )
        reading = read_quantity(text)
        found = numbers.recognize_number(text, chinese)
        whole = len(found) == 1 and found[0].text == text
        accepted += isinstance(reading, Quantity)
        if isinstance(reading, Quantity) and whole:
            shared += 1
            if Decimal(found[0].resolution["value"]) != reading.value:
                differing.append(f"{text}: ours {reading.value:f}, theirs {found[0].resolution['value']}")
    print(f"6000 strings of number words: {accepted} accepted by us, {shared} of them by both, {len(differing)} differ")
    print(*differing, sep="\n")


def main() -> int:
    """Print the table; exit 1 where the other package is missing."""
    try:
        import_module("recognizers_number")
    except ImportError as error:
        print(f"recognizers-text-suite cannot be imported ({error}); the head of this file says how", file=sys.stderr)
        return 1
    winner = {(True, True): "both", (True, False): "ours", (False, True): "theirs", (False, False): "neither"}
    tally = dict.fromkeys(winner.values(), 0)
    print("| phrase | meant | ours | theirs | right |\n| --- | --- | --- | --- | --- |")
    for phrase, meant in PHRASES:
        right = winner[says(phrase, meant)]
        tally[right] += 1
        found = "; ".join(f"{text} = {value}" for text, value in theirs(phrase)) or "(nothing)"
        print(f"| {phrase} | {meant or '(refuse)'} | {ours(phrase)} | {found} | {right} |")
    print("\n" + ", ".join(f"{who}: {count}" for who, count in tally.items()))
    if len(sys.argv) > 1:
        compare_at_random(int(sys.argv[1]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
