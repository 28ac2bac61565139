"""One `[[channels]]` table for each kind of platform, with the platform's own names for its credentials."""

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator

from bot.setting_values import AesKey, ChannelName, Credential, Hook, PlatformId, Secret, Section, WebAddress

_NAME = "渠道名称，也是回调网址的末段"
_CARDS = "是否用卡片和按钮；不用则全部发文字，办事一样能办完"
_PHONE_LOOKUP = "是否按名册中的手机号查找账号；查得的账号经考核办确认后绑定"
_HOOK = "群机器人的 Webhook 网址，用于向工作群发通知；建议用 webhook_url_file 给出"


class SandboxSettings(Section):
    """[[channels]] kind = "sandbox": the pretend messenger of demo, rehearsal and tests."""

    name: ChannelName = Field(description=_NAME)
    kind: Literal["sandbox"] = Field(description="平台种类")
    tenant: Annotated[str, Field(min_length=1)] = Field("sandbox", description="平台上的组织编号")
    secret: Secret = Field(description="签名密钥，建议用 secret_file 给出")
    api_base: WebAddress = Field(description="平台接口的网址")


class WecomSettings(Section):
    """[[channels]] kind = "wecom": a self-built app of WeCom 企业微信, people write in its own chat."""

    name: ChannelName = Field(description=_NAME)
    kind: Literal["wecom"] = Field(description="平台种类：企业微信自建应用")
    cards: bool = Field(True, description=_CARDS)
    corp_id: PlatformId = Field(description="企业 ID（我的企业 → 企业信息）")
    agent_id: Annotated[int, Field(gt=0)] = Field(description="应用的 AgentId")
    secret: Credential = Field(description="应用的 Secret，建议用 secret_file 给出")
    token: Credential = Field(description="接收消息的 Token，建议用 token_file 给出")
    encoding_aes_key: AesKey = Field(description="接收消息的 EncodingAESKey，建议用 encoding_aes_key_file 给出")
    api_base: WebAddress = Field("https://qyapi.weixin.qq.com", description="平台接口的网址，政务微信另填")
    phone_lookup: bool = Field(False, description=_PHONE_LOOKUP)
    webhook_url: Hook | None = Field(None, description=_HOOK)

    @property
    def tenant(self) -> str:
        """The platform's id of the organisation."""
        return self.corp_id


class WecomBotSettings(Section):
    """[[channels]] kind = "wecom_bot": a 智能机器人 of WeCom, which can be spoken to in groups."""

    name: ChannelName = Field(description=_NAME)
    kind: Literal["wecom_bot"] = Field(description="平台种类：企业微信智能机器人")
    corp_id: PlatformId = Field(description="企业 ID（我的企业 → 企业信息）")
    bot_id: PlatformId = Field(description="机器人的 ID")
    bot_name: Annotated[str, Field(min_length=1)] = Field(description="机器人的名称，群消息中用于识别@")
    token: Credential = Field(description="接收消息的 Token，建议用 token_file 给出")
    encoding_aes_key: AesKey = Field(description="接收消息的 EncodingAESKey，建议用 encoding_aes_key_file 给出")
    api_base: WebAddress = Field("https://qyapi.weixin.qq.com", description="平台接口的网址，政务微信另填")

    @property
    def tenant(self) -> str:
        """The platform's id of the organisation."""
        return self.corp_id


