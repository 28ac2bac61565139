"""`duban check` holds rulebook and roster against each other: unknown names, vacant posts, who is left out."""

from pathlib import Path

import pytest

from assessment.rulebook_file import load
from tests.bot.house import ROSTER, RULEBOOK, Said

INDICATOR = (
    "指标:\n  - {编号: income, 名称: 收入, 单位: 万元, 类型: 累计, 承担单位: [甲局], 依据: 三, 基本任务: 100,\n"
    "     分解: [{单位: 乙局, 基本任务: 60}, {单位: 丁局, 基本任务: 40}], 配合单位: [丙局]}\n"
)


def test_a_rulebook_not_yet_imported_is_held_against_the_roster(office: Path, duban: Said) -> None:
    text = RULEBOOK.replace("编号: test", "编号: next") + INDICATOR
    (office / "rulebooks" / "next.yaml").write_text(text, "utf-8")

    said = duban("check")[1]

    assert "next.yaml：名册中没有“丙局”" in said
    assert "名册中没有“丁局”" in said
    assert "→ 导入前请核对名称，须与名册一致" in said


def test_who_has_to_sign_and_is_nobody(office: Path, duban: Said) -> None:
    text = RULEBOOK.replace("编号: test", "编号: sign").replace("截止: {次月: 5}", "截止: {次月: 5}, 签发: 主要负责人")
    (office / "rulebooks" / "sign.yaml").write_text(text, "utf-8")
    assert duban("import", "rulebooks/sign.yaml")[0] == 0

    said = duban("check")[1]

    assert "△ “月报”须由主要负责人签发，甲局没有主要负责人 → 请在名册中补上后重新导入，否则报送后无人签发" in said


def test_units_that_nothing_is_asked_of_are_told(folder: Path, duban: Said) -> None:
    (folder / "roster.csv").write_text(ROSTER + "丙村,,村,钱多,填报人,sandbox,qian\n", "utf-8")
    (folder / "rulebooks" / "test.yaml").write_text(RULEBOOK, "utf-8")
    assert duban("import", "roster.csv")[0] == 0
    assert duban("import", "rulebooks/test.yaml")[0] == 0

    status, said, _ = duban("check")

    assert status == 0
    assert "丙村没有承担指标和报送任务 → 如应报送，请核对办法中的“承担单位”与名册的名称或类别" in said
    assert "甲局没有承担" not in said


MONTHLY = (
    "{{编号: m{at}, 名称: 月报{at}, 依据: 二, 周期: 月, 起始: {first}, 终止: {last},"
    " 截止: {{次月: 5}}, 承担单位: [部门], 阶梯: 月报}}"
)


@pytest.mark.parametrize(
    ("spans", "told"),
    [
        ([("2026-01", "2026-06"), ("2026-07", "2026-12")], []),
        ([("2026-03", "2026-10")], []),
        ([("2026-01", "2026-06"), ("2026-08", "2026-12")], ["2026-06 之后到 2026-08 之前没有布置报送"]),
        (
            [("2026-08", "2026-12"), ("2026-01", "2026-03"), ("2026-05", "2026-07")],
            ["2026-03 之后到 2026-05 之前没有布置报送"],
        ),
    ],
)
def test_a_month_between_two_duties_that_nobody_is_asked_for(spans: list[tuple[str, str]], told: list[str]) -> None:
    duties = "".join(f"  - {MONTHLY.format(at=at, first=first, last=last)}\n" for at, (first, last) in enumerate(spans))
    text = RULEBOOK.partition("报送任务:")[0] + "报送任务:\n" + duties

    found = [warning.what for warning in load(text, "x").warnings if "没有布置报送" in warning.what]

    assert found == told
