"""督办: rounds in their order with what they cost, letters with their receipts, and feedback that does not do."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessment.notices import Proposed, Refused, Repair, RepairLine, StatementTaken, Urging
from assessment.notices.supervision import (
    ProgressList,
    ProgressReturnAsk,
    ProgressReturned,
    ProgressTaken,
    ProgressTold,
    RoundRefused,
    RoundSigned,
    SuperviseAsk,
    SuperviseDone,
    SupervisedTold,
)
from storage import supervision
from storage.database import Database
from storage.proposals import ProposalRow, Stage
from storage.supervision import SupervisionRow
from tests.handlers.desk import (
    CLERK,
    LEADER,
    OFFICE,
    OFFICE_TWO,
    OTHER_IN_CHARGE,
    START,
    WATER_CLERK,
    Desk,
    as_read,
)
from tests.handlers.supervised_county import MATTER, TITLE, assigned, at_desk, furnished

WATER_HEAD = "huanbao-yan"
CO_CLERK = "nongban-tian"


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished(sqlite_template, tmp_path_factory.mktemp("supervised") / "county.db")


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Desk]:
    with at_desk(template, tmp_path / "county.db") as desk:
        yield desk


@pytest.fixture
def number(desk: Desk) -> str:
    return assigned(desk)


def ordered(desk: Desk, command: str, who: str = OFFICE) -> SuperviseDone:
    asked = desk.answer(who, command)
    assert isinstance(asked, SuperviseAsk), asked
    done = desk.answer(who, "确认")
    assert isinstance(done, SuperviseDone), done
    return done


def letters(desk: Desk, who: str) -> list[SupervisedTold]:
    return [notice for notice in desk.told(who) if isinstance(notice, SupervisedTold)]


def proposed(desk: Desk, who: str = WATER_CLERK) -> list[tuple[str, Decimal | None]]:
    return [(n.line.clause, n.line.points) for n in desk.told(who) if isinstance(n, Proposed)]


# ── the card ──


def test_the_card_says_which_round_it_is_and_what_the_next_would_cost(desk: Desk, number: str) -> None:
    ordered(desk, f"督办 {number} 首次反馈不合要求")

    asked = desk.answer(OFFICE, f"督办 {number} 限8月15日前 仍未报方案")

    assert (asked.nth, asked.reason, asked.units) == (2, "仍未报方案", ("县环保局", "县农办"))
    assert [(cost.points, cost.flag) for cost in asked.costs] == [(Decimal(-3), "")]
    assert [(cost.points, cost.flag) for cost in asked.next_costs] == [(Decimal(-10), "取消评优资格")]
    shown = as_read(asked)
    assert "请确认第二次督办" in shown
    assert "本次县环保局、县农办拟扣3分" in shown
    assert "如有第三次督办，县环保局、县农办拟扣10分，核定后取消评优资格" in shown
    assert "8月15日（周日）24:00" in shown


def test_nothing_is_recorded_or_numbered_before_it_is_confirmed(desk: Desk, number: str) -> None:
    desk.say(OFFICE, f"督办 {number}")
    desk.say(OFFICE, "取消")

    assert desk.database.read_now(lambda uow: uow.rows(select(SupervisionRow))) == []
    assert letters(desk, WATER_CLERK) == []
    first = int(number.rsplit("-", 1)[1])
    assert ordered(desk, f"督办 {number}").letter == f"D-1008-{first + 1}"


@pytest.mark.parametrize(
    "command", ["督办 {}", "督办单 {}", "第一次督办 {}", "督办 报送水环境整治方案", "督办 {} 报送水环境整治方案"]
)
def test_the_words_that_mean_it(desk: Desk, number: str, command: str) -> None:
    asked = desk.answer(OFFICE, command.format(number))

    assert isinstance(asked, SuperviseAsk)
    assert (asked.nth, asked.number, asked.reason) == (1, number, "")


# ── in their order ──


def test_a_third_round_without_a_second_is_refused(desk: Desk, number: str) -> None:
    """No skipping (A27, R32)."""
    ordered(desk, f"督办 {number}")

    refused = desk.answer(OFFICE, f"第三次督办 {number}")

    assert isinstance(refused, RoundRefused)
    assert "没有第二次督办记录，不能直接记第三次。" in as_read(refused)
    assert desk.answer(OFFICE, f"第二次督办 {number}").nth == 2


def test_a_round_that_was_ordered_is_not_ordered_again(desk: Desk, number: str) -> None:
    letter = ordered(desk, f"督办 {number}").letter

    refused = desk.answer(OFFICE, f"第一次督办 {number}")

    assert isinstance(refused, RoundRefused)
    assert f"第一次督办已于8月4日 09:12发出（{letter}），未重复记录" in as_read(refused)


def test_again_needs_a_first_time(desk: Desk, number: str) -> None:
    assert "没有第一次督办记录" in as_read(desk.answer(OFFICE, f"再次督办 {number}"))
    ordered(desk, f"督办 {number}")
    assert desk.answer(OFFICE, f"再次督办 {number}").nth == 2


def test_of_two_colleagues_one_orders_the_round(desk: Desk, number: str) -> None:
    desk.say(OFFICE, f"督办 {number}")
    desk.say(OFFICE_TWO, f"督办 {number}")
    assert isinstance(desk.answer(OFFICE, "确认"), SuperviseDone)

    late = desk.answer(OFFICE_TWO, "确认")

    assert isinstance(late, RepairLine)
    assert late.repair is Repair.SUPERVISED_MEANWHILE
    assert len(letters(desk, WATER_CLERK)) == 1


def test_the_record_of_rounds_only_grows(desk: Desk, number: str) -> None:
    ordered(desk, f"督办 {number}")

    with pytest.raises(IntegrityError):
        desk.database.write_now(lambda uow: uow.update(SupervisionRow, SupervisionRow.round == 1, round=2))


# ── who is concerned ──


def test_whoever_reported_done_is_not_supervised(desk: Desk, number: str) -> None:
    desk.say(CO_CLERK, f"办结 {number} 已配合")
    assert ordered(desk, f"督办 {number}").units == ("县环保局",)
    desk.say(WATER_CLERK, f"办结 {number} 已报")

    answer = desk.answer(OFFICE, f"督办 {number}")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.MATTER_REPORTED_DONE


def test_only_the_office_supervises(desk: Desk, number: str) -> None:
    for who in (WATER_CLERK, CLERK, LEADER, OTHER_IN_CHARGE):
        assert isinstance(desk.answer(who, f"督办 {number}"), Refused)


def test_the_unit_and_its_head_hear_of_it_and_from_the_second_round_on_the_leader(desk: Desk, number: str) -> None:
    ordered(desk, f"督办 {number}")
    assert [len(letters(desk, who)) for who in (WATER_CLERK, WATER_HEAD, CO_CLERK, OTHER_IN_CHARGE)] == [1, 1, 1, 0]

    ordered(desk, f"督办 {number} 仍未反馈")

    (told,) = [letter for letter in letters(desk, OTHER_IN_CHARGE) if letter.unit == "县环保局"]
    assert told.copied
    assert "抄送您知悉" in as_read(told)
    assert [letter.nth for letter in letters(desk, WATER_CLERK)] == [1, 2]


def test_after_a_letter_no_gentler_urging_is_said(desk: Desk, number: str) -> None:
    ordered(desk, f"督办 {number}")

    desk.wind(8, 24, 17)

    told = [n for n in desk.told(WATER_CLERK) if isinstance(n, Urging)]
    assert all(line.number != number for notice in told for line in notice.lines)


def test_a_time_limit_in_the_past_is_asked_for_again(desk: Desk, number: str) -> None:
    answer = desk.answer(OFFICE, f"督办 {number} 限2月30日前 逾期")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.SUPERVISE_UNTIL


# ── 签收 ──


def test_the_first_receipt_of_the_unit_stands(desk: Desk, number: str) -> None:
    """A letter with its number, whom it went to, when, and its receipt (R08)."""
    letter = ordered(desk, f"督办 {number}").letter
    assert f"签收 {letter}" in as_read(letters(desk, WATER_CLERK)[0])

    signed = desk.answer(WATER_CLERK, "收到")
    desk.pass_minutes(5)
    again = desk.answer(WATER_HEAD, f"签收 {letter}")

    assert isinstance(signed, RoundSigned)
    assert (signed.letter, signed.before, again.before) == (letter, False, True)
    assert again.signed_at == signed.signed_at == START
    (before,) = desk.answer(OFFICE, f"督办 {number}").before
    assert (before.signed, before.unsigned) == (("县环保局",), ("县农办",))


def test_nobody_signs_for_another_unit(desk: Desk, number: str) -> None:
    letter = ordered(desk, f"督办 {number}").letter

    assert not isinstance(desk.answer(CLERK, f"收到 {letter}"), RoundSigned)


# ── points ──


def test_each_round_is_proposed_once_and_the_unit_may_speak_first(desk: Desk, number: str) -> None:
    """−3 for the second round, −10 for the third (R32)."""
    for reason in ("首次", "仍未反馈", "三催不办"):
        ordered(desk, f"督办 {number} {reason}")

    assert proposed(desk) == [("第二次督办", Decimal(-3)), ("第三次督办", Decimal(-10))]
    (first, _) = [n for n in desk.told(WATER_CLERK) if isinstance(n, Proposed)]
    assert "第2次督办，仍未反馈" in first.line.fact
    statement = desk.answer(WATER_CLERK, f"情况说明 {first.line.number} 方案在市局待批")
    assert isinstance(statement, StatementTaken)
    desk.settle()
    assert len(proposed(desk)) == 2


def test_the_reading_of_the_measure_decides_whether_rounds_add_up(desk: Desk, number: str) -> None:
    """Here the highest of one matter counts: −10 and not −13; every line is there to be read (A8)."""
    for _ in range(3):
        ordered(desk, f"督办 {number}")

    card = desk.score("县环保局")

    assert card.provisional.final == Decimal(70)


# ── 反馈 ──


def test_feedback_is_kept_with_its_time_and_shown_to_whoever_convenes(desk: Desk, number: str) -> None:
    taken = desk.answer(CO_CLERK, f"反馈 {number} 已提供三个断面的数据")

    assert isinstance(taken, ProgressTaken)
    assert (taken.version, taken.sent_at) == (1, START)
    assert "尚未报办结" in as_read(taken)
    (told,) = [n for n in desk.told(WATER_CLERK) if isinstance(n, ProgressTold)]
    assert (told.line.unit, told.line.text) == ("县农办", "已提供三个断面的数据")
    assert desk.rows("县农办", TITLE)[0].state == "open"


def test_who_sees_what_was_fed_back(desk: Desk, number: str) -> None:
    """The first lead sees everybody's, a co-unit its own, strangers nothing (R59)."""
    desk.say(CO_CLERK, f"反馈 {number} 已提供数据")
    desk.say(WATER_CLERK, f"反馈 {number} 方案初稿已成")

    def units(who: str) -> set[str]:
        answer = desk.answer(who, f"反馈 {number}")
        assert isinstance(answer, ProgressList)
        return {line.unit for line in answer.lines}

    assert units(WATER_CLERK) == units(OFFICE) == units(LEADER) == {"县环保局", "县农办"}
    assert units(CO_CLERK) == {"县农办"}
    assert isinstance(desk.answer(CLERK, f"反馈 {number}"), Refused)


