"""`duban import` and telephone numbers: not read unless a channel wants them, kept for that alone, erased on demand."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlmodel import select

from bot.installed import database_of, settings_at
from bot.roster_table import read_table
from storage import phones, roster
from storage.phones import PhoneRow
from tests.bot.house import Said

SHEET = """单位,姓名,岗位,渠道,账号,手机号
督查室,陈静,考核办,sandbox,chen,
甲局,王芳,填报人,wecom,,138 0000 1234
乙局,赵敏,主要负责人,sandbox,zhao,13900005678
"""
WITH_ACCOUNTS = SHEET.replace("wecom,,", "sandbox,wang,")
WECOM = """
[[channels]]
name = "wecom"
kind = "wecom"
corp_id = "ww1"
agent_id = 7
secret = "an-app-of-its-own"
token = "a-token-of-its-own"
encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
"""


@pytest.fixture
def switched_on(folder: Path) -> Path:
    settings = folder / "duban.toml"
    settings.write_text(settings.read_text("utf-8") + WECOM + "phone_lookup = true\n", "utf-8")
    return folder


def kept() -> Sequence[PhoneRow]:
    with database_of(settings_at(Path("duban.toml"))) as database:
        return database.read_now(lambda uow: uow.rows(select(PhoneRow)))


def people() -> list[str]:
    with database_of(settings_at(Path("duban.toml"))) as database:
        return [person.name for person in database.read_now(roster.whole).people]


def bring(folder: Path, duban: Said, sheet: str, *more: str) -> tuple[int, str, str]:
    (folder / "roster.csv").write_text(sheet, "utf-8")
    return duban("import", "roster.csv", *more)


def test_off_the_column_is_not_read_and_the_import_says_so(folder: Path, duban: Said) -> None:
    status, said, _ = bring(folder, duban, WITH_ACCOUNTS)

    assert status == 0
    assert "△ “手机号”一列未读取，也未留存：没有渠道开启按手机号查找账号（phone_lookup）" in said
    assert kept() == []
    assert "按手机号查找账号：未开启" in duban("check", "--offline")[1]


def test_off_it_is_not_even_in_what_was_read() -> None:
    table = read_table(SHEET, "roster.csv")

    assert "手机号" in table.columns
    assert "1234" not in repr(table.lines)


def test_off_a_row_without_an_account_is_faulty_as_ever(folder: Path, duban: Said) -> None:
    assert "账号：没有填写账号" in bring(folder, duban, SHEET)[2]


def test_on_numbers_are_kept_for_who_has_no_account_there(switched_on: Path, duban: Said) -> None:
    status, said, _ = bring(switched_on, duban, SHEET)

    assert status == 0
    assert "△ 留存手机号 2 人，仅用于查找账号" in said
    assert {(row.channel, row.number) for row in kept()} == {("wecom", "13800001234"), ("wecom", "13900005678")}
    assert "已开启（wecom），留存手机号 2 人" in duban("check", "--offline")[1]


def test_the_same_sheet_twice_changes_nothing(switched_on: Path, duban: Said) -> None:
    bring(switched_on, duban, SHEET)

    assert "新增 0、变更 0、不变 3" in bring(switched_on, duban, SHEET)[1]
    assert people() == ["陈静", "王芳", "赵敏"]


def test_a_dry_run_keeps_none(switched_on: Path, duban: Said) -> None:
    bring(switched_on, duban, SHEET, "--dry-run")

    assert kept() == []


def test_an_account_that_the_office_learns_later_is_the_same_persons(switched_on: Path, duban: Said) -> None:
    bring(switched_on, duban, SHEET)
    bring(switched_on, duban, SHEET.replace("wecom,,138 0000 1234", "wecom,wang,"))

    assert people() == ["陈静", "王芳", "赵敏"]
    assert [row.number for row in kept()] == ["13900005678"]


def test_a_person_with_two_posts_is_one(switched_on: Path, duban: Said) -> None:
    bring(switched_on, duban, f"{SHEET}丙局,王芳,分管负责人,wecom,,13800001234\n")

    assert people() == ["陈静", "王芳", "赵敏"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("138 0000 1234", "0571-87654321"), "手机号：手机号不是11位手机号码，请核对手机号，或填写账号"),
        (("wecom,,", "sandbox,,"), "账号：渠道“sandbox”未开启按手机号查找账号，请填写账号"),
        (("13900005678", "13800001234"), "手机号：手机号与第 3 行“王芳”的相同"),
    ],
)
def test_what_cannot_be_kept(switched_on: Path, duban: Said, change: tuple[str, str], complaint: str) -> None:
    status, _, complained = bring(switched_on, duban, SHEET.replace(*change))

    assert status == 1
    assert complaint in complained
    assert not re.search(r"[0-9]{5}", complained), "no number is repeated"


def test_two_of_one_name_in_one_unit_need_accounts(switched_on: Path, duban: Said) -> None:
    twins = "甲局,王芳,分管负责人,sandbox,wang-1,\n甲局,王芳,主要负责人,sandbox,wang-2,\n"
    bring(switched_on, duban, SHEET.replace("甲局,王芳,填报人,wecom,,138 0000 1234\n", twins))

    assert "“甲局”有不止一位“王芳”" in bring(switched_on, duban, SHEET)[2]


@pytest.mark.parametrize(("whom", "left"), [("王芳", ["13900005678"]), ("全部", [])])
def test_erasing(switched_on: Path, duban: Said, whom: str, left: list[str]) -> None:
    bring(switched_on, duban, SHEET)
    status, said, _ = duban("import", "--erase-phone", whom)

    assert (status, said) == (0, f"已抹去手机号 {2 - len(left)} 人\n")
    assert [row.number for row in kept()] == left


def test_erasing_of_nobody_and_beside_an_import(switched_on: Path, duban: Said) -> None:
    bring(switched_on, duban, SHEET)

    assert duban("import", "--erase-phone", "钱七")[0] == 2
    assert duban("import", "roster.csv", "--erase-phone", "全部")[0] == 2
    with database_of(settings_at(Path("duban.toml"))) as database:
        assert database.read_now(phones.count) == 2


def test_switched_off_again_check_says_what_is_still_kept(switched_on: Path, duban: Said) -> None:
    bring(switched_on, duban, SHEET)
    settings = switched_on / "duban.toml"
    settings.write_text(settings.read_text("utf-8").replace("phone_lookup = true", "phone_lookup = false"), "utf-8")

    said = duban("check", "--offline")[1]
    assert "未开启，数据库中仍留存手机号 2 人 → 请运行 duban import --erase-phone 全部" in said
