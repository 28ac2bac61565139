"""`duban import`: rosters, rulebooks and calendars; all of a file or nothing."""

import json
from datetime import date
from pathlib import Path

from bot.installed import database_of, settings_at
from storage import calendars, programmes, roster
from tests.bot.house import DEMO, ROSTER, RULEBOOK, Said


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
    assert complained.startswith("roster.csv 第 4 行 第 5 列 岗位：没有岗位“文书”，请写其中之一")
    assert complained.endswith("有误 1 行，未写入任何一行\n")

    status, said, complained = duban("import", "roster.csv", "--skip-bad")
    assert (status, said) == (1, "名册：新增 2、变更 0、不变 0、停用 0、有误 1\n")
    assert complained.startswith("roster.csv 第 4 行")


def test_a_channel_that_the_settings_lack(folder: Path, duban: Said) -> None:
    (folder / "roster.csv").write_text(ROSTER.replace("sandbox,zhao", "wecom,zhao"), "utf-8")

    assert duban("import", "roster.csv")[2].startswith(
        "roster.csv 第 4 行 第 6 列 渠道：设置中没有渠道“wecom”，请改为设置中已有的：sandbox\n"
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
        "考核办法 某县督查工作考核办法（2026-08-01 起用）：新增 0、变更 0、不变 1\n",
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

    assert duban("import", "stray.yaml")[2].startswith("stray.yaml 第 19 行 第 1 列 放假：")


def test_a_faulty_calendar_names_file_and_line(folder: Path, duban: Said) -> None:
    (folder / "2031.yaml").write_text("年度: 2031\n放假: 2月30日\n", "utf-8")

    assert duban("import", "2031.yaml") == (1, "", "2031.yaml 第2行：“2月30日”：没有这一天\n")


def test_a_file_that_is_not_there(duban: Said) -> None:
    status, _, complained = duban("import", "nothing.csv")

    assert status == 2
    assert complained.startswith("nothing.csv：文件不能读取")


def test_import_for_a_program(folder: Path, duban: Said) -> None:
    (folder / "roster.csv").write_text(ROSTER, "utf-8")

    report = json.loads(duban("import", "roster.csv", "--json")[1])

    assert (report["kind"], report["counts"]["新增"], report["dry_run"]) == ("名册", 3, False)


def test_accounts_of_a_platform_that_knows_no_case_are_kept_small(folder: Path, duban: Said) -> None:
    """企业微信 tells user ids in lower case, whatever stands in its own list (decisions 22)."""
    settings = folder / "duban.toml"
    settings.write_text(
        settings.read_text("utf-8")
        + """
[[channels]]
name = "app"
kind = "wecom"
corp_id = "ww0123456789abcdef"
agent_id = 1000002
secret = "an app's secret"
token = "atoken"
encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
""",
        "utf-8",
    )
    text = ROSTER.replace("sandbox,zhao", "app,ZhaoMin").replace("sandbox,wang", "sandbox,WangFang")
    (folder / "roster.csv").write_text(text, "utf-8")

    assert duban("import", "roster.csv")[0] == 0
    with database_of(settings_at(Path("duban.toml"))) as database:
        known = [
            database.read_now(lambda uow, who=who: roster.known(uow, *who))
            for who in (
                ("app", "ww0123456789abcdef", "zhaomin"),
                ("sandbox", "sandbox", "WangFang"),
                ("app", "ww0123456789abcdef", "ZhaoMin"),
            )
        ]
    assert [found is not None for found in known] == [True, True, False]
