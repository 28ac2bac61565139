"""`duban verify`: the ledger recomputed, and checkpoints written and compared."""

import json
from pathlib import Path

from bot.installed import database_of, settings_at
from storage import programmes
from tests.bot.house import Said


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
