"""`duban init`: a new installation that loads, with secrets of its own."""

import re
import stat
from pathlib import Path

from bot.__main__ import main
from bot.settings import describe_settings, load_settings
from tests.bot.house import Said


def test_init_makes_settings_that_load(folder: Path) -> None:
    settings = load_settings(folder / "duban.toml", {})

    assert [(channel.name, channel.kind) for channel in settings.channels] == [("sandbox", "sandbox")]
    assert settings.service.rulebooks.is_dir()
    assert settings.service.files.is_dir()


def test_init_explains_every_setting(folder: Path) -> None:
    toml = (folder / "duban.toml").read_text("utf-8")

    for setting in describe_settings():
        key = f"{setting.key}_file" if setting.secret and setting.key != "database" else setting.key
        assert re.search(rf"^#.*\n(#.*\n)*(# )?{key} = ", toml, re.MULTILINE) or setting.section != "[service]", key
    assert re.findall(r"^(\w+) = ", toml.partition("[[channels]]")[2], re.MULTILINE) == [
        "name",
        "kind",
        "tenant",
        "secret_file",
        "api_base",
    ]


def test_init_gives_each_installation_secrets_of_its_own_that_only_the_owner_reads(
    folder: Path, tmp_path: Path
) -> None:
    main(["init", str(tmp_path / "other")])

    for name in ("ledger.key", "sandbox.secret"):
        path = folder / "secrets" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(path.read_text("ascii").strip()) == 64
        assert path.read_bytes() != (tmp_path / "other" / "secrets" / name).read_bytes()


def test_init_leaves_an_installation_alone(folder: Path, duban: Said) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    status, _, complained = duban("init", ".")

    assert (status, complained) == (1, "duban.toml 已经存在，未作改动。请另选目录\n")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_sample_roster_is_empty_and_opens_in_excel(folder: Path, duban: Said) -> None:
    assert (folder / "roster.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert duban("import", "roster.csv") == (0, "名册：新增 0、变更 0、不变 0、停用 0、有误 0\n", "")
