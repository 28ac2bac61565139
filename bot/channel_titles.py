"""What people call the platforms."""

from collections import Counter
from collections.abc import Iterable, Mapping

from bot.channel_settings import ChannelSettings

TITLES: Mapping[str, str] = {
    "sandbox": "演示平台",
    "wecom": "企业微信",
    "wecom_bot": "企业微信机器人",
    "dingtalk": "钉钉",
    "feishu": "飞书",
}
"""By the kind of a channel."""


def titles(channels: Iterable[ChannelSettings]) -> Mapping[str, str]:
    """What each channel is called, by its name; where several are of one kind, each by its own name."""
    tables = tuple(channels)
    kinds = Counter(table.kind for table in tables)
    return {table.name: TITLES[table.kind] if kinds[table.kind] == 1 else table.name for table in tables}
