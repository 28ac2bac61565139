"""docs/rulebook-reference.md says what the schema says, with examples that stand in the shipped files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from assessment.parameter import Part
from assessment.rulebook import Clause, Indicator, Rulebook
from assessment.rulebook_errors import every_key
from assessment.rulebook_file import load, schema
from bot.rulebook_reference import PAGE, SAMPLED, reference
from bot.rulebook_samples import Sample, samples, shortened


@pytest.fixture(scope="module")
def found() -> list[Sample]:
    return list(samples(SAMPLED))


def models(kind: type[Part] = Part) -> Iterator[type[Part]]:
    for model in kind.__subclasses__():
        if model.__module__.startswith("assessment."):
            yield model
            yield from models(model)


def test_the_page_is_what_the_schema_says(found: list[Sample]) -> None:
    assert PAGE.read_text("utf-8") == reference(found), "run: python -m bot.rulebook_reference"


def test_every_key_has_a_meaning_and_a_row() -> None:
    rows = set(re.findall(r"^\| `([^`]+)` \| \S", PAGE.read_text("utf-8"), re.MULTILINE))

    assert Clause in models()
    assert not [(model, name) for model in models() for name, key in model.model_fields.items() if not key.description]
    assert every_key(schema()) - {"值", "代入"} <= rows


def test_every_example_stands_in_its_file(found: list[Sample]) -> None:
    texts = {path.name: path.read_text("utf-8") for path in SAMPLED}

    assert found
    assert all(sample.written in texts[sample.file] for sample in found)
    assert all(line.strip() in texts[sample.file] for sample in found for line in sample.entry.splitlines())


def test_every_way_of_scoring_is_shown_with_an_entry(found: list[Sample]) -> None:
    shown = {sample.value for sample in found if sample.key == "方式"}
    ways = [
        model for model in models() if model.__module__ == "assessment.scoring_ways" and "way" in model.model_fields
    ]

    assert ways
    assert {get_args(model.model_fields["way"].annotation)[0] for model in ways} <= shown


def test_the_examples_are_a_rulebook_without_a_fault() -> None:
    *_, examples = SAMPLED

    assert load(examples.read_text("utf-8"), examples.name).rulebook.indicators


def test_every_kind_of_fact_that_a_text_speaks_of_is_shown_with_its_words(found: list[Sample]) -> None:
    """The trigger of a clause, and behind it the clause with its source text."""
    words = {sample.value for sample in found if sample.model is Clause and sample.key == "触发"}
    lines = PAGE.read_text("utf-8").splitlines()
    texts = [shortened(sample.value or "") for sample in found if sample.model is Clause and sample.key == "原文"]

    assert words
    for word in words:
        rows = [line for line in lines if line.startswith(f"| `{word}` |")]
        assert any(text in row for text in texts for row in rows), word


def test_a_sample_knows_its_entry(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("编号: x\n指标:\n  - 编号: a\n    名称: 甲\n    基本任务: {值: 3, 代入: 暂定}\n", "utf-8")

    *_, number, name, base = samples([file])

    assert (number.model, number.written, number.label, number.fellows) == (Indicator, "编号: a", "a 甲", 3)
    assert name.entry == "编号: a\n名称: 甲\n基本任务: {值: 3, 代入: 暂定}"
    assert (base.written, base.value) == ("基本任务: {值: 3, 代入: 暂定}", None)


def test_a_rulebook_without_samples_still_has_its_tables() -> None:
    page = reference([])

    assert all(f"`{field.alias}`" in page for field in Rulebook.model_fields.values())
    assert "```yaml\n编号" not in page
