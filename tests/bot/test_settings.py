"""duban.toml and the variables: what is read, what beats what, and which sentence meets which fault."""

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr, ValidationError

from bot.channel_settings import CHANNEL_KINDS, SandboxSettings
from bot.settings import Service, Settings, SettingsFault, describe_settings, load_settings

KEY = "sentinel-ledger-key"
SECRET = "sentinel-channel-secret"

FILE = f"""
[service]
listen = "127.0.0.1:8800"
ledger_key = "{KEY}"

[[channels]]
name = "east-gate"
kind = "sandbox"
secret = "{SECRET}"
api_base = "http://127.0.0.1:8900"
"""

KINDS = "可填 wecom、wecom_bot、dingtalk、feishu、sandbox"
Load = Callable[..., Settings]
Faults = Callable[..., list[str]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(text: str = FILE, **env: str) -> Settings:
        path = tmp_path / "duban.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path, env)

    return load


@pytest.fixture
def faults(load: Load) -> Faults:
    """The faults of a file and variables, after their place in this machine's folders; never a secret in them."""

    def faults(text: str = FILE, **env: str) -> list[str]:
        with pytest.raises(SettingsFault) as raised:
            load(text, **env)

        assert "sentinel" not in str(raised.value)
        assert raised.value.__cause__ is None
        return [re.sub(r"^/.*/duban\.toml", "duban.toml", fault) for fault in raised.value.faults]

    return faults


def test_a_file_and_its_defaults(load: Load, tmp_path: Path) -> None:
    service = load().service

    assert (service.host, service.port, service.zone) == ("127.0.0.1", 8800, ZoneInfo("Asia/Shanghai"))
    assert service.database.get_secret_value() == str(tmp_path / "duban.sqlite")
    assert (service.files, service.rulebooks) == (tmp_path / "files", tmp_path / "rulebooks")
    assert service.ledger_key == SecretStr(KEY)
    assert "机密" in service.classification_marks
    assert load().channels == (
        SandboxSettings(name="east-gate", kind="sandbox", secret=SecretStr(SECRET), api_base="http://127.0.0.1:8900"),
    )


def test_variables_alone_are_enough() -> None:
    settings = load_settings(
        None,
        {
            "DUBAN_SERVICE__LEDGER_KEY": KEY,
            "DUBAN_CHANNELS__GATE__KIND": "sandbox",
            "DUBAN_CHANNELS__GATE__SECRET": SECRET,
            "DUBAN_CHANNELS__GATE__API_BASE": "https://im.example/api/",
            "PATH": "/bin",
        },
    )

    assert [(channel.name, channel.api_base) for channel in settings.channels] == [("gate", "https://im.example/api")]


def test_a_variable_beats_the_file(load: Load) -> None:
    settings = load(
        DUBAN_SERVICE__LISTEN="0.0.0.0:80",
        DUBAN_SERVICE__CLASSIFICATION_MARKS="绝密, 机密",
        DUBAN_CHANNELS__EAST_GATE__TENANT="county",
    )

    assert settings.service.listen == "0.0.0.0:80"
    assert settings.service.classification_marks == ("绝密", "机密")
    assert [(channel.name, channel.tenant) for channel in settings.channels] == [("east-gate", "county")]
    assert settings.channels[0].secret == SecretStr(SECRET)


def test_channels_merge_by_name(load: Load) -> None:
    """A variable touches its own channel and no other; a new name is a new channel."""
    settings = load(
        DUBAN_CHANNELS__WEST__KIND="sandbox",
        DUBAN_CHANNELS__WEST__SECRET="another secret of the west",
        DUBAN_CHANNELS__WEST__API_BASE="http://localhost:1",
    )

    assert {channel.name: channel.secret.get_secret_value() for channel in settings.channels} == {
        "east-gate": SECRET,
        "west": "another secret of the west",
    }


def test_secrets_from_files(load: Load, tmp_path: Path) -> None:
    (tmp_path / "ledger.key").write_text(KEY + "\n")
    (tmp_path / "gate.secret").write_text("a secret in a file")
    settings = load(
        FILE.replace(f'ledger_key = "{KEY}"', 'ledger_key_file = "ledger.key"'),
        DUBAN_CHANNELS__EAST_GATE__SECRET_FILE=str(tmp_path / "gate.secret"),
    )

    assert settings.service.ledger_key == SecretStr(KEY)
    assert settings.channels[0].secret == SecretStr("a secret in a file")


def test_a_postgresql_address_stays_as_it_is(load: Load) -> None:
    address = "postgresql://duban:pass@db/duban"

    assert load(DUBAN_SERVICE__DATABASE=address).service.database.get_secret_value() == address


def test_a_file_written_by_a_windows_editor(tmp_path: Path) -> None:
    path = tmp_path / "duban.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())

    assert load_settings(path, {}).service.port == 8800


def test_settings_are_frozen(load: Load) -> None:
    settings = load()
    with pytest.raises(ValidationError):
        settings.service.listen = "0.0.0.0:80"  # type: ignore[misc]


def test_no_form_of_the_settings_shows_a_secret(load: Load) -> None:
    settings = load(DUBAN_SERVICE__DATABASE="postgresql://duban:sentinel@db/duban")

    assert "sentinel" not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("listen", "lisen", "duban.toml：[service] lisen：没有 lisen 这一项，请核对拼写"),
        (f'ledger_key = "{KEY}"', "", "duban.toml：[service] ledger_key：缺少这一项，请补上"),
        (KEY, "sentinel", "duban.toml：[service] ledger_key：密钥过短，至少 16 个字符"),
        ("127.0.0.1:8800", "8800", "duban.toml：[service] listen：应写成 地址:端口，如 127.0.0.1:8080"),
        ("127.0.0.1:8800", "::1:99999", "duban.toml：[service] listen：应写成 地址:端口，如 127.0.0.1:8080"),
        ('"127.0.0.1:8800"', "8800", "duban.toml：[service] listen：应为文字，请加引号"),
        (f'"{KEY}"', '["sentinel"]', "duban.toml：[service] ledger_key：应为文字，请加引号"),
        (
            "http://127.0.0.1",
            "http://im.example",
            "duban.toml：渠道 east-gate 的 api_base：应以 https:// 开头；http:// 只可用于本机",
        ),
        ("http://", "https://sentinel@", "duban.toml：渠道 east-gate 的 api_base：应为完整网址，不带用户名和参数"),
        ("http://", "ftp://", "duban.toml：渠道 east-gate 的 api_base：应以 https:// 开头；http:// 只可用于本机"),
        ("127.0.0.1:8900", "[::1", "duban.toml：渠道 east-gate 的 api_base：应为完整网址"),
        (
            "east-gate",
            "East Gate",
            "duban.toml：渠道 East Gate 的 name：渠道名称限小写字母、数字、- 和 _，不超过 32 个字符",
        ),
        ('"sandbox"', '"wechat"', f"duban.toml：渠道 east-gate：没有这种 kind，{KINDS}"),
        ('"sandbox"', "[]", f"duban.toml：渠道 east-gate：没有这种 kind，{KINDS}"),
        ('kind = "sandbox"', "", f"duban.toml：渠道 east-gate：缺少 kind 这一项，{KINDS}"),
        ('"sandbox"', '"wecom"', "duban.toml：渠道 east-gate 的 corp_id：缺少这一项，请补上"),
        ("secret =", "token =", "duban.toml：渠道 east-gate 的 token：没有 token 这一项，请核对拼写"),
        ('name = "east-gate"', "", "duban.toml：第 1 个 [[channels]] 缺少 name"),
        ("[[channels]]", "[channels]", "duban.toml：每个渠道应为一节设置，形如 [[channels]]"),
        ("[service]", "[sandbox]", "duban.toml：没有 sandbox 这一项，请核对拼写"),
        ("listen = ", "listen ", "duban.toml：第 3 行不合 TOML 格式"),
        (
            f'ledger_key = "{KEY}"',
            'ledger_key_file = "nowhere/sentinel"',
            "duban.toml：[service] ledger_key_file：所指的文件无法读取",
        ),
        (
            "ledger_key =",
            'ledger_key_file = "x"\nledger_key =',
            "duban.toml：[service] ledger_key_file：与 ledger_key 只能给出一项",
        ),
    ],
    ids=lambda value: value[:24],
)
def test_faults_of_the_file(faults: Faults, old: str, new: str, sentence: str) -> None:
    assert sentence in faults(FILE.replace(old, new, 1))


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("DUBAN_SERVICE__TIMEZONE", "sentinel", "没有这个时区，应写成 Asia/Shanghai 一类的名称"),
        ("DUBAN_SERVICE__TIMEZONE", "../sentinel", "没有这个时区，应写成 Asia/Shanghai 一类的名称"),
        ("DUBAN_SERVICE__TIMEZONE", "", "没有这个时区，应写成 Asia/Shanghai 一类的名称"),
        ("DUBAN_SERVICE__DATABASE", "mysql://sentinel", "应为 SQLite 文件的路径，或 postgresql:// 开头的地址"),
        ("DUBAN_SERVICE__PUBLIC_URL", "duban.example", "应为完整网址，不带用户名和参数"),
        ("DUBAN_SERVICE__LISEN", "x", "没有 lisen 这一项，请核对拼写"),
        ("DUBAN_SERVICE_LISTEN", "x", "没有这一项，请核对拼写"),
        ("DUBAN_CHANNELS__EAST_GATE__SECRET", "sentinel", "密钥过短，至少 16 个字符"),
    ],
)
def test_faults_of_a_variable(faults: Faults, variable: str, value: str, sentence: str) -> None:
    assert faults(**{variable: value}) == [f"环境变量 {variable}：{sentence}"]


