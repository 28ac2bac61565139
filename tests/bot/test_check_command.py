"""`duban check`: what is missing or wrong, and what to do about it."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.bot.house import RULEBOOK, Said


def test_a_new_installation_has_open_ends_but_no_fault(duban: Said) -> None:
    status, said, complained = duban("check")

    assert (status, complained) == (0, "")
    assert said == (
        "✓ 设置文件 duban.toml 可用\n"
        "△ 考核办法目录 rulebooks 是空的 → 请放入考核办法文件（.yaml），再逐个导入\n"
        "△ 数据库尚未建立 → 请先导入名册：duban import roster.csv，数据库随之建立\n"
        "没有必须处理的问题，服务可以运行；2 项待完善（△）\n"
    )


def test_a_complete_installation(office: Path, duban: Said) -> None:
    status, said, complained = duban("check")

    assert (status, complained) == (0, "")
    assert "✓ 设置文件 duban.toml 可用" in said
    assert "✓ test.yaml：某县督查工作考核办法，2026 年度，条款 2、指标 0、报送任务 1" in said
    assert "✓ 名册：单位 3、人员 3、岗位 3" in said
    assert "✓ test-2026：主管、承担单位都在名册中" in said
    assert "△ test-2026：乙局没有填报人，提醒和催报无人接收" in said


def test_check_looks_and_changes_nothing(folder: Path, duban: Said) -> None:
    before = sorted(folder.rglob("*"))

    duban("check")

    assert sorted(folder.rglob("*")) == before


def test_faulty_settings_and_an_unknown_variable(folder: Path, duban: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_SERVCE__LISTEN", "x")
    (folder / "duban.toml").write_text("[service]\nlisten = 8080\n", "utf-8")

    status, said, complained = duban("check")

    assert status == 1
    assert complained == "✗ 环境变量 DUBAN_SERVCE__LISTEN：没有这一项，请核对拼写\n"
    assert said == "须处理 1 项（✗），处理后再次运行 duban check\n"


def test_every_fault_of_a_rulebook_with_file_and_line(office: Path, duban: Said) -> None:
    bad = RULEBOOK.replace("分值: -1", "分值: 一分").replace("阶梯: 月报, 条款", "阶梯: 周报, 条款")
    (office / "rulebooks" / "test.yaml").write_text(bad, "utf-8")

    status, _, complained = duban("check")

    assert status == 1
    assert [line[: len("✗ test.yaml 第 11 行")] for line in complained.splitlines()] == [
        "✗ test.yaml 第 11 行",
        "✗ test.yaml 第 18 行",
    ]


def test_unset_and_stand_in_parameters_are_listed(office: Path, duban: Said) -> None:
    text = RULEBOOK.replace("分值: -1", "分值: null").replace("{次月: 5}", "{值: {次月: 5}, 代入: 原文未写}")
    (office / "rulebooks" / "test.yaml").write_text(text, "utf-8")

    _, said, _ = duban("check")

    assert "△ test.yaml 未设定 1 项：条款 › 迟报 › 分值 → 请由考核办设定，此前暂不能办理：这一条的加减分" in said
    assert "△ test.yaml 有 1 项是代入值：报送任务 › 月报 › 截止（次月 5） → 只能试运行" in said
    assert "△ rulebooks/test.yaml 与运行中的 test-2026 不同" in said


def test_a_rulebook_that_is_not_imported_yet_is_named_with_the_command(office: Path, duban: Said) -> None:
    draft = RULEBOOK.replace("编号: test", "编号: draft").replace("分值: -1", "分值: {值: -1, 代入: 原文未写}")
    (office / "rulebooks" / "draft.yaml").write_text(draft, "utf-8")

    assert (
        "△ rulebooks/draft.yaml 尚未导入 → 请运行 duban import rulebooks/draft.yaml；"
        "含代入值，只能试运行，请加 --trial\n" in duban("check")[1]
    )


def test_folders_that_are_gone(office: Path, duban: Said) -> None:
    (office / "files").rmdir()
    (office / "rulebooks").rename(office / "elsewhere")

    status, said, complained = duban("check")

    assert status == 1
    assert complained == (
        "✗ 没有附件目录 files → 请建立该目录，或改正设置文件 [service] 一节的 files\n"
        "✗ 没有考核办法目录 rulebooks → 请建立该目录，或改正设置文件 [service] 一节的 rulebooks\n"
    )
    assert said.endswith("须处理 2 项（✗），处理后再次运行 duban check；另有 1 项待完善（△）\n")


def test_units_that_the_roster_does_not_know(office: Path, duban: Said) -> None:
    text = RULEBOOK.replace("编号: test", "编号: two").replace("承担单位: [部门]", "承担单位: [部门, 丙局]")
    (office / "two.yaml").write_text(text, "utf-8")
    assert "△ two.yaml：名册中没有“丙局”" in duban("import", "two.yaml")[1]

    status, _, complained = duban("check")

    assert status == 1
    assert complained == "✗ two-2026：名册中没有“丙局” → 请改正名册后重新导入，名称须与办法一致\n"


def test_a_database_that_is_none(folder: Path, duban: Said) -> None:
    (folder / "duban.sqlite").write_bytes(b"this is no database" * 100)

    for command in (["check"], ["verify"]):
        status, _, complained = duban(*command)
        assert status == 1
        assert "数据库不能打开（DatabaseError）" in complained


def test_the_calendar_of_a_year_that_nobody_knows(office: Path, duban: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    for today, mark in ((date(2031, 3, 1), "✗ 2031"), (date(2026, 11, 16), "✓ 2026"), (date(2026, 11, 17), "△ 2027")):
        monkeypatch.setattr("bot.__main__._today", lambda _zone, today=today: today)
        _, said, complained = duban("check")
        assert any(line.startswith(mark) for line in (said + complained).splitlines()), today


def test_check_for_a_program(duban: Said) -> None:
    status, said, _ = duban("check", "--json")

    assert status == 0
    assert {"mark": "✓", "what": "设置文件 duban.toml 可用", "remedy": ""} in json.loads(said)
