"""The same sheet twice changes nothing, and nobody becomes two people: told apart by account, number, unit and post."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.bring_in import Report, Wishes, bring_in
from bot.command_line import Stop
from storage import bindings, phones, roster
from storage.database import Database
from storage.unit_of_work import UnitOfWork

HEADER = "单位,姓名,岗位,渠道,账号,手机号\n"
TWINS = f"{HEADER}甲局,王芳,填报人,wecom,,13800001234\n甲局,王芳,主要负责人,wecom,,13800001235\n"
LI_MING = f"{HEADER}甲局,李明,填报人,wecom,,13800009999\n"
SECOND_POST = "乙局,李明,填报人,wecom,,13800009999\n"
NOON = datetime(2010, 8, 5, 4, 0, tzinfo=UTC)
TENANTS = {"wecom": "corp", "feishu": "house"}

Bring = Callable[..., Report]


@pytest.fixture
def bring(database: Database, tmp_path: Path) -> Bring:
    """Import a sheet; numbers are looked up on wecom."""

    def run(sheet: str, *, dry_run: bool = False, skip_bad: bool = False) -> Report:
        path = tmp_path / "roster.csv"
        path.write_text(sheet, "utf-8")
        day = date(2010, 8, 5)
        wishes = Wishes(today=day, live_from=day, dry_run=dry_run, skip_bad=skip_bad)
        return bring_in(path, database, TENANTS, wishes, looked_up=["wecom"])

    return run


def people(database: Database) -> list[str]:
    """Everybody, with units and accounts."""

    def job(uow: UnitOfWork) -> list[str]:
        whole = roster.whole(uow)
        return [
            f"{one.name}："
            + "、".join(f"{whole.unit(post.unit).name}{post.role}" for post in whole.posts if post.person == one.id)
            + "".join(f"（{each.account}）" for each in roster.identities(uow, one.id))
            for one in whole.people
        ]

    return database.read_now(job)


def person(database: Database, name: str, place: int = 0) -> int:
    named = [one.id for one in database.read_now(roster.whole).people if one.name == name]
    return named[place]


def bind(database: Database, whom: int, account: str) -> None:
    """The office agrees to what the number led to, and the number is erased."""

    def job(uow: UnitOfWork) -> None:
        roster.bind(uow, whom, "wecom", "corp", account)
        phones.erase(uow, {whom}, "wecom")

    database.write_now(job)


def unbind(database: Database, whom: int, channel: str = "wecom") -> None:
    """解绑 of the person's account on a channel."""

    def job(uow: UnitOfWork) -> None:
        (ended,) = [one for one in roster.identities(uow, whom) if one.channel == channel]
        bindings.end_account(uow, ended, NOON)

    database.write_now(job)


def unchanged(report: Report) -> bool:
    return report.counts["新增"] == report.counts["变更"] == report.counts["停用"] == report.counts["有误"] == 0


# ── the same sheet twice ──


@pytest.mark.parametrize("bound", [0, 1, 2])
def test_two_of_one_name_told_apart_by_number(bring: Bring, database: Database, bound: int) -> None:
    """Also when one of them has an account by now, or both, and their numbers are erased."""
    bring(TWINS)
    for place in range(bound):
        bind(database, person(database, "王芳", place), f"wang-{place}")
    before = people(database)

    assert len(before) == 2
    assert unchanged(bring(TWINS))
    assert people(database) == before


def test_a_second_of_that_name_is_a_second_person(bring: Bring, database: Database) -> None:
    """The sheet has two numbers: the first keeps theirs, and nothing changes to and fro."""
    first, _ = TWINS.removeprefix(HEADER).splitlines(keepends=True)
    bring(HEADER + first)
    report = bring(TWINS)

    assert report.counts["新增"] == 1
    assert people(database) == ["王芳：甲局填报人", "王芳：甲局主要负责人"]
    assert unchanged(bring(TWINS))


def test_a_second_of_that_name_beside_one_who_is_bound(bring: Bring, database: Database) -> None:
    first, _ = TWINS.removeprefix(HEADER).splitlines(keepends=True)
    bring(HEADER + first)
    bind(database, person(database, "王芳"), "wang")
    bring(TWINS)

    assert people(database) == ["王芳：甲局填报人（wang）", "王芳：甲局主要负责人"]
    assert unchanged(bring(TWINS))


