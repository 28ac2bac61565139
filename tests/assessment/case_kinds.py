"""Worked examples of days, figures and standings: each kind is known by its own entry.

A file in cases/日期和对照 names its rulebook (办法) and lists cases (算例). A case says what is known and what an
office worked out from it. Adding a kind is adding a function to KINDS.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from assessment.rulebook import Readings, Rulebook
from tests.assessment.case_days import due_days, life, missing_parts, steps, written_report
from tests.assessment.case_entries import Results, Written
from tests.assessment.case_figures import applying, behind, growth, notices, reached, self_score, split, target
from tests.assessment.case_files import CASES, read_rulebook, with_values
from tests.assessment.case_standings import award_years, order, ranks, rounds, standing, winners

FOLDER = CASES / "日期和对照"
COMMON = {"名称", "说明", "要求", "设定", "读法"}

KINDS: Mapping[str, Callable[[Rulebook, Written], Results]] = {
    "任务": target,
    "分解": split,
    "载入提示": notices,
    "完成情况": reached,
    "增长": growth,
    "落后指标": behind,
    "适用类别": applying,
    "截止日": due_days,
    "催办": steps,
    "报送经过": life,
    "书面报告": written_report,
    "自评": self_score,
    "缺项": missing_parts,
    "名次": ranks,
    "要做": order,
    "标记": standing,
    "评选年度": award_years,
    "可评选": winners,
    "督办类别": rounds,
}
"""Each kind of case by the entry by which it is known."""


@dataclass(frozen=True)
class Worked:
    """One case: its rulebook as the case reads it, and what is written."""

    file: str
    rulebook: Rulebook
    written: Written

    def __str__(self) -> str:
        return f"{self.file}:{self.written['名称']}"

    def results(self) -> Results:
        """What it comes to, by the entries in which the case writes it."""
        return KINDS[self.kind](self.rulebook, self.written)

    @property
    def kind(self) -> str:
        found = [entry for entry in KINDS if entry in self.written]
        assert len(found) == 1, f"{self}:要有且只有其中一项:{'、'.join(KINDS)}"
        return found[0]


def worked_cases() -> list[Worked]:
    return [case for path in sorted(FOLDER.glob("*.yaml")) for case in _read(path)]


def _read(path: Path) -> Iterable[Worked]:
    """All values as text: nothing is guessed, and no figure ever becomes a float."""
    written = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    assert written.keys() == {"办法", "算例"}, f"{path.name}:只写“办法”和“算例”"
    rulebook = read_rulebook(written["办法"])
    return [Worked(path.name, _as_the_case_reads_it(rulebook, case), case) for case in written["算例"]]


def _as_the_case_reads_it(rulebook: Rulebook, case: Written) -> Rulebook:
    chosen = {**rulebook.readings.model_dump(by_alias=True), **case.get("读法", {})}
    read = rulebook.model_copy(update={"readings": Readings.model_validate(chosen)})
    return with_values(read, case.get("设定", {}))
