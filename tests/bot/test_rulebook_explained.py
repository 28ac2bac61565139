"""`duban explain`: nothing that a rulebook file says is left out, whatever the file."""

import copy
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from assessment.fault import Broken
from assessment.parameter import Parameter, Part
from assessment.periods import Frequency, Period
from assessment.points import tidy
from assessment.rulebook import Account, Clause, Duty, Indicator, Ladder, Rulebook
from assessment.rulebook_file import load
from bot.cards.phrases import wide
from bot.explained import CHAPTERS, WIDTH
from bot.explained.duties import period_named
from bot.explained.layout import columns, fitted
from bot.explained.words import MEANINGS, meaning
from tests.bot.measures import EVERY, WHOLE, read, told


@pytest.fixture(scope="module")
def whole() -> Rulebook:
    return read(WHOLE)


YES_AND_NO: Mapping[str, tuple[str, str]] = {
    "自动": ("自动入账，不经核定", ""),
    "变化率": ("变化率", ""),
    "报预测": ("须报全年预测", "不报全年预测"),
    "累计口径": ("累计口径", ""),
    "报指标": ("所承担的指标", ""),
    "审核": ("考核办审核", "不须审核"),
    "期末": ("期末最后一日", ""),
    "附件": ("须附材料", ""),
    "自评": ("自评打分", ""),
    "上报": ("向上级报送", ""),
    "仅供参考": ("仅供参考", ""),
    "每月一次": ("每个月都须有", ""),
    "无任务计满": ("没有任务的单位得满分", ""),
    "审定": ("须经领导小组审定（由其秘书登记）才记入台账", ""),
    "公布前保密": ("公布之前，各单位不能查得分和名次", ""),
    "公布": ("年度结果公布之后", ""),
}
"""What is said where the file says true, and where it says false; nothing where no is what goes without saying."""


