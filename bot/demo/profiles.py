"""What platforms of four kinds show of a card, for the switch on the page: by the channels' own renderers."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from bot.channels.card import Card
from bot.channels.channel import Capabilities
from bot.channels.dingtalk import client as dingtalk
from bot.channels.feishu import cards as feishu
from bot.channels.showing import Piece, shown
from bot.channels.wecom import cards as wecom


class Profile(NamedTuple):
    """One kind of platform, with the name on the switch."""

    name: str
    can: Capabilities
    pieces: Callable[[Card], tuple[Piece, ...]]
    """The messages that say a card there."""


_TEXT = Capabilities(max_bytes=2_048)
PROFILES: Mapping[str, Profile] = {
    "feishu": Profile("飞书式卡片", feishu.CAPABILITIES, feishu.pieces),
    "wecom": Profile("企业微信式卡片", wecom.CAPABILITIES, wecom.pieces),
    "dingtalk": Profile("钉钉式卡片", dingtalk.CAPABILITIES, partial(shown, can=dingtalk.CAPABILITIES)),
    "text": Profile("仅文字", _TEXT, partial(shown, can=_TEXT)),
}