def test_a_secret_put_where_its_file_belongs_is_not_repeated(faults: Faults) -> None:
    assert faults(DUBAN_CHANNELS__EAST_GATE__SECRET_FILE="sentinel") == [
        "环境变量：渠道 east-gate 的 secret_file：所指的文件无法读取"
    ]


def test_two_channels_of_one_name(faults: Faults) -> None:
    table = FILE[FILE.index("[[channels]]") :]

    assert faults(FILE + table) == ["duban.toml：渠道 east-gate 与另一渠道重名"]
    assert faults(FILE + table.replace("east-gate", "east_gate")) == ["duban.toml：渠道 east_gate 与另一渠道重名"]


def test_all_faults_are_told_at_once(faults: Faults) -> None:
    assert len(faults(FILE.replace(KEY, "sentinel").replace(SECRET, "sentinel"), DUBAN_SERVICE__TIMEZONE="x")) == 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="找不到设置文件"):
        load_settings(tmp_path / "duban.toml", {})


def test_every_setting_is_described() -> None:
    described = {(setting.section, setting.key): setting for setting in describe_settings()}

    assert {key for _, key in described} == {
        *Service.model_fields,
        *(key for model in CHANNEL_KINDS.values() for key in model.model_fields),
    }
    assert all(setting.description for setting in described.values())
    assert described["[service]", "listen"].variable == "DUBAN_SERVICE__LISTEN"
    assert described["[service]", "listen"].default == "127.0.0.1:8080"
    assert described["[service]", "ledger_key"].default is None
    assert described['[[channels]] kind = "wecom"', "secret"].variable == "DUBAN_CHANNELS__<NAME>__SECRET"
    assert {key for (_, key), setting in described.items() if setting.secret} == {
        *("ledger_key", "database", "secret", "token", "encoding_aes_key", "app_secret", "encrypt_key"),
        *("verification_token", "event_token", "event_aes_key", "webhook_url", "webhook_secret"),
    }