def plain(text: str) -> str:
    """Without line breaks and margins, and with all punctuation of one width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def leaves(value: object, key: str) -> Iterator[tuple[str, object]]:
    """Every value that the file sets, with the key it is under."""
    match value:
        case Part():
            fields = type(value).model_fields
            for name in value.model_fields_set:
                alias = fields[name].alias or name
                yield from leaves(getattr(value, name), key if isinstance(value, Parameter) else alias)
        case Mapping():
            for name, item in value.items():
                yield from leaves(name, key)
                yield from leaves(item, key)
        case tuple():
            for item in value:
                yield from leaves(item, key)
        case None:
            pass
        case _:
            yield key, value


def wordings(key: str, value: object) -> tuple[str, ...]:
    """How the value may be said."""
    match value:
        case bool():
            return (YES_AND_NO[key][0 if value else 1],)
        case Decimal() if key in ("分值", "自", "至"):
            return (f"{'扣' if value < 0 else '加'}{tidy(abs(value)):f}", f"至{tidy(abs(value)):f}分", "不加不扣")
        case Decimal():
            return (f"{tidy(value):f}".replace("-", "−"), f"扣{tidy(abs(value)):f}分")
        case time():
            return (f"{value:%H:%M}",)
        case date():
            return (f"{value:%Y年%-m月%-d日}",)
        case StrEnum() if key == "计次":
            return ("只计一次" if value == "一次" else value.value,)
        case str() if key in ("起始", "终止"):
            return (period_named(Period.parse(value)),)
        case _:
            return (str(value),)


def block(lines: list[str], start: str) -> str:
    """The first line that begins so, with everything further in below it."""
    margins = [len(line) - len(line.lstrip(" ")) for line in lines]
    at = next(place for place, line in enumerate(lines) if line.strip().startswith(start))
    end = next((place for place in range(at + 1, len(lines)) if margins[place] <= margins[at]), len(lines))
    return plain("".join(lines[at:end]))


def where(item: Part, lines: list[str]) -> str:
    """The part of the explanation that speaks of that item."""
    match item:
        case Clause():
            return block(lines, f"{item.id}　") + plain(f"{item.subject}{item.cite}")
        case Indicator():
            return block(lines, f"{wide(item.name)}（{item.unit}）")
        case Duty():
            return block(lines, f"{wide(item.name)}（编号 {item.id}）")
        case Ladder():
            return block(lines, f"{item.id}　")
        case Account():
            return block(lines, f"{item.subject}：")
        case _:
            return plain("".join(lines))


def items(rulebook: Rulebook) -> Iterator[tuple[str, Part, object]]:
    """Every part of a list at the top, with its key; whatever else is at the top belongs to the rulebook itself."""
    for name in rulebook.model_fields_set:
        key, value = Rulebook.model_fields[name].alias or name, getattr(rulebook, name)
        for item in value if isinstance(value, tuple) else (value,):
            yield key, item if isinstance(item, Part) else rulebook, item


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_everything_that_a_file_sets_is_told_with_its_item(path: Path) -> None:
    rulebook = read(path)
    lines = {only: told(rulebook, only) for only in CHAPTERS}
    lines |= {"": told(rulebook)}
    silent = [
        (top, key, value)
        for top, owner, item in items(rulebook)
        for place in [where(owner, lines.get(top, lines[""]))]
        for key, value in leaves(item, top)
        if not any(plain(words) in place for words in wordings(key, value))
    ]

    assert not silent


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_each_clause_has_its_source_text_below_it_and_its_place_above(path: Path) -> None:
    rulebook = read(path)
    lines = told(rulebook, "条款")
    cites = [line for line in lines if line.startswith("  依据 ")]

    assert all(plain(f"原文：{clause.text}") in where(clause, lines) for clause in rulebook.clauses)
    assert {plain(line) for line in cites} == {plain(f"依据{clause.cite}") for clause in rulebook.clauses}


CHOICES = [word for words in MEANINGS.values() for word in words]
OTHERS: list[object] = [*map(str, CHOICES), "10:45", "2026-05", "2026-W12", "2026-12-24", 5, 11, True, False]


def _likely(old: object) -> list[object]:
    """Other values, those of the same kind first."""
    if isinstance(old, bool):
        return [not old]
    if isinstance(old, int | float) or str(old).lstrip("-").replace(".", "", 1).isdigit():
        return [5, 11, f"{old}外", *OTHERS]
    return [f"{old}外", *OTHERS]


def altered(data: Any, path: tuple[Any, ...]) -> Rulebook | None:
    """The same rulebook, another value at that place; None where there is no other value."""
    old = data
    for step in path:
        old = old[step]
    for new in _likely(old):
        if str(new) == str(old):
            continue
        changed = copy.deepcopy(data)
        inside = changed
        for step in path[:-1]:
            inside = inside[step]
        inside[path[-1]] = new
        try:
            return Rulebook.model_validate(changed)
        except ValidationError:
            continue
    return None


def around(data: dict[str, Any], path: tuple[Any, ...]) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """The rulebook with nothing but the entry at that place, and the place in it: so that 500 of them take no time."""
    top, *inside = path
    alone = {key: value for key, value in data.items() if not isinstance(value, list | dict)}
    if isinstance(data[top], list) and inside:
        alone[top] = [data[top][inside[0]]]
        return alone, (top, 0, *inside[1:])
    return {**alone, top: data[top]}, path


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(data, dict | list):
        for step in data if isinstance(data, dict) else range(len(data)):
            yield from places(data[step], (*path, step))
    elif data is not None:
        yield path


def test_whatever_is_changed_in_a_file_changes_what_is_told(whole: Rulebook) -> None:
    """Every key of the schema, in a rulebook that writes them all."""
    data = whole.model_dump(mode="json", by_alias=True, exclude_unset=True)
    unheard = []
    for path in places(data):
        alone, inside = around(data, path)
        other = altered(alone, inside)
        if other is not None and told(other) == told(Rulebook.model_validate(alone)):
            unheard.append(path)

    assert not unheard


def test_a_key_that_is_new_to_the_schema_is_told_before_it_has_words() -> None:
    class Weighed(Clause):
        weight: Parameter[Decimal]
        doubled: bool = False

    clause = Weighed.model_validate(
        {
            "编号": "A1",
            "名称": "表彰",
            "原文": "表彰的加分",
            "依据": "一",
            "触发": "人工记录",
            "weight": {"值": "0.3", "代入": "暂按三成"},
            "doubled": True,
        }
    )
    rulebook = Rulebook(id="x", name="办法", version="1", year=2026, office="甲", source="乙", clauses=(clause,))

    lines = "\n".join(told(rulebook, "条款"))

    assert "weight：0.3◇（代入：暂按三成）" in lines
    assert "doubled：是" in lines


def test_every_word_of_choice_has_a_meaning() -> None:
    kinds = {type(value) for path in EVERY for _, value in leaves(read(path), "") if isinstance(value, StrEnum)}

    assert Frequency in kinds
    assert not [choice for kind in kinds for choice in kind if not meaning(choice)]


# ── whatever the file ──


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_slightly_different_file_is_told_all_the_same(data: st.DataObject) -> None:
    """One value or one entry away from a file of ours: it is refused with faults, or told in lines that fit."""
    tree = yaml.load(data.draw(st.sampled_from(TEXTS)), yaml.BaseLoader)  # noqa: S506 - texts only
    path = data.draw(st.sampled_from(list(places(tree))))
    *way, last = path[: data.draw(st.integers(1, len(path)))]
    inside = tree
    for step in way:
        inside = inside[step]
    if data.draw(st.booleans()):
        del inside[last]
    else:
        inside[last] = data.draw(
            st.sampled_from(["", "null", "0", "-7", "31", "长" * 99, "Z" * 150, *map(str, OTHERS)])
        )
    try:
        rulebook = load(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), "办法.yaml").rulebook
    except Broken:
        return
    lines = told(rulebook, data.draw(st.sampled_from([None, *CHAPTERS])))

    assert all(columns(line) <= WIDTH for line in lines)


VALUES = ["", "null", "0", "-7", "31", "长" * 99, "Z" * 150, *map(str, OTHERS)]
TEXTS = [path.read_text("utf-8") for path in EVERY]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=200), st.integers(0, 8))
def test_lines_fit_and_keep_every_sign(text: str, margin: int) -> None:
    lines = list(fitted(" " * margin + text))

    assert all(columns(line) <= WIDTH for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_begins_with_what_closes_a_clause() -> None:
    lines = [line.strip() for path in EVERY for line in told(read(path))]

    assert not [line for line in lines if line[:1] and line[0] in "，。；：、）》”〕,;)"]
