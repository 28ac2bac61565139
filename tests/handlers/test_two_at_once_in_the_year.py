"""Two officers confirm the same at the same moment, on both kinds of databases: it takes effect once, and the second
hears that it was done or that things have changed. Nobody hears that the service failed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import func, select

from assessment.notices import Failed, Notice, RepairLine
from assessment.notices.closing import YearClosed
from assessment.notices.event_days import EventNotRecorded, EventRecorded
from assessment.notices.following_up import WrittenAsked
from assessment.notices.judging import SettleDone
from assessment.notices.letters import LetterDaySet
from assessment.notices.own_targets import OwnTargetTaken, UpwardRecorded
from assessment.notices.rectifying import RectifyOrdered
from assessment.notices.results import AwardTakenBack, GradesDecided, Published, ResultsNotDone, SampleDrawn
from assessment.notices.suggestions import SuggestionDecided, SuggestionTaken
from assessment.notices.supervision import ExtensionAsked, ExtensionDecided
from bot.county import CHANNEL, ZONE, Setting, demonstration, found
from schedules import opening
from storage.awards import AwardRow
from storage.closings import ClosingRow
from storage.database import Database
from storage.event_days import EventDayRow
from storage.grades import GradeRow
from storage.obligations import ObligationRow
from storage.own_targets import OwnTargetUpwardRow
from storage.proposals import ProposalRow
from storage.publications import PublicationRow
from storage.samples import SampleRow
from storage.submissions import SubmissionRow, Way
from storage.supervision import SupervisionRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.at_once import at_once
from tests.handlers.desk import CLERK, FOUR_FIGURES, OFFICE, OFFICE_TWO, START, WATER_CLERK, Desk
from tests.handlers.one_measure import HEADING, shipped, some_of_the_county, unit
from tests.handlers.supervised_county import MATTER, with_rounds
from tests.handlers.test_awards_taken_back import RULEBOOK as AWARDS
from tests.handlers.test_own_targets import STANDARDS

OFFICERS = ("chen", "wu")
GRADED = (
    unit("党工委", "考核办", 考核办="chen")
    + "党工委,,考核办,wu,考核办,sandbox,wu,2000-01-01,\n"
    + unit("甲单位", "部门单位", 填报人="li", 主要负责人="fang")
    + unit("丁单位", "部门单位", 填报人="sun", 主要负责人="he")
)
LETTER = ("\n记分:\n", "\n责任书: {名称: 目标责任书, 依据: 一}\n\n记分:\n")


@contextmanager
def _opened(database: Database, books: dict[str, str], roster: str, start: datetime) -> Iterator[Desk]:
    setting = Setting(roster=HEADING + roster, rulebooks=books, start=start, live_from=start.date())
    database.write_now(lambda uow: found(uow, setting, {CHANNEL: CHANNEL}))
    desk = Desk(database, start)
    database.write_now(lambda uow: opening.sweep(uow, desk.installation, start))
    yield desk


@pytest.fixture
def graded(database: Database) -> Iterator[Desk]:
    with _opened(database, shipped("four-grades.yaml"), GRADED, datetime(2026, 12, 28, 9, 30, tzinfo=ZONE)) as desk:
        yield desk


def county(office: str, kind: str = "县直部门") -> str:
    return (
        unit(office, "考核办", 考核办="chen")
        + f"{office},,考核办,wu,考核办,sandbox,wu,2000-01-01,\n"
        + unit("县环保局", kind, 填报人="wang", 主要负责人="gao")
    )


def count(desk: Desk, row: type, *where: object) -> int:
    query = select(func.count()).select_from(row)
    return int(desk.database.read_now(lambda uow: uow.scalar(query.where(*where) if where else query)))  # type: ignore[arg-type]


def ask_both(desk: Desk, text: str) -> None:
    for who in OFFICERS:
        desk.say(who, text)


def once(desk: Desk, *kinds: type[Notice]) -> list[Notice]:
    """Both confirm; nobody hears of a failure, and each kind is answered once."""
    answers = at_once(desk, "确认", *OFFICERS)
    assert not [notice for notice in answers if isinstance(notice, Failed)]
    for kind in kinds:
        assert len([notice for notice in answers if isinstance(notice, kind)]) == 1, (kind, answers)
    return answers


def test_one_grade(graded: Desk) -> None:
    graded.say("chen", "评等 甲单位 一般 研究决定")
    graded.say("wu", "评等 甲单位 较好 研究决定")

    once(graded, GradesDecided, ResultsNotDone)

    assert count(graded, GradeRow) == 1


def test_one_publication(graded: Desk) -> None:
    graded.say("chen", "评等 甲单位 好 研究决定")
    graded.say("chen", "确认")
    ask_both(graded, "公布 范围 全体")

    once(graded, Published, ResultsNotDone)

    assert count(graded, PublicationRow) == 1


def test_one_report_asked_for(graded: Desk) -> None:
    graded.say("chen", "评等 甲单位 一般 研究决定")
    (decided,) = graded.say("chen", "确认")
    assert isinstance(decided, GradesDecided)
    ask_both(graded, f"报送期限 {decided.follow_ups[0].split()[0]} 1月8日")

    once(graded, WrittenAsked)

    assert count(graded, ObligationRow, ObligationRow.kind == "written") == 1


def test_one_end_of_an_interview(graded: Desk) -> None:
    graded.say("chen", "评等 丁单位 较差 研究决定")
    graded.say("chen", "确认")
    ask_both(graded, "约谈结束 丁单位 12月28日")

    once(graded)

    assert count(graded, ObligationRow, ObligationRow.kind == "written") == 1


def test_one_sample(graded: Desk) -> None:
    ask_both(graded, "抽查 部门单位 1个")

    once(graded, SampleDrawn, ResultsNotDone)

    assert count(graded, SampleRow) == 1


def test_one_day_of_an_event(database: Database) -> None:
    roster = county("市委农办", "市级部门").replace("县环保局", "市卫健委")
    start = datetime(2026, 9, 28, 9, 30, tzinfo=ZONE)
    with _opened(database, shipped("two-assessments.yaml"), roster, start) as desk:
        ask_both(desk, "事件 省上考核组进驻 10月27日")

        once(desk, EventRecorded, EventNotRecorded)

        assert count(desk, EventDayRow) == 1


def test_one_closing(database: Database) -> None:
    books = shipped("supervision-80.yaml")
    with _opened(database, books, county("县委县政府督查室"), datetime(2010, 12, 30, 9, 30, tzinfo=ZONE)) as desk:
        desk.clock.wind_to(datetime(2011, 2, 14, 9, 30, tzinfo=ZONE))
        ask_both(desk, "关账")

        once(desk, YearClosed)

        assert count(desk, ClosingRow) == 1


def test_one_day_for_the_letters(database: Database) -> None:
    books = shipped("supervision-80.yaml", LETTER)
    with _opened(database, books, county("县委县政府督查室"), datetime(2010, 12, 1, 9, 30, tzinfo=ZONE)) as desk:
        ask_both(desk, "责任书 截止 12月10日")

        once(desk, LetterDaySet)

        assert count(desk, ObligationRow, ObligationRow.kind == "letter") == 1
        assert len([notice for notice in desk.told("gao") if isinstance(notice, LetterDaySet)]) == 1


def test_one_word_on_a_suggestion(database: Database) -> None:
    books = shipped("supervision-80.yaml")
    with _opened(database, books, county("县委县政府督查室"), datetime(2010, 12, 1, 9, 30, tzinfo=ZONE)) as desk:
        taken = desk.answer("wang", "建议修改 第4条 分值应写明")
        assert isinstance(taken, SuggestionTaken)
        desk.say("chen", f"采纳 {taken.number}")
        desk.say("wu", f"不采纳 {taken.number} 已有规定")

        answers = [notice for notice in once(desk) if isinstance(notice, SuggestionDecided)]

        first, second = sorted(answers, key=lambda notice: notice.before_at is not None)
        assert (first.before_at, second.line.state, second.before_by != "") == (None, first.line.state, True)
        assert len([notice for notice in desk.told("wang") if isinstance(notice, SuggestionDecided)]) == 1


def test_one_award_and_one_taking_back(database: Database) -> None:
    roster = county("县委督查室", "乡镇").replace("县环保局", "丑镇")
    with _opened(database, {"awards.yaml": AWARDS}, roster, datetime(2026, 12, 28, 9, 30, tzinfo=ZONE)) as desk:
        ask_both(desk, "授奖 先进单位 丑镇")
        once(desk)
        assert count(desk, AwardRow) == 1

        ask_both(desk, "撤回授奖 先进单位 丑镇 重新评议")
        once(desk, AwardTakenBack)
        assert len([notice for notice in desk.told("gao") if isinstance(notice, AwardTakenBack)]) == 1


@pytest.fixture
def demonstrated(database: Database) -> Desk:
    """The demonstration's department with rounds of supervision, extensions and targets of its own."""
    setting = demonstration(START, date(2010, 8, 1))
    books = {name: with_rounds(text) for name, text in setting.rulebooks.items()}
    books |= shipped("sanmen-2010.yaml", ("\n指标:\n", f"\n{STANDARDS}"))
    some = replace(setting, rulebooks=books, roster=HEADING + some_of_the_county("县环保局", "县经贸局", "县农办"))
    database.write_now(lambda uow: found(uow, some, {CHANNEL: CHANNEL}))
    desk = Desk(database, START)
    database.write_now(lambda uow: opening.sweep(uow, desk.installation, START))
    return desk


