"""The command line in real folders: what each command does, says and returns."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from assessment.ledger import AccountKey, Basis
from assessment.marking import Proposal
from assessment.rulebook import Trigger
from bot.__main__ import main
from bot.app import installation_of
from bot.installed import database_of, settings_at
from bot.serving import secrets_of
from bot.settings import describe_settings, load_settings
from storage import calendars, programmes, proposing, roster, scoring
from storage.audit import recent
from storage.ids import new_id
from storage.proposals import ProposalRow
from storage.unit_of_work import UnitOfWork

DATA = Path(__file__).parents[2] / "assessment"
DEMO = DATA / "demo" / "roster.csv"
ROSTER = """单位,单位别名,类别,姓名,岗位,通道,账号
督查室,,考核办,陈静,考核办,sandbox,chen
甲局,甲,部门,王芳,填报人,sandbox,wang
乙局,,部门,赵敏,主要负责人,sandbox,zhao
"""
RULEBOOK = """编号: test
办法: 某县督查工作考核办法
版本: 2026年3月
年度: 2026
主管: 督查室
出处: 某县文件
记分:
  - {对象: 单位, 基础分: 80, 封顶: 100}
  - {对象: 个人}
条款:
  - {编号: U1, 名称: 迟报, 依据: 一1, 原文: 迟报的扣1分, 触发: 逾期报送, 分值: -1}
  - {编号: P1, 名称: 催报未报, 依据: 三, 原文: 经催报仍未报的扣0.2分, 对象: 个人, 触发: 人工记录, 分值: -0.2}
催办阶梯:
  - 编号: 月报
    各步:
      - {步骤: 催办, 时间: {逾期日: 1}}
报送任务:
  - {编号: monthly, 名称: 月报, 依据: 二, 周期: 月, 截止: {次月: 5}, 承担单位: [部门], 阶梯: 月报, 条款: [U1]}
"""

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new installation, and the shell in it, on 3 August 2026."""
    monkeypatch.setattr("bot.__main__._today", lambda _zone: date(2026, 8, 3))
    for name in [name for name in os.environ if name.startswith("DUBAN_")]:
        monkeypatch.delenv(name)
    assert main(["init", str(tmp_path / "house")]) == 0
    monkeypatch.chdir(tmp_path / "house")
    return tmp_path / "house"


@pytest.fixture
def duban(folder: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Run a command in the new installation: exit status, what was said, what was complained of."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def office(folder: Path, duban: Said) -> Path:
    """The same with roster and rulebook in it."""
    (folder / "roster.csv").write_text(ROSTER, "utf-8")
    (folder / "rulebooks" / "test.yaml").write_text(RULEBOOK, "utf-8")
    assert duban("import", "roster.csv")[0] == 0
    assert duban("import", "rulebooks/test.yaml", "--live-from", "2026-08-01")[0] == 0
    return folder


# The command itself


def test_help_is_chinese_throughout(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ([], ["init"], ["check"], ["import"], ["serve"], ["score"], ["verify"], ["demo"]):
        assert main([*command, "--help"]) == 0
        page = capsys.readouterr().out
        assert "用法：" in page
        assert not re.search(r"Usage|Options|Commands|Arguments|Show this|default|required", page)


def test_no_command_shows_the_help_and_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "命令" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["serv"], "没有命令 serv。"),
        (["import"], "缺少参数 文件。"),
        (["check", "--all"], "没有选项 --all。"),
        (["init", "a", "b"], "多出参数 b。"),
        (["check", "--config"], "选项 --config 后面缺少内容。"),
        (["score", "甲局", "--as-of", "8月1日"], "--as-of 应写成 2026-08-01 的样子，不是“8月1日”"),
    ],
)
def test_wrong_use_is_one_chinese_sentence_and_status_2(duban: Said, arguments: list[str], complaint: str) -> None:
    status, _, complained = duban(*arguments)

    assert status == 2
    assert complained.startswith(complaint)
    assert complained.count("\n") == 1


