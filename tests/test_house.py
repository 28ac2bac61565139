"""The rules of the house: which rooms there are, what is called what, and that the papers say what the code does."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import app
from bot.settings import describe_settings
from handlers.router import Router

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "schedules", "storage", "assessment")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
PYTHON = sorted([*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *SOURCES[0].parents[1].glob("*/demo/*.md")])
SETTINGS_PAPER = ROOT / "docs" / "settings.md"

NO_ROOM = {"utils", "util", "common", "helpers", "helper", "services", "service", "manager", "core", "base", "misc"}
NO_IO = {"aiohttp", "asyncio", "apscheduler", "sqlmodel", "sqlalchemy", "socket", "logging", "structlog", "requests"}
LONGEST_FILE = 400

# The table of conversations, word and aliases: what may be declared in handlers/.
CONVERSATIONS: dict[str, str] = {
    "报送": "上报 填报 交月报 报进度",
    "更正": "改 修改 补充",
    "撤回": "撤销",
    "零报告": "本月无进展 本月无",
    "重大事项": "随时报告 重大事项报告",
    "签发": "同意上报",
    "我的任务": "待办 还要报什么 任务",
    "延期": "申请延期 缓报",
    "督查通报": "",
    "分析通报": "季分析通报",
    "报落后指标": "落后指标报分管领导",
    "发通报": "",
    "通报情况": "通报记录",
    "专项督办令": "",
    "整改通知": "整改通知书",
    "整改": "",
    "已整改": "整改完成 已全部整改",
    "整改台账": "问题清单 整改情况",
    "情况说明": "说明情况",
    "申诉": "有异议 复核",
    "申诉成立": "",
    "申诉不成立": "",
    "申诉期限": "",
    "请求协调": "超出职权",
    "得分": "多少分 查分",
    "明细": "扣分明细",
    "差距": "离满分差多少",
    "走势": "趋势",
    "为什么": "依据 条款",
    "排名": "名次 第几 排行",
    "分解": "分解情况",
    "红黄绿": "亮灯 红灯 预警 全县怎么样",
    "谁没报": "未报 缺报 还有谁没交 还有谁没报",
    "催报": "催办 提醒未报",
    "放行": "",
    "通知": "群发",
    "回执": "谁没回",
    "收到": "签收",
    "待审": "审核",
    "通过": "同意",
    "退回": "打回",
    "代录": "补录",
    "加分": "",
    "扣分": "",
    "核定": "确认扣分",
    "评定": "核实 采用",
    "录分": "",
    "结算": "",
    "不予核定": "不核定",
    "先听情况说明": "先听说明",
    "审定": "",
    "不予审定": "",
    "等次": "",
    "评等": "评定等次",
    "公布": "",
    "考核结果": "名次表 排名表",
    "个人得分": "我的得分",
    "个人明细": "我的明细",
    "条线得分": "条线多少分",
    "条线明细": "",
    "条线排名": "条线名次",
    "约谈": "",
    "约谈结束": "",
    "报送期限": "",
    "已办": "",
    "书面报告": "书面说明",
    "评优资格": "",
    "决定": "",
    "奖励": "",
    "授奖": "",
    "撤回授奖": "取消授奖",
    "抽查": "",
    "更正分": "冲销",
    "同意更正": "",
    "不同意更正": "",
    "交办": "督办事项",
    "办结": "",
    "销号": "",
    "督办": "再次督办 第一次督办 第二次督办 第三次督办 第四次督办 第五次督办",
    "反馈": "反馈进展",
    "反馈不合要求": "",
    "准予延期": "同意延期",
    "不予延期": "不同意延期",
    "答复": "",
    "无法完成": "确无法完成 确实无法完成",
    "事件": "记录事件",
    "责任书": "责任状",
    "责任书签署情况": "责任状签署情况 谁没签",
    "签署": "",
    "关账": "年度关账 年终关账 年度结账",
    "建议修改": "建议修改标准 建议修改办法",
    "修改建议": "",
    "自选目标": "申报自选目标",
    "自选目标上报": "自选目标已上报",
    "分解到人": "分解任务到人",
    "采纳": "",
    "不采纳": "",
    "督办单": "催办单 通知单",
    "月通报": "",
    "台账": "",
    "导出": "",
    "登录": "",
    "绑定": "",
    "同意绑定": "",
    "不同意绑定": "",
    "解绑": "解除绑定",
    "帮助": "菜单 help",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# ── rooms ──


def test_no_room_has_a_name_that_says_nothing() -> None:
    rooms = {part for path in PYTHON for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}

    assert not rooms & NO_ROOM


def test_no_room_bursts() -> None:
    long = {name(path) for path in PYTHON if len(path.read_text("utf-8").splitlines()) > LONGEST_FILE}

    assert not {each for each in long if "/migrations/" not in each}  # migrations are generated


@pytest.mark.parametrize("path", [path for path in SOURCES if name(path).startswith("assessment/")], ids=name)
def test_the_ground_floor_does_no_io(path: Path) -> None:
    """import-linter keeps the whole plan; this one says at once which file breaks the first rule of it."""
    imported = {module.split(".")[0] for module in _imports(path)}

    assert not imported & NO_IO
    assert not imported & (set(PACKAGES) - {"assessment"})


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_what_is_public_says_what_it_is(path: Path) -> None:
    """Modules, and their functions and classes without an underscore, have a docstring; `main` has its module's."""
    tree = ast.parse(path.read_text("utf-8"))
    definitions = [node for node in tree.body if isinstance(node, _DEFINITIONS) and not node.name.startswith("_")]
    silent = {definition.name for definition in definitions if ast.get_docstring(definition) is None}

    assert ast.get_docstring(tree) or not tree.body
    assert silent <= {"main"} or "migrations" in path.parts


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


