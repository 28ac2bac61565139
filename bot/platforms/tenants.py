"""One pretend organisation on each platform, with credentials of its own, and the settings that lead to it."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import aiohttp
from pydantic import SecretStr

from bot.channel_settings import (
    ChannelSettings,
    DingtalkSettings,
    FeishuSettings,
    SandboxSettings,
    WecomBotSettings,
    WecomSettings,
)
from bot.clock import Clock
from bot.platforms.dingtalk import DingtalkPlatform
from bot.platforms.dingtalk_pen import App as DingtalkApp
from bot.platforms.feishu import FeishuPlatform
from bot.platforms.feishu_app import App as FeishuApp
from bot.platforms.platform import Fault, Platform
from bot.platforms.sandbox import Messenger
from bot.platforms.wecom import WecomPlatform
from bot.platforms.wecom_bot import Robot, WecomBotPlatform

KINDS = ("sandbox", "wecom", "feishu", "dingtalk", "dingtalk-http", "wecom-bot")
"""What `tenant` can make; the two of DingTalk differ in how messages come in."""
ONLY_ANSWERS = ("wecom-bot",)
"""Kinds that cannot begin to speak: people are at home on another one of the same organisation."""
_WECOM_CORP = f"ww{secrets.token_hex(8)}"
"""The app and the robot of WeCom belong to one company."""


@dataclass(frozen=True)
class Tenant:
    """A platform, and the settings of the channel that speaks with it once its API's address is known."""

    platform: Platform
    settings: Callable[[str], ChannelSettings]


def tenant(
    kind: str,
    clock: Clock,
    session: aiohttp.ClientSession,
    *,
    cards: bool = True,
    send_faults: Iterable[Fault] = (),
    callback_faults: Iterable[Fault] = (),
) -> Tenant:
    """An organisation on the platform of that kind; its channel bears the kind as its name.

    `cards`: whether the channel may use cards. The session stays the caller's to close. KeyError for another kind.
    """
    make = {
        "sandbox": _sandbox,
        "wecom": _wecom,
        "wecom-bot": _wecom_bot,
        "feishu": _feishu,
        "dingtalk": _dingtalk,
        "dingtalk-http": _dingtalk,
    }
    return make[kind](kind, clock, session, cards, send_faults, callback_faults)


_Faults = Iterable[Fault]


def _sandbox(
    kind: str, clock: Clock, session: aiohttp.ClientSession, _cards: bool, sends: _Faults, callbacks: _Faults
) -> Tenant:
    secret = secrets.token_hex(24)
    platform = Messenger(
        secret=secret, clock=clock, session=session, channel=kind, send_faults=sends, callback_faults=callbacks
    )
    return Tenant(
        platform, lambda base: SandboxSettings(name=kind, kind="sandbox", secret=SecretStr(secret), api_base=base)
    )


def _wecom(
    kind: str, clock: Clock, session: aiohttp.ClientSession, cards: bool, sends: _Faults, callbacks: _Faults
) -> Tenant:
    corp_id, agent_id = _WECOM_CORP, 1000002
    secret, token = secrets.token_hex(20), secrets.token_hex(10)
    aes_key = secrets.token_hex(22)[:43]
    platform = WecomPlatform(
        corp_id=corp_id,
        agent_id=agent_id,
        secret=secret,
        token=token,
        encoding_aes_key=aes_key,
        clock=clock,
        session=session,
        channel=kind,
        send_faults=sends,
        callback_faults=callbacks,
    )
    return Tenant(
        platform,
        lambda base: WecomSettings(
            name=kind,
            kind="wecom",
            cards=cards,
            corp_id=corp_id,
            agent_id=agent_id,
            secret=SecretStr(secret),
            token=SecretStr(token),
            encoding_aes_key=SecretStr(aes_key),
            api_base=base,
        ),
    )


def _wecom_bot(
    kind: str, clock: Clock, session: aiohttp.ClientSession, _cards: bool, sends: _Faults, callbacks: _Faults
) -> Tenant:
    robot = Robot(
        corp_id=_WECOM_CORP,
        bot_id=f"aib{secrets.token_hex(8)}",
        bot_name="督办",
        token=secrets.token_hex(10),
        encoding_aes_key=secrets.token_hex(22)[:43],
    )
    platform = WecomBotPlatform(
        robot, clock=clock, session=session, channel=kind, send_faults=sends, callback_faults=callbacks
    )

    def settings(base: str) -> WecomBotSettings:
        platform.api_base = base
        return WecomBotSettings(
            name=kind,
            kind="wecom_bot",
            corp_id=robot.corp_id,
            bot_id=robot.bot_id,
            bot_name=robot.bot_name,
            token=SecretStr(robot.token),
            encoding_aes_key=SecretStr(robot.encoding_aes_key),
            api_base=base,
        )

    return Tenant(platform, settings)


def _feishu(
    kind: str, clock: Clock, session: aiohttp.ClientSession, cards: bool, sends: _Faults, callbacks: _Faults
) -> Tenant:
    app = FeishuApp(
        app_id=f"cli_{secrets.token_hex(8)}",
        app_secret=secrets.token_hex(16),
        encrypt_key=secrets.token_hex(16),
        verification_token=secrets.token_hex(16),
    )
    key = f"tk{secrets.token_hex(8)}"
    platform = FeishuPlatform(
        app, clock=clock, session=session, tenant=key, channel=kind, send_faults=sends, callback_faults=callbacks
    )
    return Tenant(
        platform,
        lambda base: FeishuSettings(
            name=kind,
            kind="feishu",
            cards=cards,
            tenant_key=key,
            app_id=app.app_id,
            app_secret=SecretStr(app.app_secret),
            encrypt_key=SecretStr(app.encrypt_key),
            verification_token=SecretStr(app.verification_token),
            api_base=base,
        ),
    )


def _dingtalk(
    kind: str, clock: Clock, session: aiohttp.ClientSession, cards: bool, sends: _Faults, callbacks: _Faults
) -> Tenant:
    app = DingtalkApp(
        corp_id=f"ding{secrets.token_hex(8)}", app_key=f"ding{secrets.token_hex(8)}", app_secret=secrets.token_hex(24)
    )
    mode: Literal["stream", "http"] = "http" if kind.endswith("-http") else "stream"
    platform = DingtalkPlatform(
        app,
        clock=clock,
        session=session,
        channel=kind,
        mode=mode,
        send_faults=sends,
        callback_faults=callbacks,
    )
    return Tenant(
        platform,
        lambda base: DingtalkSettings(
            name=kind,
            kind="dingtalk",
            mode=mode,
            cards=cards,
            corp_id=app.corp_id,
            app_key=app.app_key,
            app_secret=SecretStr(app.app_secret),
            api_base=base,
            oapi_base=base,
        ),
    )