def test_a_corrected_number_is_the_same_persons(bring: Bring, database: Database) -> None:
    bring(LI_MING)
    report = bring(LI_MING.replace("9999", "8888"))

    assert (report.counts["新增"], report.counts["变更"]) == (0, 1)
    assert people(database) == ["李明：甲局填报人"]


def test_two_new_numbers_for_two_of_one_name_are_known_by_their_posts(bring: Bring, database: Database) -> None:
    bring(TWINS)
    bring(TWINS.replace("1234", "5678").replace("1235", "5679"))

    assert people(database) == ["王芳：甲局填报人", "王芳：甲局主要负责人"]


def test_where_nothing_tells_them_apart_the_accounts_are_asked_for(bring: Bring, database: Database) -> None:
    bring(TWINS)
    bind(database, person(database, "王芳"), "wang")
    with pytest.raises(Stop) as stopped:
        bring(f"{HEADER}甲局,王芳,分管负责人,wecom,,13800007777\n")

    assert "“甲局”有不止一位“王芳”，请填写账号，以便区分：甲局（账号wang）、甲局（尚无账号）" in str(stopped.value)
    assert "7777" not in str(stopped.value)


# ── one person, two units ──


def test_a_second_post_by_the_number_that_the_sheet_gives_twice(bring: Bring, database: Database) -> None:
    """The number was erased when he was bound: it is the sheet that says both rows are one person."""
    bring(LI_MING)
    bind(database, person(database, "李明"), "liming")
    report = bring(LI_MING + SECOND_POST)

    assert people(database) == ["李明：甲局填报人、乙局填报人（liming）"]
    assert report.counts["新增"] == 1, "the post"
    assert unchanged(bring(LI_MING + SECOND_POST))
    assert database.read_now(phones.count) == 0


def test_a_second_post_alone_is_refused_with_the_account(bring: Bring, database: Database) -> None:
    """Nobody can say any more whose number it is; the office can, and the account is named."""
    bring(LI_MING)
    bind(database, person(database, "李明"), "liming")
    with pytest.raises(Stop) as stopped:
        bring(HEADER + SECOND_POST)

    said = str(stopped.value)
    assert "账号：名册中已有“李明”：甲局（账号liming），手机号已抹去，不能判断是否同一人" in said
    assert "是同一人的，请填写上列账号；不是的，请本人发送“绑定 李明 乙局”，再按所示账号填写" in said
    assert "9999" not in said
    assert people(database) == ["李明：甲局填报人（liming）"]


@pytest.mark.parametrize(
    ("account", "then"),
    [
        ("liming", ["李明：甲局填报人、乙局填报人（liming）"]),
        ("liming-2", ["李明：甲局填报人（liming）", "李明：乙局填报人（liming-2）"]),
    ],
)
def test_with_the_account_it_is_entered(bring: Bring, database: Database, account: str, then: list[str]) -> None:
    bring(LI_MING)
    bind(database, person(database, "李明"), "liming")
    bring(HEADER + SECOND_POST.replace("wecom,,", f"wecom,{account},"))

    assert people(database) == then


def test_a_namesake_in_the_sheet_who_has_a_number_of_his_own(bring: Bring, database: Database) -> None:
    """Both stand in the sheet with different numbers: they are two, and no account is asked for."""
    bring(LI_MING)
    bind(database, person(database, "李明"), "liming")
    both = LI_MING + SECOND_POST.replace("9999", "8888")
    bring(both)

    assert people(database) == ["李明：甲局填报人（liming）", "李明：乙局填报人"]
    assert unchanged(bring(both))


def test_while_his_number_is_kept_it_tells_who_he_is(bring: Bring, database: Database) -> None:
    bring(LI_MING)
    bring(HEADER + SECOND_POST)

    assert people(database) == ["李明：甲局填报人、乙局填报人"]


def test_a_doubtful_row_may_be_left_out(bring: Bring, database: Database) -> None:
    bring(LI_MING)
    bind(database, person(database, "李明"), "liming")
    report = bring(f"{HEADER}{SECOND_POST}丙局,赵敏,填报人,wecom,,13800005555\n", skip_bad=True)

    assert (report.counts["有误"], report.counts["新增"]) == (1, 1)
    assert people(database) == ["李明：甲局填报人（liming）", "赵敏：丙局填报人"]


