"""Units of measure taken apart: 万元/亩 is ten thousand 元 for each 亩. The words are language, not a rulebook's."""

import re
from dataclasses import dataclass
from functools import lru_cache

from assessment.typed_text import plain

PERCENT = "%"
CURRENCIES = frozenset({"元", "美元", "欧元", "港元", "日元", "英镑"})
COUNTERS = frozenset("人户个件次项家起篇条份场期处座套台辆头只株村所例宗批对") | {"人次", "批次"}
UNIT_WORDS = (
    *CURRENCIES,
    *COUNTERS,
    *("吨", "吨标准煤", "千克标准煤", "克", "亩", "公顷", "平方米", "立方米", "米", "瓦时", "升"),
    *("分", "天", "小时", "倍", "百分点", "户次", "车次", "床", "台套"),
)
OTHER_WRITINGS = {
    "人民币元": "元",
    "人民币": "元",
    "块钱": "元",
    "块": "元",
    "美金": "美元",
    "名": "人",
    "位": "人",
    "吨标煤": "吨标准煤",
    "公斤": "千克",
    "公斤标准煤": "千克标准煤",
    "公斤标煤": "千克标准煤",
    "千克标煤": "千克标准煤",
    "公里": "千米",
    "平方公里": "百万平方米",
    "平米": "平方米",
    "m2": "平方米",
    "㎡": "平方米",
    "m3": "立方米",
    "方": "立方米",
    "度": "千瓦时",
    "kwh": "千瓦时",
    "kg": "千克",
    "km": "千米",
    "t": "吨",
    "个百分点": "百分点",
}
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_SHARES = {"%": -2, "‰": -3, "‱": -4}
_THOUSANDTHS = {"千克标准煤": "吨标准煤"}
_POWER_AND_BASE = re.compile("([十百千万亿]*)(.*)", re.DOTALL)


@dataclass(frozen=True)
class UnitOfMeasure:
    """10**power × base, for each 10**per_power × per. A share (%, ‰) has the empty base and a negative power."""

    base: str
    power: int
    per: str | None = None
    per_power: int = 0

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole: %, ‰."""
        return not self.base and self.power < 0


@lru_cache(maxsize=1024)
def unit_of_measure(written: str) -> UnitOfMeasure:
    """Take a unit apart. Any word is accepted as a base, because rulebooks may count whatever they like."""
    upper, _, lower = plain(written).lower().replace("每", "/").partition("/")
    base, power = _power_and_base(upper)
    if not lower:
        return UnitOfMeasure(base, power)
    per, per_power = _power_and_base(lower)
    return UnitOfMeasure(base, power, per, per_power)


def _power_and_base(written: str) -> tuple[str, int]:
    written = OTHER_WRITINGS.get(written.strip(), written.strip())
    if written in _SHARES:
        return "", _SHARES[written]
    if written == "百分点":
        return written, 0
    if written in _THOUSANDTHS:
        return _THOUSANDTHS[written], -3
    found = _POWER_AND_BASE.fullmatch(written)
    if found is None:
        return written, 0
    power = sum(_POWERS[sign] for sign in found[1])
    other = OTHER_WRITINGS.get(found[2])
    if other is None:
        return found[2], power
    base, more = _power_and_base(other)
    return base, power + more
