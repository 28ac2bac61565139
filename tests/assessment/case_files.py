"""The worked examples 算例 in cases/*.yaml: each file names its rulebook, each case may choose readings and values."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessment import rulebook_file
from assessment.rulebook import Account, Parameter, Points, Readings, Rulebook

CASES = Path(__file__).parent / "cases"
RULEBOOKS = Path(rulebook_file.__file__).parent / "rulebooks"
KINDS = {
    "得分": "事实",
    "指标进度": "按已完成计",
    "指标得分": "数据",
    "等次": "各单位",
    "综合": "各阶段",
    "后果": "起因",
    "奖励": "获奖",
}
"""Each kind of case, and the entry by which it is known."""


@dataclass(frozen=True)
class Case:
    """One worked example: its rulebook as the case reads it, and what is written."""

    file: str
    kind: str
    rulebook: Rulebook
    written: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.file}:{self.written['名称']}"


def read_case_file(name: str) -> list[Case]:
    """The cases of one file. All values are text: nothing is guessed, and no figure ever becomes a float."""
    written = yaml.load((CASES / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    assert isinstance(written, dict), f"{name}:开头请写“办法: 文件名”,各例写在“算例:”之下"
    assert written.keys() == {"办法", "算例"}, f"{name}:只写“办法”和“算例”"
    rulebook = read_rulebook(written["办法"])
    return [Case(name, kind_of(case), as_the_case_reads_it(rulebook, case), case) for case in written["算例"]]


def all_cases() -> list[Case]:
    return [case for file in sorted(CASES.glob("*.yaml")) for case in read_case_file(file.name)]


@cache
def read_rulebook(name: str) -> Rulebook:
    return rulebook_file.load((RULEBOOKS / name).read_text(encoding="utf-8"), name).rulebook


def kind_of(case: Mapping[str, Any]) -> str:
    found = [kind for kind, entry in KINDS.items() if entry in case]
    assert len(found) == 1, f"{case.get('名称')}:要有且只有其中一项:{'、'.join(KINDS.values())}"
    return found[0]


def only_known(written: Mapping[str, Any], *known: str) -> None:
    """Fail on what nobody reads: a slip of the pen would otherwise make a case say nothing."""
    unknown = written.keys() - {"名称", "说明", "要求", "读法", "封顶方式", "未设定", "设定", *known}
    assert not unknown, f"{written['名称']}:看不懂:{'、'.join(sorted(unknown))}"


def as_the_case_reads_it(rulebook: Rulebook, case: Mapping[str, Any]) -> Rulebook:
    """The rulebook with the readings and values that the case chooses."""
    changed: dict[str, Any] = {}
    if "读法" in case:
        chosen = {**rulebook.readings.model_dump(by_alias=True), **case["读法"]}
        changed["readings"] = Readings.model_validate(chosen)
    if "封顶方式" in case:
        frames = (frame.model_dump(by_alias=True) | {"封顶方式": case["封顶方式"]} for frame in rulebook.accounts)
        changed["accounts"] = tuple(Account.model_validate(frame) for frame in frames)
    if kind_of(case) == "得分" and "未设定" in case:
        assert set(case["未设定"]) <= {clause.id for clause in rulebook.clauses}, f"没有这一条:{case['未设定']}"
        changed["clauses"] = tuple(
            clause.model_copy(update={"points": Parameter[Points]()}) if clause.id in case["未设定"] else clause
            for clause in rulebook.clauses
        )
    return with_values(rulebook.model_copy(update=changed), case.get("设定", {}))


def with_values(rulebook: Rulebook, values: Mapping[str, Any]) -> Rulebook:
    """The rulebook with parameters set by their paths, as `duban explain` names them: 条款 › 甲 › 分值."""
    if not values:
        return rulebook
    data = rulebook.model_dump(by_alias=True, exclude_unset=True)
    for path, value in values.items():
        *names, key = (name.strip() for name in path.split("›"))
        part: Any = data
        for name in names:
            part = part[name] if isinstance(part, dict) else named(part, name)
        part[key] = value
    return Rulebook.model_validate(data, by_alias=True, by_name=False)


def named(items: Any, name: str) -> dict[str, Any]:
    found = [item for item in items if name in (item.get("编号"), item.get("名称"), item.get("阶段"), item.get("对象"))]
    assert len(found) == 1, f"“{name}”对上 {len(found)} 项"
    return found[0]  # type: ignore[no-any-return]
