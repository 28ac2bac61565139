"""The part of `duban check` that asks the platforms: can they be reached, do they know us, can they reach us.

Everything here reads. No message is sent, and the service, where it runs, is asked nothing that it would keep.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import assert_never

import aiohttp

from bot.channel_settings import (
    ChannelSettings,
    DingtalkSettings,
    FeishuSettings,
    SandboxSettings,
    WecomBotSettings,
    WecomSettings,
)
from bot.channels.calling import TIMEOUT
from bot.channels.dingtalk import probing as dingtalk
from bot.channels.feishu import probing as feishu
from bot.channels.probing import AddressCheck, Findings, Halt, Now, bad, unreached
from bot.channels.wecom import probing as wecom
from bot.channels.wecom_bot import probing as wecom_bot
from bot.clock import SystemClock
from bot.findings import Finding, Mark
from bot.settings import Settings

_BOT_CONSOLE = "企业微信管理后台 智能机器人 → 本机器人 → API 模式 → URL"
_ALIVE = b"ok"
_MAX_ANSWER = 4096


def check_channels(settings: Settings, *, offline: bool) -> list[Finding]:
    """Look at every channel, in the settings' order; `offline` leaves out whatever needs the network."""
    return asyncio.run(_check(settings, offline=offline))


async def _check(settings: Settings, *, offline: bool) -> list[Finding]:
    now = SystemClock().now
    async with aiohttp.ClientSession() as session:
        jobs = [_one(settings, table, session, now, offline=offline) for table in settings.channels]
        found = await asyncio.gather(*(_collected(job) for job in jobs))
        outside = [] if offline or not _called_back(settings) else [await _outside(settings, session)]
    return [*outside, *(finding for findings in found for finding in findings)]


async def _collected(findings: Findings) -> list[Finding]:
    return [finding async for finding in findings]


async def _one(
    settings: Settings, table: ChannelSettings, session: aiohttp.ClientSession, now: Now, *, offline: bool
) -> AsyncIterator[Finding]:
    """One channel: what is written, what the platform says, and the way back from it."""
    for finding in _implausible(table):
        yield _of(table, finding)
    if not offline:
        try:
            async for finding in _probe(table, session, now):
                yield _of(table, finding)
        except Halt as stop:
            yield _of(table, stop.finding)
    async for finding in _way_back(settings, table, session, now, offline=offline):
        yield _of(table, finding)


def _of(table: ChannelSettings, finding: Finding) -> Finding:
    return replace(finding, what=f"渠道 {table.name}：{finding.what}")


def _implausible(table: ChannelSettings) -> Iterator[Finding]:
    match table:
        case WecomSettings():
            return wecom.implausible(table)
        case FeishuSettings():
            return feishu.implausible(table)
        case DingtalkSettings():
            return dingtalk.implausible(table)
        case WecomBotSettings() | SandboxSettings():
            return iter(())
        case _:
            assert_never(table)


async def _probe(table: ChannelSettings, session: aiohttp.ClientSession, now: Now) -> AsyncIterator[Finding]:
    match table:
        case WecomSettings():
            found: Findings = wecom.probe(table, session, now)
        case FeishuSettings():
            found = feishu.probe(table, session, now)
        case DingtalkSettings():
            found = dingtalk.probe(table, session, now)
        case WecomBotSettings():
            found = wecom_bot.probe(table, session, now)
        case SandboxSettings():
            return
        case _:
            assert_never(table)
    async for finding in found:
        yield finding


def _console(table: ChannelSettings) -> str:
    """Where the platform wants our address; empty where it never calls us."""
    match table:
        case WecomSettings():
            return wecom.CONSOLE
        case WecomBotSettings():
            return _BOT_CONSOLE
        case FeishuSettings():
            return feishu.CONSOLE
        case DingtalkSettings(mode="http"):
            return dingtalk.CONSOLE
        case DingtalkSettings() | SandboxSettings():
            return ""
        case _:
            assert_never(table)


def _address_check(table: ChannelSettings, now: Now) -> AddressCheck | None:
    match table:
        case WecomSettings():
            return wecom.address_check(table, now)
        case WecomBotSettings():
            return wecom_bot.address_check(table, now)
        case FeishuSettings():
            return feishu.address_check(table, now)
        case _:
            return None


def _called_back(settings: Settings) -> bool:
    return settings.service.public_url is not None and any(map(_console, settings.channels))


async def _way_back(
    settings: Settings, table: ChannelSettings, session: aiohttp.ClientSession, now: Now, *, offline: bool
) -> AsyncIterator[Finding]:
    """The callback address: which one to enter where, and whether this installation answers behind it."""
    console = _console(table)
    if not console:
        return
    if settings.service.public_url is None:
        remedy = "请在 [service] 一节填写 public_url；再次运行 duban check，即列出回调网址和填写的位置"
        yield Finding(Mark.OPEN, "没有外部访问网址，平台不能把消息送来", remedy)
        return
    address = f"{settings.service.public_url}/webhooks/{table.name}"
    yield Finding(Mark.TOLD, f"回调网址 {address}", f"请填入：{console}")
    if not offline and (asked := _address_check(table, now)) is not None:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):  # said once for all, by _outside
            yield _answered(asked, *await _fetched(session, address, asked))


def _answered(asked: AddressCheck, status: int, body: bytes) -> Finding:
    """What the answer behind the callback address says."""
    if status == HTTPStatus.OK and asked.echo.encode() in body:
        return Finding(Mark.GOOD, "回调网址由本服务应答，密钥与设置一致")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.BAD_REQUEST}:
        return bad(
            "回调网址背后的服务不认设置文件中的密钥", "请重启服务使设置生效；仍然如此的，反向代理可能指向了另一套服务"
        )
    if status == HTTPStatus.NOT_FOUND:
        return bad("回调网址背后没有这个渠道", "请重启服务使设置生效，并核对反向代理是否把 /webhooks/ 原样转来")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return bad(f"反向代理连不上本服务（{status}）", "请运行 duban serve，并核对反向代理转到的地址与 listen 一致")
    return bad(f"回调网址的应答不是本服务的（{status}）", "请核对反向代理，不要跳转、不要要求登录")


async def _outside(settings: Settings, session: aiohttp.ClientSession) -> Finding:
    """Whether the service answers at its address for the outside, seen from here."""
    address = settings.service.public_url or ""
    try:
        status, body = await _fetched(session, f"{address}/healthz", AddressCheck("GET", ""))
    except aiohttp.ClientSSLError as error:
        return unreached(address, "public_url", error)
    except (aiohttp.ClientError, TimeoutError) as error:
        reason = unreached(address, "public_url", error).what
        remedy = "服务未启动的请先运行 duban serve；内网不能访问自己外部网址的属正常，但须确认平台访问得到"
        return Finding(Mark.OPEN, f"从本机访问不到 {address}（{reason}）", remedy)
    if (status, body) == (HTTPStatus.OK, _ALIVE):
        return Finding(Mark.GOOD, f"外部访问网址 {address} 由本服务应答")
    remedy = f"请核对 public_url，以及反向代理是否转到 {settings.service.listen}"
    return bad(f"{address} 的应答不是本服务的（{status}）", remedy)


async def _fetched(session: aiohttp.ClientSession, address: str, asked: AddressCheck) -> tuple[int, bytes]:
    """Status and beginning of what answers. Raises aiohttp's ClientError and TimeoutError."""
    async with session.request(
        asked.method, address, params=asked.query, data=asked.body or None, timeout=TIMEOUT, allow_redirects=False
    ) as answer:
        return answer.status, await answer.content.read(_MAX_ANSWER)