def test_the_module_runs_and_its_status_is_the_process_s(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bot", "verify"], cwd=tmp_path, env=_environment(), capture_output=True, check=False
    )

    assert (run.returncode, run.stdout) == (1, b"")
    assert "duban init" in run.stderr.decode()


def test_help_brings_no_heavy_package_along(tmp_path: Path) -> None:
    code = "import sys, bot.__main__ as m; m.main(['--help']); print(sorted(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=_environment(), capture_output=True, check=True
    )

    loaded = run.stdout.decode().splitlines()[-1]
    assert not re.search(r"'(sqlalchemy|sqlmodel|pydantic|aiohttp|alembic|chinese_calendar|bot\.app)'", loaded)


# init


def test_init_makes_settings_that_load(folder: Path) -> None:
    settings = load_settings(folder / "duban.toml", {})

    assert [(channel.name, channel.kind) for channel in settings.channels] == [("sandbox", "sandbox")]
    assert settings.service.rulebooks.is_dir()
    assert settings.service.files.is_dir()


def test_init_explains_every_setting(folder: Path) -> None:
    toml = (folder / "duban.toml").read_text("utf-8")

    for setting in describe_settings():
        key = f"{setting.key}_file" if setting.secret and setting.key != "database" else setting.key
        assert re.search(rf"^#.*\n(#.*\n)*(# )?{key} = ", toml, re.MULTILINE) or setting.section == "[[channels]]", key
    assert re.findall(r"^(\w+) = ", toml.partition("[[channels]]")[2], re.MULTILINE) == [
        "name",
        "kind",
        "tenant",
        "secret_file",
        "api_base",
    ]


def test_init_gives_each_installation_secrets_of_its_own_that_only_the_owner_reads(
    folder: Path, tmp_path: Path
) -> None:
    main(["init", str(tmp_path / "other")])

    for name in ("ledger.key", "sandbox.secret"):
        path = folder / "secrets" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(path.read_text("ascii").strip()) == 64
        assert path.read_bytes() != (tmp_path / "other" / "secrets" / name).read_bytes()