def test_a_feedback_that_does_not_do_is_sent_back_and_costs_what_the_clause_says(desk: Desk, number: str) -> None:
    desk.say(WATER_CLERK, f"反馈 {number} 正在办理")
    asked = desk.answer(OFFICE, f"反馈不合要求 {number} 未写明措施和时限")
    assert isinstance(asked, ProgressReturnAsk)
    assert [cost.points for cost in asked.costs] == [Decimal(-1), Decimal(-1)]

    assert isinstance(desk.answer(OFFICE, "确认"), ProgressReturned)

    assert any(isinstance(n, ProgressReturned) for n in desk.told(WATER_CLERK))
    assert ("反馈不合要求", Decimal(-1)) in proposed(desk)
    refused = desk.answer(OFFICE, f"反馈不合要求 {number} 再看")
    assert isinstance(refused, RepairLine)
    assert refused.repair is Repair.NO_FEEDBACK


def test_each_return_of_a_matter_costs_once(desk: Desk, number: str) -> None:
    for words in ("材料不实", "仍不实"):
        desk.say(WATER_CLERK, f"办结 {number} 已办")
        desk.say(OFFICE, f"退回 {number} {words}")
        desk.say(OFFICE, "确认")
    desk.settle()

    assert [points for clause, points in proposed(desk) if clause == "反馈不合要求"] == [Decimal(-1), Decimal(-1)]


