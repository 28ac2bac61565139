"""What the life of a supervised matter promises, as test bodies."""

from decimal import Decimal

from sqlmodel import select

from assessment.notices import Proposed, Refused, RepairLine, Urging
from assessment.notices.supervision import ExtensionRefused, MajorTold, RoundRefused, SuperviseDone
from assessment.rulebook import Subject
from storage import supervision
from storage.programmes import ProgrammeRow
from storage.proposals import ProposalRow
from storage.supervision import SupervisionRow
from tests.handlers.desk import OFFICE, OFFICE_TWO, WATER_CLERK, Desk
from tests.handlers.supervised_county import assigned, with_rounds

_SHORT = "交办 县环保局 报送水环境整治方案 8月6日前 类别 县主要领导交办"


def a_matter_urged_is_counted_once(desk: Desk) -> None:
    assigned(desk, _SHORT)
    for day in (6, 9, 11):
        desk.wind(8, day, 10)
    counted = desk.database.read_now(
        lambda uow: list(uow.rows(select(ProposalRow).where(ProposalRow.subject == Subject.PERSON.value)))
    )
    matters = desk.rows("县环保局", "报送水环境整治方案")

    assert len([row for row in counted if row.obligation == matters[0].id]) == 1


def no_round_is_left_out(desk: Desk) -> None:
    number = assigned(desk, _SHORT)
    _ordered(desk, f"督办 {number}")

    assert isinstance(desk.answer(OFFICE, f"第三次督办 {number}"), RoundRefused)


def a_round_is_ordered_once(desk: Desk) -> None:
    number = assigned(desk, _SHORT)
    desk.say(OFFICE, f"督办 {number}")
    desk.say(OFFICE_TWO, f"督办 {number}")
    desk.say(OFFICE, "确认")

    assert isinstance(desk.answer(OFFICE_TWO, "确认"), RepairLine)
    assert [row.round for row in _rounds(desk)] == [1]


def a_letter_has_its_number_from_the_confirmation(desk: Desk) -> None:
    number = assigned(desk, _SHORT)
    desk.say(OFFICE, f"督办 {number}")
    desk.say(OFFICE, "取消")
    letter = _ordered(desk, f"督办 {number}")

    assert int(letter.rsplit("-", 1)[1]) == int(number.rsplit("-", 1)[1]) + 1


def whoever_is_done_is_not_supervised(desk: Desk) -> None:
    number = assigned(desk, f"{_SHORT} 协办 县农办")
    desk.say("nongban-tian", f"办结 {number} 已配合")
    _ordered(desk, f"督办 {number}")
    (row,) = _rounds(desk)

    assert len(desk.database.read_now(lambda uow: supervision.shares(uow, row.id))) == 1


def each_round_costs_once(desk: Desk) -> None:
    _with_rounds(desk)
    number = assigned(desk, _SHORT.replace("8月6日", "8月20日"))
    told = []
    for _ in range(3):
        _ordered(desk, f"督办 {number}")
        told.append([n.line.points for n in desk.told(WATER_CLERK) if isinstance(n, Proposed)])

    assert told == [[], [Decimal(-3)], [Decimal(-3), Decimal(-10)]]


def each_return_of_a_matter_costs(desk: Desk) -> None:
    _with_rounds(desk)
    number = assigned(desk, _SHORT.replace("8月6日", "8月20日"))
    for _ in range(2):
        desk.say(WATER_CLERK, f"办结 {number} 已办")
        desk.say(OFFICE, f"退回 {number} 材料不实")
        desk.say(OFFICE, "确认")
    told = [n.line.points for n in desk.told(WATER_CLERK) if isinstance(n, Proposed) and n.line.cite == "二(一)"]

    assert told == [Decimal(-1), Decimal(-1)]


def more_time_is_asked_for_in_time(desk: Desk) -> None:
    _with_rounds(desk)
    number = assigned(desk, _SHORT)
    desk.wind(8, 7, 9)

    assert isinstance(desk.answer(WATER_CLERK, f"延期 {number} 8月16日 审批未下"), ExtensionRefused)


def more_time_is_granted_so_often_and_no_more(desk: Desk) -> None:
    _with_rounds(desk)
    _granted(desk, assigned(desk, _SHORT), "8月16日")

    assert isinstance(desk.say(WATER_CLERK, "延期 报送水环境整治方案 8月20日 还不行")[0], ExtensionRefused)


def granted_time_is_not_urged_in(desk: Desk) -> None:
    """Asked in time, decided after the urging: neither the urging nor what was proposed stands."""
    _with_rounds(desk)
    number = assigned(desk, _SHORT)
    request = desk.answer(WATER_CLERK, f"延期 {number} 8月16日 审批未下").line.number
    desk.wind(8, 9, 9, 30)
    desk.say(OFFICE, f"通过 {request}")
    desk.say(OFFICE, "确认")
    urged = _urgings(desk, number)
    desk.wind(8, 16, 17)

    assert _urgings(desk, number) == urged
    assert desk.score("县环保局").provisional.final == Decimal(80)
    desk.wind(8, 17, 9, 30)
    assert _urgings(desk, number) == urged + 1
    assert desk.score("县环保局").provisional.final == Decimal(78)


def a_problem_puts_nothing_off(desk: Desk) -> None:
    number = assigned(desk, _SHORT)
    desk.say(WATER_CLERK, f"请求协调 {number} 上游在邻县")
    desk.wind(8, 9, 9, 30)

    assert _urgings(desk, number) == 1


def only_the_leader_in_charge_answers(desk: Desk) -> None:
    problem = desk.answer(WATER_CLERK, "请求协调 上游在邻县").line.number

    assert isinstance(desk.answer("county-he", f"答复 {problem} 同意"), Refused)


def a_major_matter_leaves_at_night(desk: Desk) -> None:
    desk.wind(8, 7, 22, 30)
    desk.say(WATER_CLERK, "重大事项 排污管破裂")
    desk.settle()

    assert any(isinstance(n, MajorTold) for n in desk.told(OFFICE))
    assert any("排污管破裂" in text for text in desk.shown(OFFICE))


def _ordered(desk: Desk, command: str) -> str:
    desk.say(OFFICE, command)
    done = desk.answer(OFFICE, "确认")
    assert isinstance(done, SuperviseDone)
    return done.letter


def _granted(desk: Desk, number: str, until: str) -> None:
    request = desk.answer(WATER_CLERK, f"延期 {number} {until} 审批未下").line.number
    desk.say(OFFICE, f"通过 {request}")
    desk.say(OFFICE, "确认")


def _urgings(desk: Desk, number: str) -> int:
    told = [n for n in desk.told(WATER_CLERK) if isinstance(n, Urging)]
    return sum(any(line.number == number for line in notice.lines) for notice in told)


def _rounds(desk: Desk) -> list[SupervisionRow]:
    return desk.database.read_now(lambda uow: uow.rows(select(SupervisionRow)))


def _with_rounds(desk: Desk) -> None:
    """Let the measure take points off for rounds and allow one extension."""
    rows = desk.database.read_now(lambda uow: uow.rows(select(ProgrammeRow)))
    for row in rows:
        if (text := with_rounds(row.text)) != row.text:
            values = {"text": text, "digest": f"{row.digest[:-2]}77"}
            desk.database.write_now(
                lambda uow, row=row, values=values: uow.update(  # type: ignore[misc]
                    ProgrammeRow, ProgrammeRow.id == row.id, **values
                )
            )
