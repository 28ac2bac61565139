"""Every shipped rulebook: exactly the expected warnings, every sentence word for word, every number in its text.

`rulebooks/*.txt` hold the sentences quoted, a place of the text and a sentence a line (…… where words were left out);
`fifteen_warnings.yaml` holds what each rulebook is warned of, and where each known contradiction is dealt with.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml

from assessment.parameter import Parameter, Part
from assessment.rulebook import Due, Indicator
from assessment.rulebook_file import Loaded, load

FOLDER = Path(__file__).parents[2] / "assessment" / "rulebooks"
TEXTS = Path(__file__).parent / "rulebooks"
EXPECTED = yaml.safe_load((Path(__file__).parent / "fifteen_warnings.yaml").read_text("utf-8"))
RULEBOOKS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
EXCLUDED = ("舆情", "舆论", "阵地", "网评", "网络评论", "意识形态", "yq")
CONTRADICTIONS = [f"X{number}" for number in range(1, 17)]


@cache
def shipped(name: str) -> Loaded:
    return load((FOLDER / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")


@cache
def text_of(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text("utf-8")


def parts_of(part: Part) -> Iterator[Part]:
    """The part and everything inside it, whatever a parameter holds included."""
    yield part
    for name in part.model_fields_set:
        value = getattr(part, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Part):
                yield from parts_of(item)


def quotations(name: str) -> Iterator[tuple[str, str]]:
    """Place and wording of every sentence that the rulebook quotes."""
    for part in parts_of(shipped(name).rulebook):
        for field, info in type(part).model_fields.items():
            quoted = info.alias == "原文" or (isinstance(part, Indicator) and info.alias == "说明")
            if quoted and getattr(part, field):
                yield str(getattr(part, "cite", "")), getattr(part, field)


def numbers(name: str) -> Iterator[Decimal]:
    """Every number that the office could take for the source's own: set, and no stand-in."""
    for part in parts_of(shipped(name).rulebook):
        if isinstance(part, Parameter):
            held = part.value if part.stand_in is None else None
            values: list[object] = [value for _, value in held] if isinstance(held, Due) else [held]
        else:
            written = [getattr(part, field) for field in part.model_fields_set]
            inside = [value for each in written if isinstance(each, Mapping) for value in each.values()]
            values = [value for value in (*written, *inside) if isinstance(value, Decimal)]
        yield from (abs(Decimal(str(each))) for each in values if type(each) in (int, Decimal))


@pytest.mark.parametrize("name", RULEBOOKS)
def test_each_rulebook_has_the_expected_warnings_and_no_others(name: str) -> None:
    found, expected = shipped(name), EXPECTED["办法"].get(name)

    assert expected is not None, f"write what {name} is warned of into fifteen_warnings.yaml"
    assert [f"{warning.path}：{warning.what}" for warning in found.warnings] == expected.get("警告", [])
    assert [unset.path for unset in found.unset] == expected.get("未设定", [])
    assert {each.path: each.value for each in found.stand_ins} == expected.get("代入", {})


def test_nothing_is_expected_of_rulebooks_that_there_are_not() -> None:
    assert EXPECTED["办法"].keys() <= set(RULEBOOKS)


@pytest.mark.parametrize("name", RULEBOOKS)
def test_every_quotation_stands_in_the_text_at_its_place(name: str) -> None:
    lines = text_of(name).splitlines()
    missing = [
        (cite, quoted)
        for cite, quoted in quotations(name)
        if not any(line.startswith(f"{cite} ") and quoted in line for line in lines)
    ]

    assert lines
    assert not missing


@pytest.mark.parametrize("name", RULEBOOKS)
def test_every_number_is_printed_in_the_text_or_follows_from_words_that_are(name: str) -> None:
    """「推得」 gives for a number in words, or one that follows from them, the words that must stand in the text."""
    text, words = text_of(name), EXPECTED["办法"].get(name, {}).get("推得", {})
    printed = {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", text)} | {Decimal(0)}
    inferred = {Decimal(str(number)) for number, saying in words.items() if saying in text}

    assert {number for number in numbers(name) if number not in printed | inferred} == set()
    assert len(inferred) == len(words)


@pytest.mark.parametrize("name", RULEBOOKS)
def test_nothing_about_public_opinion_is_in_a_rulebook(name: str) -> None:
    """R106: in no shipped rulebook and in no text that it quotes."""
    written = (FOLDER / f"{name}.yaml").read_text("utf-8") + text_of(name)

    assert not [word for word in EXCLUDED if word in written]


def test_every_known_contradiction_is_in_the_register() -> None:
    assert list(EXPECTED["登记"]) == CONTRADICTIONS


@pytest.mark.parametrize("number", CONTRADICTIONS)
def test_each_known_contradiction_is_dealt_with_where_the_register_says(number: str) -> None:
    """By a doubt that every loading tells, a warning, or a choice that the file makes in so many words."""
    entry = EXPECTED["登记"][number]
    assert entry["办法"] in RULEBOOKS
    found = shipped(entry["办法"])
    told = [f"{warning.path}：{warning.what}" for warning in found.warnings]
    written = (FOLDER / f"{entry['办法']}.yaml").read_text("utf-8")

    assert set(entry) - {"办法"} <= {"存疑", "警告", "写明"}
    assert len(entry) > 1
    if "存疑" in entry:
        assert [doubt.id for doubt in found.rulebook.doubts].count(number) == 1
        assert any(f"：{number} " in line for line in told)
    if "警告" in entry:
        assert any(line.startswith(entry["警告"]) for line in told)
    for line in entry.get("写明", []):
        assert line in written