def test_a_feedback_written_anew_meanwhile_is_not_sent_back(desk: Desk, number: str) -> None:
    desk.say(WATER_CLERK, f"反馈 {number} 正在办理")
    desk.say(OFFICE, f"反馈不合要求 {number} 太简单")
    desk.say(WATER_CLERK, f"反馈 {number} 已定三条措施，8月18日完成")

    answer = desk.answer(OFFICE, "确认")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.CHANGED_MEANWHILE


# ── 包抓, 牵头 ──


def test_a_matters_own_leader_hears_its_escalations(desk: Desk) -> None:
    """包抓领导 (R116), from the first round on."""
    number = assigned(desk, f"{MATTER.replace('8月20日', '8月6日')} 包抓领导 何志远")
    ordered(desk, f"督办 {number}")

    assert [letter.copied for letter in letters(desk, "county-he")] == [True, True]
    ordered(desk, f"督办 {number}")
    assert [letter.nth for letter in letters(desk, "county-he")] == [1, 1, 2, 2]
    assert "包抓领导：何志远。" in as_read(desk.told(WATER_CLERK)[0])


def test_an_unknown_leader_is_asked_for(desk: Desk) -> None:
    answer = desk.answer(LEADER, f"{MATTER} 包抓领导 张三丰")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.ITEM_LEADER


