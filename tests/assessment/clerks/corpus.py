"""The corpus: what each message says, and what a careful person reads in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessment.requirements import reported_by
from assessment.roster import Unit
from assessment.rulebook import Indicator, Rulebook
from assessment.rulebook_file import load
from assessment.submission import Figure, Slot
from bot.roster_file import read_roster

HERE = Path(__file__).parent
ASSESSMENT = Path(__file__).parents[3] / "assessment"
RULEBOOK = ASSESSMENT / "rulebooks" / "sanmen-2010.yaml"
ROSTER = ASSESSMENT / "demo" / "roster.csv"


@dataclass(frozen=True)
class Message:
    """One message; `values` are the figures that a careful person reads, doubtful ones included."""

    number: int
    unit: Unit
    text: str
    values: Mapping[Slot, Decimal]
    parts: frozenset[str]
    nil: bool
    asked: frozenset[str]
    """Names of indicators that a careful person asks back about; "" for the message as a whole."""
    own: tuple[Indicator, ...]
    """What the unit reports."""

    @property
    def finishable(self) -> bool:
        """Whether nothing in it has to be asked back."""
        return not self.asked


@cache
def rulebook() -> Rulebook:
    """The rulebook that the messages report on."""
    loaded = load(RULEBOOK.read_text("utf-8"), RULEBOOK.name).rulebook
    assert loaded is not None
    return loaded


@cache
def messages() -> tuple[Message, ...]:
    """All messages, in their order."""
    entries = yaml.safe_load((HERE / "messages.yaml").read_text("utf-8"))
    units = _units()
    return tuple(_message(entry, units[entry["单位"]]) for entry in entries)


def _units() -> Mapping[str, Unit]:
    units: dict[str, Unit] = {}
    for row in read_roster(ROSTER.read_bytes(), ROSTER.name).rows:
        units.setdefault(row.unit, Unit(len(units) + 1, row.unit, tuple(row.aliases or ())))
    return units


def _message(entry: Mapping[str, Any], unit: Unit) -> Message:
    ids = {indicator.name: indicator.id for indicator in rulebook().indicators}
    values = {
        Slot(ids[row["指标"]], Figure(figure), row.get("分组")): Decimal(row[figure])
        for row in entry["应读"]
        for figure in ("完成", "预测")
        if row.get(figure) is not None
    }
    return Message(
        number=entry["编号"],
        unit=unit,
        text=entry["说"],
        values=values,
        parts=frozenset(entry.get("部分", ())),
        nil=bool(entry.get("零报告")),
        asked=frozenset(ids.get(each, "") for each in entry["应问"]),
        own=reported_by(rulebook(), unit),
    )
