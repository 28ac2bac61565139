"""What platforms of four kinds can show, for the switch on the page; the figures are those of their manuals."""

from collections.abc import Mapping
from typing import NamedTuple

from bot.channels.channel import Capabilities


class Profile(NamedTuple):
    """One kind of platform, with the name on the switch."""

    name: str
    can: Capabilities


PROFILES: Mapping[str, Profile] = {
    # Form cards of JSON 2.0, at most 30 KB.
    "feishu": Profile(
        "飞书式卡片", Capabilities(buttons=True, max_buttons=20, max_label=20, max_bytes=30_000, picture=True)
    ),
    # template_card button_interaction: six buttons of ten characters, six lines; a text of 2,048 bytes.
    "wecom": Profile(
        "企业微信式卡片",
        Capabilities(buttons=True, max_buttons=6, max_label=10, max_lines=6, max_bytes=2_048, picture=True),
    ),
    # sampleActionCard2 to 5: at most five buttons; a markdown text of 5,000 bytes or so.
    "dingtalk": Profile(
        "钉钉式卡片", Capabilities(buttons=True, max_buttons=5, max_label=20, max_bytes=5_000, picture=True)
    ),
    "text": Profile("仅文字", Capabilities(max_bytes=2_048)),
}