def test_of_several_leads_the_first_convenes(desk: Desk) -> None:
    """排在前面的 (R59)."""
    assigned(desk, "交办 县环保局、县农办 报送水环境整治方案 8月20日前 类别 县主要领导交办")

    assert "请贵单位牵头汇总" in as_read(desk.told(WATER_CLERK)[-1])
    assert "由县环保局牵头" in as_read(desk.told(CO_CLERK)[-1])


# ── any order ──

ACTS = st.sampled_from(
    ["督办", "再次督办", "第一次督办", "第二次督办", "第三次督办", "第四次督办", "办结", "退回", "反馈不合要求", "反馈"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(ACTS, st.sampled_from([OFFICE, OFFICE_TWO]), st.booleans()), max_size=12))
def test_whatever_the_office_does_rounds_follow_one_another(
    template: Path, tmp_path: Path, acts: list[tuple[str, str, bool]]
) -> None:
    """Rounds are 1..n without a gap, numbers too, and no clause is proposed twice for one round."""
    path = tmp_path / "any.db"
    with Database.open(f"sqlite:///{shutil.copy(template, path)}") as database:
        desk = Desk(database, START)
        number = assigned(desk)
        for word, who, confirmed in acts:
            desk.say(WATER_CLERK if word in ("办结", "反馈") else who, f"{word} {number} 理由")
            desk.say(who, "确认" if confirmed else "取消")
        rows = database.read_now(lambda uow: uow.rows(select(SupervisionRow)))
        proposals = database.read_now(lambda uow: uow.rows(select(ProposalRow)))
        told = database.read_now(lambda uow: [supervision.shares(uow, row.id) for row in rows])

    assert sorted(row.round for row in rows) == list(range(1, len(rows) + 1))
    assert len({row.number for row in rows}) == len(rows)
    assert all(told), "a round is about somebody"
    charged = [
        (row.clause, row.unit)
        for row in proposals
        if row.clause in ("督二", "督三") and row.stage != Stage.REJECTED.value
    ]
    assert len(set(charged)) == len(charged)
    assert ("督三" in {clause for clause, _ in charged}) == (len(rows) >= 3)