# ── an account that was ended ──

WANG = f"{HEADER}甲局,王芳,填报人,wecom,wang,\n"


def test_the_account_that_was_ended_is_the_same_persons_and_the_dry_run_says_so(
    bring: Bring, database: Database
) -> None:
    """The office's file was not corrected after 解绑: nothing is bound again without a word."""
    bring(WANG)
    unbind(database, person(database, "王芳"))
    dry = bring(WANG, dry_run=True)

    assert dry.remarks[0] == (
        "roster.csv 第 2 行：重新绑定：“甲局”“王芳”的账号“wang”此前已解绑，导入后恢复使用；"
        "因遗失、换人停用的，请先改正账号"
    )
    assert people(database) == ["王芳：甲局填报人"]
    bring(WANG)
    assert people(database) == ["王芳：甲局填报人（wang）"]
    assert unchanged(bring(WANG))


@pytest.mark.parametrize("elsewhere", [False, True])
def test_another_account_than_the_one_that_was_ended(bring: Bring, database: Database, elsewhere: bool) -> None:
    """Also where she has one left on another platform: before, that made a second person of her."""
    bring(WANG)
    whom = person(database, "王芳")
    if elsewhere:
        database.write_now(lambda uow: roster.bind(uow, whom, "feishu", "house", "ou_wang"))
    unbind(database, whom)
    report = bring(WANG.replace(",wang,", ",wang-new,"))

    assert report.remarks[0].endswith(
        "重新绑定：“甲局”“王芳”的原账号已解绑，仍按同一人绑定账号“wang-new”，此前记录不变"
    )
    assert people(database) == ["王芳：甲局填报人" + "（ou_wang）" * elsewhere + "（wang-new）"]


def test_by_number_after_the_account_was_ended(bring: Bring, database: Database) -> None:
    bring(WANG)
    unbind(database, person(database, "王芳"))
    report = bring(f"{HEADER}甲局,王芳,填报人,wecom,,13800001234\n")

    assert "重新绑定：“甲局”“王芳”的原账号已解绑，仍按同一人按手机号查找新账号，此前记录不变" in report.remarks[0]
    assert people(database) == ["王芳：甲局填报人"]
    assert database.read_now(phones.count) == 1


def test_the_ended_account_in_another_unit_is_still_hers(bring: Bring, database: Database) -> None:
    bring(WANG)
    unbind(database, person(database, "王芳"))
    bring(WANG.replace("甲局", "乙局"))

    assert people(database) == ["王芳：甲局填报人、乙局填报人（wang）"]


def test_the_ended_account_under_another_name_is_somebody_elses(bring: Bring, database: Database) -> None:
    """Accounts are given to successors."""
    bring(WANG)
    unbind(database, person(database, "王芳"))
    bring(WANG.replace("王芳", "钱和"))

    assert people(database) == ["王芳：甲局填报人", "钱和：甲局填报人（wang）"]


def test_a_second_person_of_that_name_is_never_made_without_a_word(bring: Bring, database: Database) -> None:
    bring(WANG)
    report = bring(WANG + WANG.removeprefix(HEADER).replace(",wang,", ",wang-2,").replace("填报人", "分管负责人"))

    assert people(database) == ["王芳：甲局填报人（wang）", "王芳：甲局分管负责人（wang-2）"]
    assert "新增同名人员" not in "".join(report.remarks), "the sheet itself has both"

    report = bring(f"{HEADER}甲局,王芳,主要负责人,wecom,wang-3,\n", dry_run=True)
    assert report.remarks[0].endswith(
        "新增同名人员：“甲局”“王芳”账号“wang-3”与原有的甲局（账号wang）、甲局（账号wang-2）不同，按另一人新增"
    )


def test_of_two_whose_accounts_were_ended_the_post_tells_which(bring: Bring, database: Database) -> None:
    both = WANG + WANG.removeprefix(HEADER).replace(",wang,", ",wang-2,").replace("填报人", "分管负责人")
    bring(both)
    unbind(database, person(database, "王芳", 0))
    unbind(database, person(database, "王芳", 1))
    bring(both.replace(",wang,", ",new,").replace(",wang-2,", ",new-2,"))

    assert people(database) == ["王芳：甲局填报人（new）", "王芳：甲局分管负责人（new-2）"]