class DingtalkSettings(Section):
    """[[channels]] kind = "dingtalk": an enterprise app robot of DingTalk 钉钉."""

    name: ChannelName = Field(description=_NAME)
    kind: Literal["dingtalk"] = Field(description="平台种类：钉钉企业内部应用机器人")
    cards: bool = Field(True, description=_CARDS)
    mode: Literal["stream", "http"] = Field(
        "stream", description="接收方式：stream（推荐，由本机主动连接）或 http（回调）"
    )
    corp_id: PlatformId = Field(description="企业的 CorpId")
    app_key: PlatformId = Field(description="应用的 Client ID（原 AppKey）")
    app_secret: Credential = Field(description="应用的 Client Secret（原 AppSecret），建议用 app_secret_file 给出")
    robot_code: PlatformId | None = Field(None, description="机器人编码，不填即与 Client ID 相同")
    event_token: Credential | None = Field(None, description="事件订阅的签名 Token（http 方式订阅事件时填）")
    event_aes_key: AesKey | None = Field(None, description="事件订阅的加密 aes_key（http 方式订阅事件时填）")
    api_base: WebAddress = Field("https://api.dingtalk.com", description="新版接口的网址")
    oapi_base: WebAddress = Field("https://oapi.dingtalk.com", description="旧版接口的网址，上传图片和文件用")
    monthly_calls: Annotated[int, Field(gt=0)] | None = Field(5000, description="每月接口调用额度（标准版 5000）")
    phone_lookup: bool = Field(False, description=_PHONE_LOOKUP)
    webhook_url: Hook | None = Field(None, description=_HOOK)
    webhook_secret: SecretStr | None = Field(None, description="群机器人的加签密钥，建议用 webhook_secret_file 给出")

    @property
    def tenant(self) -> str:
        """The platform's id of the organisation."""
        return self.corp_id

    @property
    def robot(self) -> str:
        """The robot's code: the app's client id unless told otherwise."""
        return self.robot_code or self.app_key

    @model_validator(mode="after")
    def _events_need_both(self) -> Self:
        if (self.event_token is None) != (self.event_aes_key is None):
            raise ValueError("event_token 与 event_aes_key 应同时填写或同时不填")
        return self


class FeishuSettings(Section):
    """[[channels]] kind = "feishu": a self-built app of Feishu 飞书 with its bot switched on."""

    name: ChannelName = Field(description=_NAME)
    kind: Literal["feishu"] = Field(description="平台种类：飞书自建应用")
    cards: bool = Field(True, description=_CARDS)
    tenant_key: PlatformId = Field(description="企业标识 tenant_key（duban check 可查出）")
    app_id: PlatformId = Field(description="应用的 App ID")
    app_secret: Credential = Field(description="应用的 App Secret，建议用 app_secret_file 给出")
    encrypt_key: Credential = Field(description="事件与回调的 Encrypt Key，建议用 encrypt_key_file 给出")
    verification_token: Credential = Field(
        description="事件与回调的 Verification Token，建议用 verification_token_file 给出"
    )
    account: Literal["open_id", "user_id"] = Field("open_id", description="名册中的账号是 open_id 还是 user_id")
    api_base: WebAddress = Field("https://open.feishu.cn", description="平台接口的网址，私有化部署另填")
    phone_lookup: bool = Field(False, description=_PHONE_LOOKUP)
    webhook_url: Hook | None = Field(None, description=_HOOK)
    webhook_secret: SecretStr | None = Field(
        None, description="群机器人的签名校验密钥，建议用 webhook_secret_file 给出"
    )

    @property
    def tenant(self) -> str:
        """The platform's id of the organisation."""
        return self.tenant_key


ChannelSettings = Annotated[
    SandboxSettings | WecomSettings | WecomBotSettings | DingtalkSettings | FeishuSettings,
    Field(discriminator="kind"),
]
CHANNEL_KINDS: dict[str, type[Section]] = {
    "wecom": WecomSettings,
    "wecom_bot": WecomBotSettings,
    "dingtalk": DingtalkSettings,
    "feishu": FeishuSettings,
    "sandbox": SandboxSettings,
}
"""Every kind that `[[channels]] kind` may name."""
CASELESS = ("wecom", "wecom_bot")
"""Kinds of platform whose user ids know no case: kept in lower case (decisions 22)."""


def looks_up(table: ChannelSettings) -> bool:
    """Whether accounts on that channel are looked up by telephone number."""
    return isinstance(table, WecomSettings | DingtalkSettings | FeishuSettings) and table.phone_lookup
