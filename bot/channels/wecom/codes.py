"""What WeCom's error codes mean for a letter: try again, let the office repair something, or give up.

Source: WeCom page 90313. The codes are the contract; the words beside them in an answer may change and are not read.
"""

from collections.abc import Mapping
from typing import Any

from bot.channels.calling import Answer, refuse_status
from bot.channels.channel import SendError
from bot.channels.uploads import MediaGone

TOKEN_REFUSED = frozenset({40014, 42001})
"""The access token is no longer taken; a new one is."""
MEDIA_GONE = frozenset({40007, 40145})
"""The media_id is not known, or not any more."""
NO_SUCH_NUMBER = frozenset({40003, 46004, 50002, 60011, 60021, 60111, 60146})
"""The company has nobody of that number, or nobody whom the app may see."""
CARD_CLOSED = 60140
"""The code for changing a card was used before, or is too old."""

_BLOCKED_SECONDS = 60.0
"""For so long a minute's limit is closed once it is hit."""

_LATER = {
    -1: "平台繁忙，稍后重发",
    6000: "平台繁忙，稍后重发",
    45009: "平台限流，稍后重发",
    45033: "平台限流，稍后重发",
    45035: "平台繁忙，稍后重发",
    **dict.fromkeys(TOKEN_REFUSED, "平台不认新取的令牌，稍后重发"),
}
_OUT_OF_SIGHT = "收件人不在应用可见范围内，请管理员在企业微信后台调整"
_NOBODY = "收件人账号在企业微信中不存在，请核对名册"
_REFUSED = "内容被平台拒收"
_NO_CHAT = "群聊不存在或不属于本应用"
_NOT_OURS = "应用密钥（Secret）不对，请管理员核对设置"
_REPAIR = {
    40001: _NOT_OURS,
    40091: _NOT_OURS,
    40013: "企业编号（企业 ID）不对，请管理员核对设置",
    40056: "应用编号（AgentId）不对，请管理员核对设置",
    60020: "服务器 IP 未列入企业可信 IP，请管理员在企业微信后台登记",
    48002: "应用没有发送消息的权限，请管理员在企业微信后台开通",
}
_GIVE_UP = {
    60011: _OUT_OF_SIGHT,
    60021: _OUT_OF_SIGHT,
    50002: _OUT_OF_SIGHT,
    81013: "收件人账号无效或不在应用可见范围内，收不到消息",
    40003: _NOBODY,
    60111: _NOBODY,
    46004: _NOBODY,
    **dict.fromkeys((40201, 82004, 85002), _REFUSED),
    **dict.fromkeys((86003, 86008, 49008, 40050), _NO_CHAT),
}


def code_of(answer: Answer) -> int | None:
    """The answer's errcode; None where it has none. Raises SendError for a status that says it all."""
    refuse_status(answer)
    code = answer.data.get("errcode")
    return code if isinstance(code, int) else None


def refuse_code(code: int | None) -> None:
    """Raise SendError for anything but success; `unknown` where the answer told nothing."""
    if code == 0:
        return
    if code is None:
        raise SendError("平台的回音无法辨认，可能已送达", unknown=True, silent=True)
    if (later := _LATER.get(code)) is not None:
        blocked = code == 45009
        raise SendError(later, silent=blocked, retry_after=_BLOCKED_SECONDS if blocked else None)
    if (repair := _REPAIR.get(code)) is not None:
        raise SendError(repair, repair=True)
    if code in MEDIA_GONE:
        raise MediaGone("附件已过平台保存期限", permanent=True)
    raise SendError(_GIVE_UP.get(code, f"平台拒收（错误码 {code}）"), permanent=True)


def refuse_looking_up(code: int | None) -> None:
    """Raise SendError where the platform does not tell whose a number is; that limit lasts a day (page 95402)."""
    if code == 45009:
        raise SendError("按手机号查询次数已达企业微信上限，平台暂停查询一日", permanent=True)
    if code == 48002:
        raise SendError("应用没有按手机号查询成员的权限，请管理员在企业微信后台开通", repair=True)
    refuse_code(code)


def refuse_unreached(data: Mapping[str, Any]) -> None:
    """Raise SendError if an accepted message reaches nobody all the same: success that is none (page 90236)."""
    if data.get("invaliduser"):
        raise SendError(_GIVE_UP[81013], permanent=True)
    if data.get("unlicenseduser"):
        raise SendError("收件人没有企业微信接口许可，请管理员开通", permanent=True)
