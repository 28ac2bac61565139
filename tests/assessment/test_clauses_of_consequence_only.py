"""A clause that names a consequence and no points counts nothing, and can be recorded all the same (R47, R63)."""

from decimal import Decimal

from assessment.ledger import AccountKey
from assessment.recording import Recorded, check_recorded, record
from assessment.rulebook import Account, Clause, Flag, Rulebook, Subject, Trigger

PRAISED = Clause(id="表扬", name="通报表扬", text="通报表扬", cite="一", trigger=Trigger.RECORDED, follow_up="存档")
WITHHELD = Clause.model_validate(
    {"编号": "加分", "名称": "加分", "原文": "酌加", "依据": "二", "触发": "人工记录", "分值": None, "标记": Flag.VETO}
)
RULEBOOK = Rulebook(
    id="t",
    name="办法",
    version="1",
    year=2026,
    office="考核办",
    source="《办法》",
    accounts=(Account(subject=Subject.UNIT),),
    clauses=(PRAISED, WITHHELD),
)


def recorded(clause: Clause) -> Recorded:
    account = AccountKey("t", Subject.UNIT, 1)
    return Recorded(record=1, clause=clause.id, account=account, reason="通报第3期", evidence=("通报第3期",))


def test_no_points_are_written_so_none_are_withheld() -> None:
    assert check_recorded(recorded(PRAISED), RULEBOOK) is None
    assert record(recorded(PRAISED), RULEBOOK).points == Decimal(0)


def test_points_written_as_null_stay_withheld() -> None:
    refusal = check_recorded(recorded(WITHHELD), RULEBOOK)
    assert refusal is not None
    assert refusal.why.value == "unset"
