"""`duban score`: every point with clause, fact, time and person."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessment.ledger import AccountKey, Basis
from assessment.marking import Proposal
from assessment.rulebook import Trigger
from bot.app import installation_of
from bot.installed import database_of, settings_at
from storage import programmes, proposing, roster, scoring
from storage.audit import recent
from storage.ids import new_id
from storage.proposals import ProposalRow
from storage.unit_of_work import UnitOfWork
from tests.bot.house import Said


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