def assigned(desk: Desk) -> str:
    desk.say(OFFICE, MATTER)
    (given,) = desk.say(OFFICE, "确认")
    return str(given.number)  # type: ignore[attr-defined]


def of_the_office(desk: Desk, text: str, *kinds: type[Notice]) -> None:
    for who in (OFFICE, OFFICE_TWO):
        desk.say(who, text)
    answers = at_once(desk, "确认", OFFICE, OFFICE_TWO)
    assert not [notice for notice in answers if isinstance(notice, Failed)]
    for kind in kinds:
        assert len([notice for notice in answers if isinstance(notice, kind)]) == 1, (kind, answers)


def test_one_round_of_supervision_and_one_letter(demonstrated: Desk) -> None:
    number = assigned(demonstrated)

    of_the_office(demonstrated, f"督办 {number}", RepairLine)

    assert count(demonstrated, SupervisionRow) == 1


def test_one_extension(demonstrated: Desk) -> None:
    number = assigned(demonstrated)
    asked = demonstrated.answer(WATER_CLERK, f"延期 {number} 8月30日 审批未下")
    assert isinstance(asked, ExtensionAsked), asked

    of_the_office(demonstrated, f"准予延期 {asked.line.number}", ExtensionDecided)

    told = [notice for notice in demonstrated.told(WATER_CLERK) if isinstance(notice, ExtensionDecided)]
    assert len(told) == 1


