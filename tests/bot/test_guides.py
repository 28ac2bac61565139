"""The guides for administrators: their examples load, their keys exist, and the table is as the code has it."""

import re
import tomllib
from pathlib import Path

import pytest

from bot import platform_table
from bot.__main__ import main
from bot.authoring.layout import tables
from bot.channel_settings import CHANNEL_KINDS
from bot.channels.card import Button, Card
from bot.setting_values import Section
from bot.settings import Service, load_settings
from bot.wording import DOCS, EXAMPLES, examples

GUIDES = sorted((DOCS / "guides").glob("*.md"))
OTHERS = {"部署边界", "办法", "全年", "填报人"}
PLATFORMS = [path for path in GUIDES if path.stem not in OTHERS]
TABLES = [(path, table) for path in GUIDES for table in re.findall(r"```toml\n(.*?)```", path.read_text("utf-8"), re.S)]
PLACEHOLDER = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
"""Fits every kind of secret: an EncodingAESKey has exactly 43 letters and digits."""
HOOKS = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=t",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/0123",
}


def test_there_is_a_guide_for_each_platform_and_for_the_boundary() -> None:
    assert {path.stem for path in GUIDES} == {"企业微信", "钉钉", "飞书"} | OTHERS
    assert {tomllib.loads(table)["channels"][0]["kind"] for _, table in TABLES} == {*CHANNEL_KINDS} - {"sandbox"}


@pytest.mark.parametrize("whole", [False, True], ids=["as it stands", "with what is commented out"])
@pytest.mark.parametrize(("path", "table"), TABLES, ids=lambda each: each.stem if isinstance(each, Path) else "")
def test_every_example_loads(folder: Path, path: Path, table: str, whole: bool) -> None:
    text = re.sub(r"^# (?=\w+ = )", "", table, flags=re.MULTILINE) if whole else table
    channel = tomllib.loads(text)["channels"][0]
    for key, file in channel.items():
        if key.endswith("_file"):
            secret = HOOKS[channel["kind"]] if key == "webhook_url_file" else PLACEHOLDER
            (folder / file).write_text(secret, "utf-8")
    settings = folder / "duban.toml"
    service = settings.read_text("utf-8").partition("[[channels]]")[0]
    settings.write_text(service + text, "utf-8")

    assert [one.kind for one in load_settings(settings, {}).channels] == [channel["kind"]]


@pytest.mark.parametrize("path", PLATFORMS, ids=lambda path: path.stem)
def test_every_key_in_a_guide_is_a_setting(path: Path) -> None:
    models: list[type[Section]] = [Service, *CHANNEL_KINDS.values()]
    known = {key for model in models for key in model.model_fields}
    cells = re.findall(r"^\|.*\| (.*) \|$", path.read_text("utf-8").partition("填入 duban.toml")[2], re.MULTILINE)
    keys = {key.removesuffix("_file") for cell in cells for key in re.findall(r"`([a-z_]+)`", cell)}

    assert keys
    assert keys <= known


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_guide_names_every_setting_that_has_to_be_given(kind: str) -> None:
    written = "\n".join(path.read_text("utf-8") for path in PLATFORMS)
    needed = {key for key, field in CHANNEL_KINDS[kind].model_fields.items() if field.is_required()} - {"name", "kind"}

    assert {key for key in needed if not re.search(rf"`{key}(_file)?`", written)} == set()


def test_the_guide_of_measures_names_commands_sheets_and_columns_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every command in it is known with its options, every sheet and column is one of the workbook's."""
    text = (DOCS / "guides" / "办法.md").read_text("utf-8")
    commands = {tuple(line.split()[1:]) for line in re.findall(r"^duban .*$", text, re.MULTILINE)}
    for words in commands:
        name = words[:2] if words[0] == "rulebook" else words[:1]
        capsys.readouterr()
        assert main([*name, "--help"]) == 0
        page = capsys.readouterr().out
        assert {word for word in words if word.startswith("--")} <= set(page.split()), words
    rows = re.findall(r"^\| “(\S+?)” \| (.+?) \|", text, re.MULTILINE)
    known = {table.name: {head.removesuffix("*") for head in table.heads} for table in tables()}
    assert rows
    for sheet, columns in rows:
        entries = {field.key for table in tables() if table.name == sheet for field in table.fields}
        assert set(columns.split("、")) <= known[sheet] | entries, sheet


# ── the table ──


def test_the_table_of_platforms_is_as_the_code_has_it() -> None:
    page = platform_table.page(examples(EXAMPLES.read_text("utf-8")))

    assert platform_table.PAGE.read_text("utf-8") == page, "run: python -m bot.platform_table"


def test_the_forms_are_tried_and_not_described() -> None:
    """A card that a platform cannot show whole is said to come in two parts there, and in one elsewhere."""
    long = Card("标题", tuple(f"第{number}行" for number in range(12)), buttons=(Button("确认", "确认"),))
    forms = [[piece.card is None for piece in column.pieces(long)] for column in platform_table.COLUMNS]

    assert [column.name[:2] for column in platform_table.COLUMNS] == ["企业", "企业", "钉钉", "飞书"]
    assert forms == [[True, False], [True], [False], [False]]


def test_an_interaction_without_its_example_is_noticed() -> None:
    chapters = {
        chapter: tuple(one for one in found if "谁没报" not in one.listener)
        for chapter, found in examples(EXAMPLES.read_text("utf-8")).items()
    }

    with pytest.raises(LookupError, match="谁没报"):
        platform_table.page(chapters)
