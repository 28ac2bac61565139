"""`duban rehearse`: the year of the installation at hand, as a page, as data, and as an exit status."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.bot.house import RULEBOOK, Said

ROSTER = """单位,单位别名,类别,姓名,岗位,渠道,账号
督查室,,考核办,陈静,考核办,sandbox,chen
甲局,甲,部门,王芳,填报人,sandbox,wang
乙局,,部门,赵敏,填报人,sandbox,zhao
丙局,,部门,孙涛,填报人,sandbox,sun
丁局,,部门,周平,填报人,sandbox,zhou
"""


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """The command speaks for its whole process; here that process goes on afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def staffed(office: Path, duban: Said) -> None:
    (office / "roster.csv").write_text(ROSTER, "utf-8")
    assert duban("import", "roster.csv")[0] == 0


def test_the_rest_of_the_year_as_a_page(office: Path, duban: Said) -> None:
    staffed(office, duban)

    status, said, complained = duban("rehearse")

    assert (status, complained) == (0, "")
    assert said.startswith(
        "2026 年度预演：8月3日 至 2027年1月31日\n考核方案 1 个：某县督查工作考核办法\n承担单位 4 个；"
    )
    assert "✓ 均未超过上限" in said
    assert "甲局（均在截止前一日办理）：按时 6\n" in said
    assert "乙局（均迟 3 日办理）：迟交 6\n" in said
    assert re.search(r"乙局：迟报（一1）\d 次，-\d 分", said)
    assert "丙局（全年不报不签）：未提交 6\n" in said
    assert "△ 2026年9月5日 8月月报（4 个单位）：周末" in said
    assert "2027年1月5日 12月月报（4 个单位）：当年放假安排尚未公布" in said


def test_nothing_of_it_stays_in_the_installation(office: Path, duban: Said) -> None:
    before = duban("score", "甲局", "--as-of", "2026-08-31")

    duban("rehearse", "--until", "08-31")

    assert duban("score", "甲局", "--as-of", "2026-08-31") == before
    assert duban("verify")[1].startswith("已核验 0 个账户")


def test_the_same_as_data(office: Path, duban: Said) -> None:
    staffed(office, duban)

    assert duban("rehearse", "--until", "09-30", "--data", "year.json")[0] == 0

    data = json.loads((office / "year.json").read_text("utf-8"))
    first = data["messages"][0]
    assert (first["person"], first["post"], first["at"]) == ("王芳", "甲局填报人", "2026-08-04T10:00:00+08:00")
    assert data["until"] == "2026-10-01T00:00:00+08:00"
    assert {one["kind"] for one in data["messages"]} >= {"ReportAnswered", "Urging"}
    assert any(one["reason"] == "8月月报：逾期未报" for one in data["messages"])


def test_every_message_as_a_table(office: Path, duban: Said) -> None:
    staffed(office, duban)

    assert duban("rehearse", "--until", "08-31", "--data", "messages.csv")[0] == 0

    heading, first, *_ = (office / "messages.csv").read_text("utf-8-sig").splitlines()
    assert heading == "时间,姓名,岗位,渠道,账号,标题,事由,性质"
    assert first == "2026-08-04 10:00,王芳,甲局填报人,sandbox,wang,7月月报：已收齐,7月月报：已报送,回执"


def test_above_a_cap_it_fails_and_names_post_and_month(office: Path, duban: Said) -> None:
    staffed(office, duban)
    second = "  - {编号: plan, 名称: 工作计划, 依据: 二, 周期: 月, 截止: {次月: 5}, 承担单位: [部门], 阶梯: 月报}\n"
    text = f"{RULEBOOK}{second}减负上限: {{填报人每月: 1}}\n"
    (office / "busy.yaml").write_text(text, "utf-8")

    status, said, complained = duban("rehearse", "--rulebook", "busy.yaml", "--until", "09-30")

    assert status == 1
    assert complained.strip().startswith("预演未通过：")
    assert "✗ 2026年9月 2 条（其中回执 2 条），上限 1 条：甲局填报人（王芳）、丁局填报人（周平）\n" in said


def test_steps_that_nobody_hears_and_steps_that_come_too_late_are_named(office: Path, duban: Said) -> None:
    staffed(office, duban)
    late = "      - {步骤: 督办, 时间: {逾期日: 25}, 对象: [填报人, 主要负责人]}\n"
    text = RULEBOOK.replace("报送任务:\n", f"{late}报送任务:\n")
    (office / "late.yaml").write_text(text, "utf-8")

    status, said, _ = duban("rehearse", "--rulebook", "late.yaml", "--until", "10-31")

    assert status == 0
    assert (
        "△ 月报的督办（主要负责人）一次也发不出去：对象无人在岗或未登记渠道，或在预演结束时仍在等待（3 处）\n" in said
    )
    assert "△ 月报的督办（填报人）晚于下一期任务的布置（3 处）\n" in said
    assert "督办（填报人）一次也" not in said


def test_a_unit_that_nobody_can_report_for_is_named(office: Path, duban: Said) -> None:
    (office / "roster.csv").write_text(f"{ROSTER}戊局,,部门,钱勇,分管领导,sandbox,qian\n", "utf-8")
    assert duban("import", "roster.csv")[0] == 0

    assert "△ 戊局没有可在平台上报送的人，请在名册中补上\n" in duban("rehearse", "--until", "08-31")[1]


def test_everybody_may_be_late_or_silent(office: Path, duban: Said) -> None:
    staffed(office, duban)

    pages = [duban("rehearse", "--behaviour", habit, "--until", "08-31")[1] for habit in ("按时", "迟交", "不报")]

    # Two of the four are late or silent in any case; whoever is late is urged and hears of the deduction.
    heard = [re.search(r"收到来信 (\d) 条，发出消息 \d 条（主动发出 (\d) 条", page) for page in pages]
    assert [found.groups() for found in heard if found] == [("3", "3"), ("3", "5"), ("2", "4")]


def test_what_is_asked_wrongly(office: Path, duban: Said) -> None:
    assert duban("rehearse", "--behaviour", "偷懒")[::2] == (2, "--behaviour 应为 按时、迟交、不报 之一，不是“偷懒”\n")
    assert duban("rehearse", "--until", "9月")[::2] == (2, "--until 应写成 09-30 的样子，不是“9月”\n")
    status, _, complained = duban("rehearse", "--year", "2031")
    assert (status, complained) == (1, "没有 2031 年度的考核方案，现有：2026；可用 --rulebook 指明文件\n")
    status, _, complained = duban("rehearse", "--rulebook", "none.yaml")
    assert (status, complained) == (1, "none.yaml 不能读取，请核对文件名，并另存为 UTF-8 编码\n")


def test_without_roster_or_rulebook_it_says_what_is_missing(folder: Path, duban: Said) -> None:
    assert duban("rehearse")[::2] == (1, "名册是空的，请先导入名册：duban import roster.csv\n")
    (folder / "roster.csv").write_text(ROSTER, "utf-8")
    assert duban("import", "roster.csv")[0] == 0
    assert duban("rehearse")[::2] == (1, "没有考核方案，请先导入考核办法，或用 --rulebook 指明文件\n")
