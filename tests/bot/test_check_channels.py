"""What `duban check` asks the platforms themselves: credentials, permissions, and what is written about them."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channel_settings import ChannelSettings
from bot.channels.feishu import probing as feishu
from tests.bot.house import Said
from tests.bot.neighbours import KINDS, Neighbours, Write, of

# ── all is well ──


def test_a_wecom_app_that_is_right(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("wecom")
    address, kept = neighbours.duban(table)
    write(table, public_url=address)

    status, said, complained = duban("check")

    assert (status, complained) == (0, "")
    assert of("wecom", said) == [
        "✓ 企业 ID 和 Secret 正确",
        "✓ 应用可用，可见范围：部门 1、人员 0、标签 0 → 范围之外的人收不到消息，请确认名册上的人员都在其内",
        "○ 平台回调的来源 IP：101.226.103.*、101.226.62.* → 有入站白名单的防火墙须放行；平台会变更，请定期核对",
        f"○ 回调网址 {address}/webhooks/wecom → 请填入：企业微信管理后台 应用管理 → 本应用 → 接收消息 → 设置API接收",
        "✓ 回调网址由本服务应答，密钥与设置一致",
    ]
    assert f"✓ 外部访问网址 {address} 由本服务应答\n" in said
    assert not kept


def test_a_robot_of_wecom_that_is_right(duban: Said, neighbours: Neighbours, write: Write) -> None:
    """There is nobody to ask about it; but the way back is tried as the platform does."""
    _, table = neighbours.platform("wecom-bot")
    address, kept = neighbours.duban(table)
    write(table, public_url=address)

    status, said, complained = duban("check")

    assert (status, complained) == (0, "")
    assert of("wecom-bot", said) == [
        "○ 平台可以连接；智能机器人没有可供查询的接口，密钥是否与后台一致不能在此核对 → 平台在保存回调网址时会当场验证",
        f"○ 回调网址 {address}/webhooks/wecom-bot → 请填入：企业微信管理后台 智能机器人 → 本机器人 → API 模式 → URL",
        "✓ 回调网址由本服务应答，密钥与设置一致",
    ]
    assert not kept


def test_a_robot_whose_keys_are_not_those_of_the_service(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("wecom-bot")
    address, _ = neighbours.duban(table)
    write(table, public_url=address, token="another-token")

    status, _, complained = duban("check")

    assert status == 1
    assert of("wecom-bot", complained)[0].startswith("✗ 回调网址背后的服务不认设置文件中的密钥")


def test_a_feishu_app_that_is_right(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("feishu")
    address, kept = neighbours.duban(table)
    write(table, public_url=address)

    status, said, complained = duban("check")

    assert (status, complained) == (0, "")
    assert of("feishu", said) == [
        "✓ App ID 和 App Secret 正确",
        "✓ 机器人已启用",
        "✓ 收发消息的权限已开通",
        "✓ tenant_key 是本单位的",
        f"○ 回调网址 {address}/webhooks/feishu → 请填入：{feishu.CONSOLE}",
        "✓ 回调网址由本服务应答，密钥与设置一致",
    ]
    assert not kept


def test_a_dingtalk_app_over_stream_needs_no_address(duban: Said, neighbours: Neighbours, write: Write) -> None:
    platform, table = neighbours.platform("dingtalk")
    write(table)

    status, said, complained = duban("check")

    assert (status, complained) == (0, "")
    lines = of("dingtalk", said)
    assert lines == [
        "✓ Client ID 和 Client Secret 正确",
        "✓ Stream 可用，消息由本机主动连接 127.0.0.1 取得，不需要回调网址",
        lines[-1],
    ]
    assert lines[-1].startswith("○ 机器人能否发消息不能在此查出 → 请核对 权限管理 中“企业内机器人发送消息权限”已开通")
    assert platform.gateway.opened == 0, "a connection of ours would take messages away from the service"


def test_a_dingtalk_app_over_http_is_told_its_address(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("dingtalk-http")
    address, kept = neighbours.duban(table)
    write(table, public_url=address)

    status, said, _ = duban("check")

    lines = of("dingtalk-http", said)
    assert "✓ Client ID 和 Client Secret 正确" in lines
    assert not any("Stream" in line for line in lines)
    assert lines[-1].startswith(f"○ 回调网址 {address}/webhooks/dingtalk-http → 请填入：钉钉开发者后台")
    assert f"✓ 外部访问网址 {address} 由本服务应答\n" in said
    assert (status, kept) == (0, [])


@pytest.mark.parametrize("kind", KINDS)
def test_check_sends_nothing_to_anybody(duban: Said, neighbours: Neighbours, write: Write, kind: str) -> None:
    platform, table = neighbours.platform(kind)
    write(table)

    duban("check")

    assert (platform.tally.sends, platform.tally.shown, platform.tally.forged) == (0, 0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_offline_asks_nobody(duban: Said, write: Write, neighbours: Neighbours, kind: str) -> None:
    _, table = neighbours.platform(kind)
    write(table.model_copy(update={"api_base": "http://127.0.0.1:9"}), public_url="http://127.0.0.1:9")

    status, said, complained = duban("check", "--offline")

    assert (status, complained) == (0, "")
    assert "拒绝连接" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_is_ever_printed(duban: Said, neighbours: Neighbours, write: Write, kind: str) -> None:
    _, table = neighbours.platform(kind)
    secrets = [value.get_secret_value() for value in dict(table).values() if isinstance(value, SecretStr)]
    address, _ = neighbours.duban(table)
    write(table, public_url=address)

    for arguments in (["check"], ["check", "--json"], ["check", "--offline"]):
        _, said, complained = duban(*arguments)
        assert not [secret for secret in secrets if secret in said + complained]


# ── wrong credentials ──


@pytest.mark.parametrize(
    ("kind", "key", "complaint"),
    [
        ("wecom", "secret", "✗ 应用的 Secret 不正确 → 请核对 secret"),
        ("wecom", "corp_id", "✗ 企业 ID 不正确 → 请核对 corp_id"),
        ("feishu", "app_secret", "✗ App Secret 不正确 → 请核对 app_secret"),
        ("feishu", "app_id", "✗ 平台上没有这个 App ID → 请核对 app_id"),
        ("dingtalk", "app_secret", "✗ Client ID 或 Client Secret 不正确 → "),
        ("dingtalk", "app_key", "✗ Client ID 或 Client Secret 不正确 → "),
    ],
)
def test_wrong_credentials_are_told_apart(
    duban: Said, neighbours: Neighbours, write: Write, kind: str, key: str, complaint: str
) -> None:
    _, table = neighbours.platform(kind)
    write(table, **{key: "cli_0123456789abcdef"})

    status, said, complained = duban("check")

    assert status == 1
    assert [line[: len(complaint)] for line in of(kind, complained)] == [complaint]
    assert not [line for line in of(kind, said) if line.startswith("✓")]


def test_the_app_of_another_secret(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("wecom")
    write(table.model_copy(update={"agent_id": 1000009}))

    _, said, complained = duban("check")

    assert "✓ 企业 ID 和 Secret 正确" in of("wecom", said)
    assert of("wecom", complained) == [
        "✗ 应用的 AgentId 不正确 → 请核对 agent_id（应用管理 → 本应用），应与 secret 取自同一个应用"
    ]


def test_a_wrong_tenant_key_with_the_right_one(duban: Said, neighbours: Neighbours, write: Write) -> None:
    platform, table = neighbours.platform("feishu")
    write(table, tenant_key="unknown")

    status, _, complained = duban("check")

    assert status == 1
    assert of("feishu", complained) == [
        f'✗ tenant_key 不是本单位的 → 请把设置文件中的 tenant_key 改为 "{platform.tenant}"'
    ]


# ── what the platform does not allow ──


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::7"])
def test_an_address_that_is_not_trusted_is_named(
    duban: Said, neighbours: Neighbours, write: Write, address: str
) -> None:
    platform, table = neighbours.platform("wecom")
    platform.untrusted_address = address
    write(table)

    status, _, complained = duban("check")

    assert status == 1
    assert of("wecom", complained) == [
        f"✗ 本机的出口 IP {address} 不在应用的企业可信IP 内 → 请在 应用管理 → 本应用 → 企业可信IP 中填入 {address}"
    ]


def test_an_app_that_is_closed_and_seen_by_nobody(duban: Said, neighbours: Neighbours, write: Write) -> None:
    platform, table = neighbours.platform("wecom")
    platform.closed, platform.visible_to = True, {"allow_partys": {"partyid": []}}
    write(table)

    assert [line.partition(" → ")[0] for line in of("wecom", duban("check")[2])] == [
        "✗ 应用已停用",
        "✗ 应用的可见范围是空的，谁也收不到消息",
    ]


@pytest.mark.parametrize(
    ("state", "what"), [(None, "应用没有启用机器人能力"), (1, "应用已被停用"), (5, "应用不可用（状态 5）")]
)
def test_a_bot_that_is_off(duban: Said, neighbours: Neighbours, write: Write, state: int | None, what: str) -> None:
    platform, table = neighbours.platform("feishu")
    platform.bot_state = state
    write(table)

    status, _, complained = duban("check")

    assert status == 1
    assert [line.partition(" → ")[0] for line in of("feishu", complained)] == [f"✗ {what}"]


def test_missing_permissions_are_named(duban: Said, neighbours: Neighbours, write: Write) -> None:
    platform, table = neighbours.platform("feishu")
    platform.scopes -= {"im:message:send_as_bot", "im:resource", "tenant:tenant:readonly"}
    write(table)

    status, said, complained = duban("check")

    unknown = "不开通的，tenant_key 填错时收到的消息都会被拒绝"
    publish = "请在开发者后台 本应用 → 权限管理 开通，再到 版本管理与发布 发布新版本"
    assert status == 1
    assert of("feishu", complained) == [f"✗ 应用缺少权限：以应用身份发消息 im:message:send_as_bot → {publish}"]
    assert of("feishu", said)[2:4] == [
        f"△ 应用缺少权限：上传图片（走势图、排名图） im:resource:upload；图片发不出，文字照发 → {publish}",
        f"△ 不能核对 tenant_key：缺少权限 tenant:tenant:readonly（任一） → {publish}；{unknown}",
    ]


def test_user_ids_need_a_permission_of_their_own(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("feishu")
    write(table, account="user_id")

    assert "获取用户 user ID contact:user.employee_id:readonly" in duban("check")[2]


def test_a_robot_that_is_not_set_to_stream(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("dingtalk-http")
    write(table, mode="stream")

    assert of("dingtalk-http", duban("check")[2])[0].startswith("✗ 平台不给 Stream 连接（stream.notEnabled） → ")


# ── what can be seen without asking ──


@pytest.mark.parametrize(
    ("kind", "changes", "what"),
    [
        ("wecom", {"webhook_url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"}, "webhook_url 不是企业微信"),
        ("feishu", {"webhook_url": "https://open.feishu.cn/open-apis/bot/v2/hook/"}, "webhook_url 不是飞书"),
        ("feishu", {"app_id": "0123456789"}, "app_id 应以 cli_ 开头"),
        ("dingtalk", {"webhook_url": "https://oapi.dingtalk.com/robot/send"}, "webhook_url 不是钉钉"),
        ("dingtalk", {"webhook_secret": "0123456789"}, "webhook_secret 应以 SEC 开头"),
    ],
)
def test_what_cannot_be_right(
    duban: Said, neighbours: Neighbours, write: Write, kind: str, changes: dict[str, str], what: str
) -> None:
    _, table = neighbours.platform(kind)
    write(table, **changes)

    status, _, complained = duban("check", "--offline")

    assert status == 1
    assert [line[: len(what) + 2] for line in of(kind, complained)] == [f"✗ {what}"]


def test_group_robots_that_may_be_right(duban: Said, neighbours: Neighbours, write: Write, folder: Path) -> None:
    hooks = {
        "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
        "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/0123",
        "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=t",
    }
    tables: list[ChannelSettings] = []
    for kind, hook in hooks.items():
        _, table = neighbours.platform(kind)
        tables.append(table.model_copy(update={"webhook_url": SecretStr(hook)}))
    write(*tables)

    assert duban("check", "--offline")[::2] == (0, "")
