"""Filling in what was unset is the one change that a frozen rulebook takes; anything else is named and refused."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.filling_in import OtherChange, fillings
from assessment.open_parameters import unset_parameters
from assessment.parameter import Parameter
from assessment.rulebook import Rulebook
from assessment.rulebook_file import load

FOLDER = Path(__file__).parents[2] / "assessment" / "rulebooks"
TEXT = """编号: test
办法: 某县办法
版本: 试行
年度: 2026
主管: 督查室
出处: 某县文件
记分:
  - {对象: 单位, 基础分: 80, 依据: 一}
条款:
  - {编号: A1, 名称: 表扬, 依据: 一1, 原文: 受表扬的加分, 触发: 人工记录, 分值: null}
  - {编号: A2, 名称: 误报, 依据: 一2, 原文: 误报的扣3分, 触发: 人工记录, 分值: -3}
指标:
  - 编号: export
    名称: 出口
    单位: 亿美元
    类型: 累计
    满分目标: {值: 5, 代入: 原文未给}
    承担单位: [外经贸局]
    依据: 二
"""


def read(text: str = TEXT) -> Rulebook:
    return load(text, "test").rulebook


def test_an_unset_parameter_takes_a_value() -> None:
    """Also one that the file does not mention but something waits for."""
    text = TEXT.replace("分值: null", "分值: 2").replace("    满分目标", "    基本任务: 4.5\n    满分目标")

    filled = fillings(read(), read(text))

    assert [(each.path, each.said) for each in filled] == [
        ("条款 › 表扬 › 分值", "2"),
        ("指标 › 出口 › 基本任务", "4.5"),
    ]
    assert fillings(read(), read()) == ()


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("分值: -3", "分值: -2", "条款 › 2 › 分值"),
        ("分值: -3", "分值: null", "条款 › 2 › 分值"),
        ("分值: null", "分值: {值: 2, 代入: 先用}", "条款 › 1 › 分值"),
        ("{值: 5, 代入: 原文未给}", "5", "指标 › 1 › 满分目标"),
        ("基础分: 80", "基础分: 90", "记分 › 1 › 基础分"),
        ("受表扬的加分", "受表扬的酌情加分", "条款 › 1 › 原文"),
        ("分值: null", "幅度: {自: 1, 至: 2}", "条款 › 1 › 幅度"),
        ("单位: 亿美元", "单位: 亿元", "指标 › 1 › 单位"),
        ("    承担单位", "    下达任务: 4\n    承担单位", "指标 › 1 › 下达任务"),
        ("  - {编号: A2, 名称: 误报, 依据: 一2, 原文: 误报的扣3分, 触发: 人工记录, 分值: -3}\n", "", "条款"),
        ("年度: 2026", "年度: 2027", "年度"),
    ],
)
def test_any_other_change_is_refused_by_its_place(old: str, new: str, where: str) -> None:
    assert TEXT.count(old) == 1

    with pytest.raises(OtherChange) as refused:
        fillings(read(), read(TEXT.replace(old, new)))

    assert where in refused.value.where


def test_a_filling_beside_another_change_is_refused_with_it() -> None:
    changed = TEXT.replace("分值: null", "分值: 2").replace("基础分: 80", "基础分: 90")

    with pytest.raises(OtherChange, match="记分 › 1 › 基础分"):
        fillings(read(), read(changed))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_of_every_shipped_rulebook_exactly_the_unset_can_be_filled(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(FOLDER.glob("*.yaml"))))
    rulebook = load(path.read_text("utf-8"), path.name).rulebook
    unset = [each for each in unset_parameters(rulebook) if each.at[0] in ("条款", "指标") and len(each.at) == 3]
    chosen = data.draw(st.lists(st.sampled_from(unset), unique=True)) if unset else []
    changed = rulebook
    for each in chosen:
        key, place, name = str(each.at[0]), int(each.at[1]), str(each.at[2])
        changed = with_value(changed, key, place, name)

    assert [found.at for found in fillings(rulebook, changed)] == [u.at for u in unset if u in chosen]


def with_value(rulebook: Rulebook, key: str, place: int, name: str) -> Rulebook:
    top = next(field for field, info in Rulebook.model_fields.items() if info.alias == key)
    items = list(getattr(rulebook, top))
    field = next(field for field, info in type(items[place]).model_fields.items() if info.alias == name)
    kind = type(getattr(items[place], field))
    value: Parameter[object] = kind.model_validate({"曲线": "线性", "分组合成": "各组平均"}.get(name, "1"))
    items[place] = items[place].model_copy(update={field: value})
    return rulebook.model_copy(update={top: tuple(items)})


def test_of_two_targets_the_base_is_not_missing() -> None:
    """Where an own or an assigned target is written, one of them binds: the base itself is not asked for."""
    both = TEXT.replace("    承担单位", "    自定任务: null\n    下达任务: null\n    承担单位")

    assert "指标 › 出口 › 基本任务" in [each.path for each in unset_parameters(read())]
    paths = [each.path for each in unset_parameters(read(both))]
    assert "指标 › 出口 › 基本任务" not in paths
    assert {"指标 › 出口 › 自定任务", "指标 › 出口 › 下达任务"} <= set(paths)
