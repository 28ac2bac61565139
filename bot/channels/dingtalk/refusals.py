"""What an answer of DingTalk says about a call: taken, refused for good, or to be tried again. No I/O.

Source: DingTalk "how-to-process-api-throttling", "call-frequency-limit", and the error tables of the sending pages.
"""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from bot.channels.calling import ANSWER_LOST, Answer, refuse_status
from bot.channels.channel import SendError

BLOCKED_SECONDS = 300.0
"""The platform shuts an address out for so long, answering with a page, or a status of its own, in place of codes."""
QUOTA_SECONDS = 3600.0
HOOK_BLOCKED_SECONDS = 600.0
PERSON_SECONDS = 60.0

_BLOCKED = 1111
_NO_BLOCK = frozenset({*range(300, 400), HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_ENTITY_TOO_LARGE})
_CODE = re.compile(r"[A-Za-z0-9._-]{1,80}")
_THROTTLED = "平台限流，稍后重发"
_BUSY = "平台繁忙，稍后重发"
_NO_QUOTA = "本月接口调用额度已用完，请在开发者后台增加额度，或待下月恢复"

_LATER: Mapping[str, tuple[str, float | None]] = {
    "90018": (_THROTTLED, 1.0),
    "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi": (_THROTTLED, 1.0),
    "90002": (_THROTTLED, 4.0),
    "Forbidden.AccessDenied.QpsLimitForApi": (_THROTTLED, 4.0),
    "90020": (_NO_QUOTA, QUOTA_SECONDS),
    "Forbidden.AccessDenied.ApiCountLimitForOrg": (_NO_QUOTA, QUOTA_SECONDS),
    "410100": ("群机器人发送过快，十分钟后重发", HOOK_BLOCKED_SECONDS),
    "-1": (_BUSY, None),
    "system.error": (_BUSY, None),
}

_NOBODY = "平台上没有这个账号，或不在应用可见范围，请核对名册"
_NO_ROBOT = "机器人编码不符或机器人已停用，请在开发者后台核对"
_NO_GROUP = "群会话不存在或机器人不在群内，请核对工作群"
_NO_HOOK = "群机器人已停用、移出或网址失效，请重新添加，并更新设置中的群机器人网址（webhook_url）"
_UNSAFE = "平台判定内容不安全，未予发送"

NO_SUCH_NUMBER = frozenset({"33012", "40103", "60121"})
"""The organisation has nobody of that number, or nobody whom the app may see."""
_NOT_UNDERSTOOD = "消息内容有误，平台拒收"
NOT_PERMITTED = "应用没有该接口的权限，请在开发者后台开通"
_STOPPED = "接口调用已被平台停用，请在开发者后台查明"
_TO_REPAIR = frozenset({_NO_ROBOT, _STOPPED, NOT_PERMITTED})
"""What closes the way for every message, until somebody repairs it."""

_NEVER: Iterable[tuple[str, str]] = (
    ("90001", _STOPPED),
    ("60011", NOT_PERMITTED),
    ("310000", "群机器人安全设置不符，请核对加签密钥、关键词、出口 IP 和服务器时间"),
    ("400101", _NO_HOOK),
    ("400102", _NO_HOOK),
    ("400106", _NO_HOOK),
    ("400013", "工作群已解散，请更换工作群"),
    ("430101", _UNSAFE),
    ("430102", _UNSAFE),
    ("430103", _UNSAFE),
    ("430104", _UNSAFE),
    ("33012", _NOBODY),
    ("60121", _NOBODY),
    ("invalidParameter.userIds", _NOBODY),
    ("staffId.notExisted", _NOBODY),
    ("invalidParameter.msgParam.tooLong", "消息过长，平台拒收"),
    ("invalidParameter.msgParam", _NOT_UNDERSTOOD),
    ("invalidParameter.robotCode", _NO_ROBOT),
    ("bot.stopped", _NO_ROBOT),
    ("template.stopped", _NO_ROBOT),
    ("not.allowed.robotCode", _NO_ROBOT),
    ("invalid.openConversationId", _NO_GROUP),
    ("group.disbanded", _NO_GROUP),
)
"""Codes, or their beginnings, with what the office has to repair."""


def expired(answer: Answer) -> bool:
    """Whether the access token was refused: by the new API with a status, by the old one with a code."""
    return answer.status == HTTPStatus.UNAUTHORIZED or code_of(answer) in {"40014", "88"}


def unknown_media(error: SendError) -> bool:
    """Whether a message that names an uploaded file was refused for what it holds: its id may be known no more.

    The manual names no code of its own for that, and no end of an id.
    """
    return error.reason == _NOT_UNDERSTOOD


def code_of(answer: Answer) -> str:
    """The platform's code for a failure; empty for none."""
    errcode = answer.data.get("errcode")
    if isinstance(errcode, int) and errcode != 0:
        return str(errcode)
    code = answer.data.get("code")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def refuse(answer: Answer) -> None:
    """Raise SendError unless the platform took the call."""
    code = code_of(answer)
    if not code:
        _refuse_block(answer)
    if expired(answer):
        raise SendError("平台不认访问凭据，稍后重发")
    if code in _LATER:
        reason, wait = _LATER[code]
        raise SendError(reason, retry_after=answer.retry_after or wait)
    for beginning, reason in _NEVER:
        if code == beginning or code.startswith(f"{beginning}."):
            repair = reason in _TO_REPAIR
            raise SendError(reason, permanent=not repair, repair=repair)
    if code and answer.status < HTTPStatus.INTERNAL_SERVER_ERROR and answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        raise SendError(f"平台拒收（{code}）", permanent=True)
    refuse_status(answer)


def refuse_receivers(data: Mapping[str, Any]) -> None:
    """Raise SendError for whom a call that was taken leaves out: its 200 can hide failures."""
    if data.get("invalidStaffIdList"):
        raise SendError(_NOBODY, permanent=True)
    if data.get("flowControlledStaffIdList"):
        raise SendError("对方接收过于频繁，平台限流，稍后重发", retry_after=PERSON_SECONDS)


def _refuse_block(answer: Answer) -> None:
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in _NO_BLOCK:
        return  # a gateway's page, or that of an address which is not there, says nothing of a block
    if answer.data.get("status") == _BLOCKED:
        wait = answer.data.get("wait")
        seconds = float(wait) if isinstance(wait, int) else 0.0
        raise SendError(_THROTTLED, silent=True, retry_after=max(seconds, BLOCKED_SECONDS))
    if not answer.data and "json" not in answer.headers.get("content-type", "").lower():
        raise SendError(_THROTTLED, silent=True, retry_after=BLOCKED_SECONDS)
    if not answer.data and answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise SendError(ANSWER_LOST, unknown=True, silent=True)
