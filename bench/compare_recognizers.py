"""Hold our reading of figures against Microsoft's recognizers, phrase by phrase; print a Markdown table.

The package is no dependency of this project. To run the comparison, install it into an environment of its own
together with this project's sources on the path:

    python -m venv oracle && oracle/bin/pip install recognizers-text-suite
    PYTHONPATH=. oracle/bin/python bench/compare_recognizers.py
"""

import sys
from decimal import Decimal

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
    ("12345678.123456789", "12345678.123456789"),
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


def theirs(phrase: str) -> str:
    """Their reading: every entity found, as text=value unit; nothing where none was found."""
    from recognizers_number import recognize_number, recognize_percentage  # noqa: PLC0415
    from recognizers_number_with_unit import recognize_currency, recognize_dimension  # noqa: PLC0415
    from recognizers_text import Culture  # noqa: PLC0415

    for recognize in (recognize_percentage, recognize_currency, recognize_dimension, recognize_number):
        entities = recognize(phrase, Culture.Chinese)
        if entities:
            return "; ".join(f"{each.text}={_resolved(each.resolution)}" for each in entities)
    return "(none)"


def _resolved(resolution: dict[str, str]) -> str:
    unit = resolution.get("unit")
    return f"{resolution.get('value')}{f' {unit}' if unit else ''}"


def verdict(phrase: str, meant: str) -> str:
    """Whether each of the two reads what is meant; the other's figure is right if the whole phrase has that value."""
    our_reading = ours(phrase)
    we = our_reading.startswith("[") if not meant else our_reading == meant
    they = theirs(phrase) == "(none)" if not meant else _same(theirs(phrase), phrase, meant)
    return {(True, True): "both", (True, False): "ours", (False, True): "theirs", (False, False): "neither"}[we, they]


def _same(reading: str, phrase: str, meant: str) -> bool:
    """Whether they found one entity covering the number, with the same value and, for shares, the same sign."""
    raise NotImplementedError


def main() -> int:
    """Print the table; exit 1 where the other package is missing, 0 otherwise."""
    try:
        import recognizers_text  # noqa: F401, PLC0415
    except ImportError:
        print("recognizers-text-suite is not installed; see the head of this file for how to run it", file=sys.stderr)
        return 1
    _ = Decimal
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