# ── words ──


def test_every_word_is_in_the_table() -> None:
    """Nothing is understood that the table of conversations does not list, and every alias belongs to its word."""
    for command in app.router().commands:
        assert command.word in CONVERSATIONS
        assert set(command.aliases) <= set(CONVERSATIONS[command.word].split()), command.word


def test_no_two_commands_claim_a_word() -> None:
    words = [word for command in app.router().commands for word in command.words]

    assert len(words) == len(set(words))
    with pytest.raises(ValueError, match="报送"):
        Router().mount(app.router(), app.router())


def test_every_word_says_what_it_does() -> None:
    """帮助 and the choices after a misunderstanding are made of these."""
    assert all(command.what for command in app.router().commands)


# ── papers ──


@pytest.mark.parametrize("path", PAPERS, ids=name)
def test_papers_lead_somewhere_and_name_no_machine(path: Path) -> None:
    text = path.read_text("utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    dead = [target for target in targets if "://" not in target and not (path.parent / target).exists()]

    assert not dead
    assert not re.findall(r"(?<![\w.])/(?:work|root|home|tmp|Users)/\S*", text)


@pytest.mark.parametrize("path", ["README.md", "CHANGELOG.md", "LICENSE", "CONTRIBUTING.md"])
def test_the_papers_that_a_house_needs(path: str) -> None:
    assert (ROOT / path).read_text("utf-8").strip()


def settings_paper() -> str:
    """docs/settings.md as bot/settings.py has it."""
    lines = [
        "# Settings",
        "",
        "Made from `bot/settings.py` by `python -m tests.test_house`; a test compares the two.",
        "",
        "A variable beats the file. A secret `x` may also be given as `x_file`, the path of a file that holds it.",
        "",
    ]
    section = ""
    for setting in describe_settings():
        if setting.section != section:
            section = setting.section
            lines += [f"## `{section}`", "", "| key | variable | default | meaning |", "| --- | --- | --- | --- |"]
        key = f"`{setting.key}`" + ("，或 `" + setting.key + "_file`" if setting.secret else "")
        default = "必填" if setting.default is None else f"`{setting.default}`" if setting.default else "无"
        lines.append(f"| {key} | `{setting.variable}` | {default} | {setting.description} |")
    return "\n".join(lines).replace("|\n## ", "|\n\n## ") + "\n"


def test_every_setting_is_documented() -> None:
    assert SETTINGS_PAPER.read_text("utf-8") == settings_paper(), "run: python -m tests.test_house"
    assert all(setting.description for setting in describe_settings())


if __name__ == "__main__":
    SETTINGS_PAPER.write_text(settings_paper(), "utf-8")
    sys.stdout.write(f"{SETTINGS_PAPER.relative_to(ROOT)}\n")