def test_init_leaves_an_installation_alone(folder: Path, duban: Said) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    status, _, complained = duban("init", ".")

    assert (status, complained) == (1, "duban.toml 已经存在，未作改动。请另选目录\n")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_sample_roster_is_empty_and_opens_in_excel(folder: Path, duban: Said) -> None:
    assert (folder / "roster.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert duban("import", "roster.csv") == (0, "名册：新增 0、变更 0、不变 0、停用 0、有误 0\n", "")


# import


def test_a_dry_run_says_what_would_be_and_does_nothing(folder: Path, duban: Said) -> None:
    (folder / "roster.csv").write_text(ROSTER, "utf-8")

    assert duban("import", "roster.csv", "--dry-run")[1] == (
        "名册：新增 3、变更 0、不变 0、停用 0、有误 0（试算，未写入）\n"
    )
    with database_of(settings_at(Path("duban.toml"))) as database:
        assert database.read_now(roster.whole).units == ()


def test_the_demonstration_roster_twice(duban: Said) -> None:
    rows = len(DEMO.read_text("utf-8").splitlines()) - 1

    assert duban("import", str(DEMO))[1] == f"名册：新增 {rows}、变更 0、不变 0、停用 0、有误 0\n"
    assert duban("import", str(DEMO))[1] == f"名册：新增 0、变更 0、不变 {rows}、停用 0、有误 0\n"


def test_a_bad_row_stops_the_whole_roster_unless_skipped(folder: Path, duban: Said) -> None:
    (folder / "roster.csv").write_text(ROSTER.replace("主要负责人", "文书"), "gb18030")

    status, said, complained = duban("import", "roster.csv")
    assert (status, said) == (1, "")
    assert complained.startswith("roster.csv 第 4 行 第 5 列 岗位:没有岗位“文书”,请写其中之一")
    assert complained.endswith("有误 1 行，未写入任何一行\n")

    status, said, complained = duban("import", "roster.csv", "--skip-bad")
    assert (status, said) == (1, "名册：新增 2、变更 0、不变 0、停用 0、有误 1\n")
    assert complained.startswith("roster.csv 第 4 行")


def test_a_channel_that_the_settings_lack(folder: Path, duban: Said) -> None:
    (folder / "roster.csv").write_text(ROSTER.replace("sandbox,zhao", "wecom,zhao"), "utf-8")

    assert duban("import", "roster.csv")[2].startswith(
        "roster.csv 第 4 行 第 6 列 通道:设置中没有通道“wecom”,请改为设置中已有的：sandbox\n"
    )


def test_a_post_that_is_no_longer_listed_ends_only_on_request(office: Path, duban: Said) -> None:
    (office / "roster.csv").write_text(ROSTER.replace("乙局,,部门,赵敏,主要负责人,sandbox,zhao\n", ""), "utf-8")

    assert duban("import", "roster.csv")[1] == "名册：新增 0、变更 0、不变 2、停用 0、有误 0\n"
    assert duban("import", "roster.csv", "--end-missing")[1] == "名册：新增 0、变更 0、不变 2、停用 1、有误 0\n"
    assert duban("import", "roster.csv", "--end-missing", "--skip-bad")[0] == 2


def test_a_rulebook_becomes_a_programme_once(office: Path, duban: Said) -> None:
    with database_of(settings_at(Path("duban.toml"))) as database:
        (programme,) = database.read_now(programmes.running)
    assert (programme.code, programme.live_from) == ("test-2026", date(2026, 8, 1))

    assert duban("import", "rulebooks/test.yaml") == (
        0,
        "考核办法 某县督查工作考核办法（2026-08-01 起用）：新增 0、不变 1\n",
        "",
    )


def test_another_text_of_a_running_rulebook_is_frozen(office: Path, duban: Said) -> None:
    (office / "rulebooks" / "test.yaml").write_text(RULEBOOK.replace("分值: -1", "分值: -2"), "utf-8")

    status, _, complained = duban("import", "rulebooks/test.yaml")

    assert status == 1
    assert "考核方案 test-2026 已在运行" in complained


def test_a_broken_rulebook_is_refused_with_file_and_line_even_on_trial(office: Path, duban: Said) -> None:
    (office / "rulebooks" / "test.yaml").write_text(RULEBOOK.replace("分值: -1", "分值: 一分"), "utf-8")

    status, said, complained = duban("import", "rulebooks/test.yaml", "--trial")

    assert (status, said) == (1, "")
    assert complained.startswith("test.yaml 第 11 行")


def test_a_rulebook_with_stand_ins_only_on_trial(office: Path, duban: Said) -> None:
    text = RULEBOOK.replace("编号: test", "编号: draft").replace("分值: -1", "分值: {值: -1, 代入: 原文未写}")
    (office / "rulebooks" / "draft.yaml").write_text(text, "utf-8")

    status, _, complained = duban("import", "rulebooks/draft.yaml")
    assert status == 1
    assert complained.startswith("draft.yaml 条款 › 迟报 › 分值：代入 -1，原文未写\n")

    assert duban("import", "rulebooks/draft.yaml", "--trial")[0] == 0


def test_a_rulebook_whose_office_is_not_in_the_roster(folder: Path, duban: Said) -> None:
    (folder / "test.yaml").write_text(RULEBOOK, "utf-8")

    status, _, complained = duban("import", "test.yaml")

    assert (status, complained) == (1, "test.yaml 主管：名册中没有“督查室”。请先导入名册，或改正单位名称\n")


def test_a_calendar_is_kept_and_told_from_a_rulebook(folder: Path, duban: Said) -> None:
    (folder / "2031.yaml").write_text("年度: 2031\n放假: 1月1日\n上班:\n  - 2031-01-04\n", "utf-8")

    assert duban("import", "2031.yaml", "--dry-run")[1].endswith(
        "2031 年日历：新增 1、变更 0、不变 0（试算，未写入）\n"
    )
    assert duban("import", "2031.yaml")[1].endswith("2031 年日历：新增 1、变更 0、不变 0\n")
    assert duban("import", "2031.yaml")[1] == "2031 年日历：新增 0、变更 0、不变 1\n"
    (folder / "2031.yaml").write_text("年度: 2031\n放假: 1月2日\n", "utf-8")
    assert duban("import", "2031.yaml")[1].endswith("2031 年日历：新增 0、变更 1、不变 0\n")

    with database_of(settings_at(Path("duban.toml"))) as database:
        calendar = database.read_now(calendars.calendar)
    assert (calendar.is_workday(date(2031, 1, 1)), calendar.is_workday(date(2031, 1, 2))) == (True, False)


def test_a_rulebook_with_a_stray_calendar_line_is_still_a_rulebook(office: Path, duban: Said) -> None:
    (office / "stray.yaml").write_text(RULEBOOK + "放假: 1月1日\n", "utf-8")

    assert duban("import", "stray.yaml")[2].startswith("stray.yaml 第 19 行 第 1 列 放假:")


def test_a_faulty_calendar_names_file_and_line(folder: Path, duban: Said) -> None:
    (folder / "2031.yaml").write_text("年度: 2031\n放假: 2月30日\n", "utf-8")

    assert duban("import", "2031.yaml") == (1, "", "2031.yaml 第2行:“2月30日”:没有这一天\n")


def test_a_file_that_is_not_there(duban: Said) -> None:
    status, _, complained = duban("import", "nothing.csv")

    assert status == 2
    assert complained.startswith("nothing.csv：文件不能读取")


def test_import_for_a_program(folder: Path, duban: Said) -> None:
    (folder / "roster.csv").write_text(ROSTER, "utf-8")

    report = json.loads(duban("import", "roster.csv", "--json")[1])

    assert (report["kind"], report["counts"]["新增"], report["dry_run"]) == ("名册", 3, False)


# check


def test_a_new_installation_has_open_ends_but_no_fault(duban: Said) -> None:
    status, said, complained = duban("check")

    assert (status, complained) == (0, "")
    assert "△ 数据库尚未建立" in said


def test_a_complete_installation(office: Path, duban: Said) -> None:
    status, said, complained = duban("check")

    assert (status, complained) == (0, "")
    assert "✓ 设置 duban.toml" in said
    assert "✓ test.yaml：某县督查工作考核办法，2026 年度，条款 2、指标 0、报送任务 1" in said
    assert "✓ 名册：单位 3、人员 3、岗位 3" in said
    assert "✓ test-2026：主管、承担单位都在名册中" in said
    assert "△ test-2026：乙局 没有填报人，催报无人可收" in said


def test_check_looks_and_changes_nothing(folder: Path, duban: Said) -> None:
    before = sorted(folder.rglob("*"))

    duban("check")

    assert sorted(folder.rglob("*")) == before


def test_faulty_settings_and_an_unknown_variable(folder: Path, duban: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_SERVCE__LISTEN", "x")
    (folder / "duban.toml").write_text("[service]\nlisten = 8080\n", "utf-8")

    status, _, complained = duban("check")

    assert status == 1
    assert complained == "✗ 环境变量 DUBAN_SERVCE__LISTEN：没有这一项，请核对拼写\n"


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

    assert "△ test.yaml 未设定 1 项：条款 › 迟报 › 分值 → " in said
    assert "△ test.yaml 代入 1 项：报送任务 › 月报 › 截止=次月 5 → " in said
    assert "△ test.yaml 与运行中的 test-2026 不同" in said


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
    assert {"mark": "✓", "what": "设置 duban.toml", "remedy": ""} in json.loads(said)


# score and verify


def test_a_score_with_its_base_and_its_trace_in_the_audit(office: Path, duban: Said) -> None:
    status, said, _ = duban("score", "甲", "--as-of", "2026-07-31")

    assert status == 0
    assert said.startswith("甲局（截至2026年7月31日")
    assert said.splitlines()[1:] == [
        "",
        "依据《某县督查工作考核办法》（2026年3月版）",
        "甲局（单位账户）：核定 80 分，暂计 80 分；基础分 80",
        "  没有加分、扣分记录",
    ]
    with database_of(settings_at(Path("duban.toml"))) as database:
        (line,) = database.read_now(recent)
    assert (line.channel, line.action, line.object, line.allowed) == ("命令行", "查看得分", "甲局", True)


@pytest.fixture
def scored(office: Path) -> Path:
    """The same with an entry for 甲局, one for its reporter, and a proposal that is still open."""
    settings = settings_at(Path("duban.toml"))
    installation = installation_of(settings)

    def job(uow: UnitOfWork) -> None:
        (programme,) = programmes.running(uow)
        people = roster.whole(uow)
        unit = people.named("甲局")
        assert unit is not None
        desk = proposing.Desk(uow, installation, programme, datetime(2026, 8, 6, 2, 0, tzinfo=UTC))
        person = scoring.person_account(programme, people.people[1].id)
        for clause, account in (("U1", scoring.unit_account(programme, unit.id)), ("P1", person), ("P1", person)):
            row = _proposed(desk, clause, account, unit.id)
            if row.number != "P-2608-5":
                proposing.confirm(uow, installation, programme, row, by=people.people[0].id, now=desk.now)

    with database_of(settings) as database:
        database.write_now(job)
    return office


def _proposed(desk: proposing.Desk, clause: str, account: AccountKey, unit: int) -> ProposalRow:
    basis = Basis(happened=Trigger.RECORDED, reason="七月月报8月6日送达", evidence=("收文登记",))
    points = desk.programme.rulebook.clause(clause).points.value
    proposal = Proposal(key=f"record/{new_id()}", clause=clause, account=account, points=points, basis=basis)
    row = proposing.put(desk, proposal, unit=unit, obligation=None, occurred_at=desk.now - timedelta(hours=1))
    assert row is not None
    return row


def test_every_point_leads_to_clause_fact_time_and_person(scored: Path, duban: Said) -> None:
    _, said, _ = duban("score", "甲局", "--why", "--as-of", "2026-08-31")

    assert said.splitlines()[1:] == [
        "",
        "依据《某县督查工作考核办法》（2026年3月版）",
        "甲局（单位账户）：核定 79 分，暂计 79 分；基础分 80",
        "  L-2608-2  −1分  计入  一1 迟报：七月月报8月6日送达",
        "      2026年8月6日 09:00 发生；陈静 2026年8月6日 10:00 核定",
        "      条款 U1：迟报的扣1分",
        "      佐证：收文登记",
        "",
        "依据《某县督查工作考核办法》（2026年3月版）",
        "王芳（个人账户，不计入单位）：核定 −0.2 分，暂计 −0.4 分；基础分 0",
        "  L-2608-4  −0.2分  计入  三 催报未报：七月月报8月6日送达",
        "      2026年8月6日 09:00 发生；陈静 2026年8月6日 10:00 核定",
        "      条款 P1：经催报仍未报的扣0.2分",
        "      佐证：收文登记",
        "  P-2608-5  −0.2分  待核定  三 催报未报：七月月报8月6日送达",
        "      2026年8月6日 09:00 发生；待核定",
        "      条款 P1：经催报仍未报的扣0.2分",
        "      佐证：收文登记",
    ]
    assert duban("verify")[1] == "已核验 2 个账户、2 条记录，未发现不符\n"


def test_a_score_as_published_on_a_past_day(scored: Path, duban: Said) -> None:
    accounts = json.loads(duban("score", "甲局", "--as-of", "2026-08-05", "--json")[1])["accounts"]

    assert [(account["account"], account["confirmed"], account["lines"]) for account in accounts] == [
        ("甲局", "80", [])
    ]


def test_a_score_for_a_program(office: Path, duban: Said) -> None:
    found = json.loads(duban("score", "甲局", "--known", "--json")[1])

    assert (found["unit"], found["view"], found["accounts"][0]["confirmed"]) == ("甲局", "现在所知", "80")


def test_the_score_of_an_unknown_unit(office: Path, duban: Said) -> None:
    assert duban("score", "丁局") == (2, "", "名册中没有“丁局”，请写单位名称或别名\n")


def test_verify_says_how_much_it_looked_at(office: Path, duban: Said) -> None:
    assert duban("verify") == (0, "已核验 0 个账户、0 条记录，未发现不符\n", "")


def test_verify_names_what_is_wrong_and_writes_no_checkpoint(office: Path, duban: Said) -> None:
    with database_of(settings_at(Path("duban.toml"))) as database:
        database.write_now(lambda uow: uow.update(programmes.ProgrammeRow, programmes.ProgrammeRow.code != "", text=""))

    status, said, complained = duban("verify", "--write-checkpoint", "checkpoint.json")

    assert (status, said) == (1, "已核验 0 个账户、0 条记录，发现 2 处不符\n")
    assert complained.startswith("考核方案 test-2026 的办法文本与存入时不符\n")
    assert not Path("checkpoint.json").exists()
    assert [fault["what"] for fault in json.loads(duban("verify", "--json")[1])["faults"]] == complained.splitlines()


def test_a_checkpoint_is_written_and_compared(office: Path, duban: Said) -> None:
    assert duban("verify", "--write-checkpoint", "checkpoint.json")[0] == 0
    assert duban("verify", "--checkpoint", "checkpoint.json")[0] == 0

    (office / "secrets" / "ledger.key").write_text("f" * 64, "ascii")
    status, _, complained = duban("verify", "--checkpoint", "checkpoint.json")
    assert (status, complained) == (1, "检查点文件不能用现有密钥核对：密钥不对，或文件被改动\n")


# demo and serve


def test_the_demo_returns_what_the_story_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> int:
        return 1

    monkeypatch.setattr("bot.story.play", play)

    assert (main(["demo"]), main(["demo", "--story"])) == (1, 1)


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
    return {**own, "PYTHONPATH": str(DATA.parent), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def serving(office: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`duban serve` in a process of its own, and the port on which it answers."""
    port = _free_port()
    environment = {**_environment(), "DUBAN_SERVICE__LISTEN": f"127.0.0.1:{port}"}
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(command, cwd=office, env=environment, stdout=subprocess.PIPE, text=True) as process:
        yield process, port
        process.kill()


def test_every_secret_is_blotted_out_of_the_logs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {(folder / "secrets" / name).read_text("ascii").strip() for name in ("ledger.key", "sandbox.secret")}
    assert set(secrets_of(settings_at(Path("duban.toml")))) == keys

    monkeypatch.setenv("DUBAN_SERVICE__DATABASE", "postgresql://duban:password@db/duban")
    assert set(secrets_of(settings_at(Path("duban.toml")))) == {*keys, "postgresql://duban:password@db/duban"}


def test_serve_until_sigterm(serving: tuple[subprocess.Popen[str], int], office: Path) -> None:
    process, port = serving
    assert process.stdout is not None
    events = []
    for line in process.stdout:
        events.append(json.loads(line))
        if events[-1]["event"] == "serving":
            break
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()

    process.send_signal(signal.SIGTERM)

    rest = [json.loads(line) for line in process.stdout]
    assert process.wait() == 0
    assert [event["event"] for event in rest][-1] == "stopped"
    missing = [event["what"] for event in events if event["event"] == "not ready"]
    assert "test-2026：乙局 没有填报人，催报无人可收" in missing
    key = (office / "secrets" / "ledger.key").read_text("ascii").strip()
    assert key not in json.dumps(events + rest)


def test_serve_fails_when_it_cannot_listen(office: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        run = subprocess.run(
            [sys.executable, "-m", "bot", "serve"],
            cwd=office,
            env={**_environment(), "DUBAN_SERVICE__LISTEN": listen},
            capture_output=True,
            text=True,
            check=False,
        )

    assert (run.returncode, run.stderr) == (1, f"不能监听 {listen}：地址不对，或端口已被占用\n")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
