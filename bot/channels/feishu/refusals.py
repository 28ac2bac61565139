"""What Feishu's codes mean for a send: the table of its manual, each with a phrase for the office. No I/O.

Most of them come with HTTP 400, so the body is read before the status is judged.
Source: Feishu, im-v1/message/create and the general error codes.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from bot.channels.calling import Answer, refuse_status, seconds
from bot.channels.channel import SendError

TOKEN = frozenset({99991661, 99991663, 99991664, 99991665, 99991671})
"""The access token is missing, expired or not known: ask for another."""

_CARD = frozenset({11310, 100290, 200621, 200861, 230099})
_LOCKED = "lock"
"""Stands in the words of 11310 while somebody is just pressing the card."""
_THROTTLED = frozenset({11232, 230020, 99991400})
_BEING_SENT = 230049
_QUOTA = 99991403
_QUOTA_SECONDS = 3600.0
_RESET = "x-ogw-ratelimit-reset"

NO_SCOPE = "飞书应用缺少发消息的权限，请在开放平台开通并发布新版本"
_REPAIR = {
    10014: "应用编号（app_id）或应用密钥（app_secret）不对，请管理员核对设置",
    99991401: "本机出口地址不在飞书应用的 IP 白名单内，请在开放平台添加",
    99991662: "飞书应用已停用，请在管理后台启用",
    99991672: NO_SCOPE,
    99991673: "飞书应用未在本单位安装，请在管理后台安装",
    99991679: NO_SCOPE,
    230006: "飞书应用未启用机器人能力，请在开放平台启用并发布新版本",
    230027: NO_SCOPE,
    1000040351: "接口网址（api_base）与应用不属同一平台，请管理员核对设置",
}
NOT_OURS = "图片或文件不是本应用上传，平台拒收"
_PERMANENT = {
    230001: "接收账号或参数有误，平台拒收",
    230002: "机器人不在该群内，收不到消息",
    230009: "消息已过可撤回期限",
    230011: "消息已被撤回",
    230013: "应用可用范围外或已离职，收不到消息",
    230017: NOT_OURS,
    230018: "该群的设置不允许机器人发言",
    230022: "内容被平台认作敏感信息，未能送达",
    230025: "内容过长，平台拒收",
    230028: "内容被本单位飞书数据保护拦下，请查有无手机号、邮箱",
    230029: "对方已离职，收不到消息",
    230031: "消息已过可更新期限",
    230034: "接收账号有误，平台拒收",
    230035: "该群已禁言或限制机器人发言",
    230053: "对方已设置拒收机器人消息，请改用其他渠道",
    230110: "消息已被删除",
    232009: "该群已解散",
    99992351: "接收账号有误，平台拒收",
}
_HOOK = {
    9499: "群机器人不接受此消息的格式",
    19021: "群机器人签名密钥（webhook_secret）不对，或本机时间不准，请管理员核对",
    19022: "本机出口地址不在群机器人的 IP 白名单内",
    19024: "群机器人设有关键词，消息中没有",
}
_ALL = _REPAIR | _PERMANENT | _HOOK


class CardRefused(SendError):
    """The platform does not take the card as a card; its words may still go as text."""


def code_of(answer: Answer) -> int | None:
    """The platform's own code, 0 for success; None where the body tells none."""
    code = answer.data.get("code")
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def judged(answer: Answer) -> Mapping[str, Any]:
    """The body of a success. Raises SendError for anything else."""
    code = code_of(answer)
    if code == 0 and answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer.data
    if code in _THROTTLED or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = seconds(answer.headers.get(_RESET, ""))
        raise SendError("平台限流，稍后重发", retry_after=answer.retry_after if wait is None else wait)
    if code is None or code == 0:
        refuse_status(answer)
        raise SendError("平台回音无法辨认，可能已送达", unknown=True, silent=True)
    raise _refusal(code, str(answer.data.get("msg", "")))


def _refusal(code: int, words: str) -> SendError:
    if code in TOKEN:
        return SendError("平台不认访问凭证，稍后重发")
    if code == _BEING_SENT:
        return SendError("平台正在发送同一消息，稍后核对")
    if code == _QUOTA:
        return SendError("飞书本月接口调用额度已用完，请联系管理员扩容", retry_after=_QUOTA_SECONDS)
    if code in _CARD:
        if _LOCKED in words:
            return SendError("卡片正被点按，稍后重发")
        return CardRefused(f"卡片不合平台要求（{code}）", permanent=True)
    if code in _REPAIR:
        return SendError(_REPAIR[code], repair=True)
    return SendError(_ALL.get(code) or f"平台拒收（{code}）", permanent=True)
