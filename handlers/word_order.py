"""The same words in the order in which people say them: unit or number first, glued together, with 我要 before them.

Only what nothing else has understood is looked at so, and what acts on others asks for 确认 as always.
"""

import re
from collections.abc import Collection, Iterator

from assessment.requirements import SELF_SCORE
from assessment.roster import Roster
from handlers.whom import leading

_LEAD_IN = re.compile(r"^(?:你好|您好|老师|同志|麻烦您?|我们?[要想]|帮[我忙](?:们)?|申请)[,，。!！\s]*")
_NUMBER_FIRST = re.compile(r"^(?P<number>[A-Za-z]\s*-?\s*\d{4}\s*-\s*\d{1,9})[\s,，:：;；。的]*")
_GRADED = re.compile(r"^[拟应]?(?:评为|评定为|定为)(?P<grade>\S.*)$", re.DOTALL)
_GAP = " \t\n,，:：;；、。"
_ENDS_A_WORD = re.compile(r"[\s,，:：;；、。]|[0-9]|$")
_SPOKEN = tuple(
    (re.compile(said), word)
    for said, word in (
        (r"全部(核定|审定|通过)$", r"\1 全部"),
        (r"(?:年度|年终|全年)结算$", "结算"),
        (r"第?([二三四五])次督办(?:单|通知单?)?", r"第\1次督办 "),
        (r"通报(表扬|批评)", r"督查通报 \1 "),
        (r"(签收|收到)督办(?:单|通知单?)?$", r"\1"),
        (r"(?:驳回申诉|申诉驳回)", "申诉不成立 "),
        (r"(?:还有)?哪(?:些|几家|几个)(?:单位|部门|乡镇|地方|家)?还?没有?(?:报|交|报送|上报)完?[的吗呢]?$", "谁没报"),
        (
            r"(?:我们?|本单位)?(?:现在|目前)?还?有(?:什么|啥|哪些)(?:事项?)?(?:还?没|要|需要|待)(?:我们?)?(?:签字?|办|报|交|填)[的吗呢]?$",
            "我的任务",
        ),
    )
)


def other_orders(text: str, words: Collection[str], roster: Roster) -> Iterator[str]:
    """The message with a command word of `words` at its start, in each way in which it can be read so."""
    stripped = _LEAD_IN.sub("", text, count=1).strip()
    for said, word in _SPOKEN:
        found = said.match(stripped.rstrip("?？。!！"))
        if found is not None:
            yield f"{found.expand(word)}{stripped[found.end() :]}".strip()
    if stripped != text:
        yield stripped
    longest_first = sorted(words, key=len, reverse=True)
    yield from _number_first(stripped, longest_first)
    unit, rest = leading(roster, stripped)
    if unit is not None:
        graded = _GRADED.match(rest)
        if graded is not None:
            yield f"评等 {unit.name} {graded['grade']}"
        for word in longest_first:
            if rest.startswith(word) and _ENDS_A_WORD.match(rest, len(word)):
                yield f"{word} {unit.name} {rest[len(word) :].strip(_GAP)}".strip()
    for word in longest_first:
        behind = stripped.removeprefix(word)
        if behind != stripped and (behind.startswith(SELF_SCORE) or leading(roster, behind)[0] is not None):
            yield f"{word} {behind}"


def _number_first(text: str, words: Collection[str]) -> Iterator[str]:
    """S-2608-1办结，已完工: as 办结 S-2608-1 已完工."""
    found = _NUMBER_FIRST.match(text)
    if found is None:
        return
    rest = text[found.end() :]
    for word in words:
        if rest.startswith(word):
            number = re.sub(r"\s", "", found["number"])
            yield f"{word} {number} {rest[len(word) :].strip(_GAP)}".strip()
