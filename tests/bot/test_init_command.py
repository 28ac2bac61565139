"""`duban init`: a new installation that loads, with secrets of its own."""

import re
import stat
import tomllib
from pathlib import Path

from bot.__main__ import main
from bot.channel_settings import CHANNEL_KINDS
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


def test_init_shows_a_table_for_every_platform(folder: Path) -> None:
    """Each is taken by removing the marks before its lines; then the values alone are still to be filled in."""
    path = folder / "duban.toml"
    _, _, examples = path.read_text("utf-8").partition("再运行 duban check。")
    shown = [table.split("\n#\n")[0].replace("\n# ", "\n") for table in examples.split("# [[channels]]")[1:]]

    assert {tomllib.loads(table)["kind"] for table in shown} | {"sandbox"} == set(CHANNEL_KINDS)
    for table in shown:
        keys = tomllib.loads(table).keys()
        model = CHANNEL_KINDS[tomllib.loads(table)["kind"]].model_fields
        given = {key.removesuffix("_file") for key in keys}
        assert given <= set(model)
        assert {key for key, field in model.items() if field.is_required()} <= given


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