def test_one_filing_of_own_targets(demonstrated: Desk) -> None:
    taken = demonstrated.answer(WATER_CLERK, "自选目标 内容：远教先锋 目标值 示范站点12个 完成时限 11月30日")
    assert isinstance(taken, OwnTargetTaken)

    of_the_office(demonstrated, f"自选目标上报 {taken.line.number} 8月3日 县政研〔2010〕5号", UpwardRecorded)

    assert count(demonstrated, OwnTargetUpwardRow) == 1
    assert len([notice for notice in demonstrated.told(WATER_CLERK) if isinstance(notice, UpwardRecorded)]) == 1


def test_one_settlement(demonstrated: Desk) -> None:
    demonstrated.say(CLERK, FOUR_FIGURES)

    of_the_office(demonstrated, "结算", SettleDone, RepairLine)

    def keys(uow: UnitOfWork) -> list[str]:
        return uow.rows(select(ProposalRow.key))

    found_keys = demonstrated.database.read_now(keys)
    assert found_keys
    assert len(found_keys) == len(set(found_keys))


def test_one_closing_of_a_rectified_problem(database: Database) -> None:
    """销号: the second hears that it was done."""
    roster = county("督查组", "部门单位").replace("县环保局", "甲局")
    start = datetime(2026, 3, 2, 9, 30, tzinfo=ZONE)
    with _opened(database, shipped("rectification.yaml"), roster, start) as desk:
        desk.say("chen", "整改通知 甲局 限3月20日 1.台账不全")
        (told,) = desk.say("chen", "确认")
        assert isinstance(told, RectifyOrdered)
        number = told.items[0].number
        desk.say("wang", f"整改 {number} 责任领导：方立群；责任部门：办公室；整改时限：3月18日；整改措施：补齐")
        desk.say("wang", f"已整改 {number} 已补齐")
        ask_both(desk, f"销号 {number}")

        once(desk)

        assert count(desk, ObligationRow, ObligationRow.state == "met") == 1
        assert count(desk, SubmissionRow, SubmissionRow.way == Way.ACCEPT.value) == 1
