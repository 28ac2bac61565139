"""`duban score --under`: a rule change tried out on the ledger, told account by account; nothing is written."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from assessment.ledger import AccountKey, Basis
from assessment.marking import Proposal
from assessment.rulebook import Trigger
from bot.app import installation_of
from bot.installed import database_of, settings_at
from storage import programmes, proposing, roster, scoring
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork
from tests.bot.house import RULEBOOK, Said


@pytest.fixture
def scored(office: Path) -> Path:
    """An entry for 甲局, and for its reporter an entry and an open proposal."""
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
            proposal = _proposed(desk, clause, account)
            row = proposing.put(
                desk, proposal, unit=unit.id, obligation=None, occurred_at=desk.now - timedelta(hours=1)
            )
            assert row is not None
            if row.number != "P-2608-5":
                proposing.confirm(uow, installation, programme, row, by=people.people[0].id, now=desk.now)

    with database_of(settings) as database:
        database.write_now(job)
    return office


def _proposed(desk: proposing.Desk, clause: str, account: AccountKey) -> Proposal:
    basis = Basis(happened=Trigger.RECORDED, reason="七月月报8月6日送达", evidence=("收文登记",))
    points = desk.programme.rulebook.clause(clause).points.value
    return Proposal(key=f"record/{new_id()}", clause=clause, account=account, points=points, basis=basis)


def changed(folder: Path, *edits: tuple[str, str]) -> str:
    words = RULEBOOK
    for old, new in edits:
        assert old in words
        words = words.replace(old, new)
    (folder / "draft.yaml").write_text(words, "utf-8")
    return "draft.yaml"


def test_the_same_rules_change_nothing(scored: Path, duban: Said) -> None:
    status, said, complained = duban("score", "--under", changed(scored), "--as-of", "2026-08-31")

    assert (status, complained) == (0, "")
    assert said.splitlines() == [
        "办法修改试算（截至2026年8月31日24:00，当时公布）",
        "现行：《某县督查工作考核办法》（2026年3月版）；试算：draft.yaml，《某县督查工作考核办法》（2026年3月版）",
        "只试算，不写入；新增条款所涉事实台账中没有记载，不在试算之内。",
        "",
        "一、账户",
        "  2 个账户均无变化",
        "",
        "二、条款（含拟加拟扣，限已生效的）",
        "  各条合计无变化",
        "",
        "三、办法",
        "  条款和读法无变化",
    ]


def test_another_value_is_told_by_account_and_clause(scored: Path, duban: Said) -> None:
    file = changed(scored, ("分值: -0.2", "分值: -0.5"), ("版本: 2026年3月", "版本: 修改稿"))

    status, said, _ = duban("score", "--under", file, "--as-of", "2026-08-31")

    assert status == 0
    assert said.splitlines()[4:11] == [
        "一、账户",
        "  王芳（个人账户）：核定 −0.2 → −0.5 分，暂计 −0.4 → −1 分",
        "    L-2608-4  −0.2分 → −0.5分  分值改变",
        "    P-2608-5  −0.2分 → −0.5分  分值改变",
        "  其余 1 个账户无变化",
        "",
        "二、条款（含拟加拟扣，限已生效的）",
    ]
    assert "  三 催报未报：2 笔 −0.4分 → 2 笔 −1分" in said
    assert said.endswith("三、办法\n  改动 三 催报未报：−0.2分 → −0.5分\n")


def test_what_moves_nothing_in_the_ledger_is_named_all_the_same(scored: Path, duban: Said) -> None:
    """A clause by which nothing stands as yet, and a due day: whoever tries a change sees that it was read."""
    file = changed(scored, ("次月: 5", "次月: 8"), ("迟报的扣1分", "迟报的一律扣1分"))

    said = duban("score", "--under", file, "--as-of", "2026-08-31")[1]

    assert "  2 个账户均无变化" in said
    assert said.endswith(
        "  改动 一1 迟报\n  另有改动：报送任务；布置和催办的变化请用 duban rehearse --rulebook draft.yaml 预演\n"
    )


def test_what_would_have_to_be_decided_anew_is_a_fault(scored: Path, duban: Said) -> None:
    gone = "  - {编号: U1, 名称: 迟报, 依据: 一1, 原文: 迟报的扣1分, 触发: 逾期报送, 分值: -1}\n"
    file = changed(
        scored,
        (gone, gone.replace("U1", "U2")),
        ("条款: [U1]", "条款: [U2]"),
        ("分值: -0.2", "幅度: {自: -5, 至: -1}"),
        ("基础分: 80", "基础分: 90"),
    )

    status, said, _ = duban("score", "--under", file, "--as-of", "2026-08-31")

    assert status == 1
    assert "  甲局（单位账户）：核定 79 → 90 分，暂计 79 → 90 分" in said
    assert "    基础分 80 → 90 分" in said
    assert "    L-2608-2  −1分 → 不计  无此条款" in said
    assert "    L-2608-4  −0.2分 → 分值未定  待重新定分（计入 → 待定分）" in said
    assert "  △ 3 笔须由考核办重新处理，处理之前不计分" in said
    assert said.splitlines()[-4:] == [
        "  新增 一1 迟报",
        "  删去 一1 迟报",
        "  改动 三 催报未报",
        "  另有改动：记分、报送任务；布置和催办的变化请用 duban rehearse --rulebook draft.yaml 预演",
    ]


def test_one_unit_with_its_people_as_data(scored: Path, duban: Said) -> None:
    file = changed(scored, ("分值: -1", "分值: -2"))

    _, said, _ = duban("score", "甲", "--under", file, "--as-of", "2026-08-31", "--json")

    found = json.loads(said)
    by_account = {account["account"]: account for account in found["accounts"]}
    assert set(by_account) == {"甲局", "王芳"}
    assert (found["differs"], found["left_open"]) == (True, 0)
    assert by_account["甲局"]["lines"] == [
        {
            "number": "L-2608-2",
            "clause": "U1",
            "outcome": "分值改变",
            "points_before": "-1",
            "points_after": "-2",
            "status_before": "计入",
            "status_after": "计入",
        }
    ]
    assert by_account["甲局"]["after"]["confirmed"] == "78"
    assert not by_account["王芳"]["differs"]
    assert found["clauses"] == [
        {
            "clause": "U1",
            "cite": "一1",
            "name": "迟报",
            "before": {"number": 1, "points": "-1"},
            "after": {"number": 1, "points": "-2"},
        }
    ]


def test_nothing_is_written(scored: Path, duban: Said) -> None:
    before = _everything()

    duban("score", "--under", changed(scored, ("分值: -1", "分值: -2")))

    assert _everything() == before


def _everything() -> dict[str, list[str]]:
    def job(uow: UnitOfWork) -> dict[str, list[str]]:
        names = [name for (name,) in uow.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        return {name: sorted(map(str, uow.execute(text(f"SELECT * FROM {name}")))) for name in names}  # noqa: S608

    with database_of(settings_at(Path("duban.toml"))) as database:
        return database.read_now(job)


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (("编号: test", "编号: other"), "draft.yaml 编号：没有编号为“other”的考核方案在运行，现有：test"),
        (("分值: -1", "分值: 多"), "draft.yaml"),
    ],
)
def test_a_file_that_cannot_be_tried_is_named(scored: Path, duban: Said, edit: tuple[str, str], complaint: str) -> None:
    status, said, complained = duban("score", "--under", changed(scored, edit))

    assert (status, said) == (1, "")
    assert complaint in complained


def test_a_file_that_is_not_there(scored: Path, duban: Said) -> None:
    assert duban("score", "--under", "missing.yaml")[::2] == (
        1,
        "missing.yaml 不能读取，请核对文件名，并另存为 UTF-8 编码\n",
    )


def test_wrong_uses(scored: Path, duban: Said) -> None:
    assert duban("score")[::2] == (2, "缺少参数 单位。用法见 duban score --help\n")
    assert duban("score", "--why", "--under", changed(scored))[::2] == (
        2,
        "--why 不与 --under 同用：试算只列出变化\n",
    )
