"""What people say who know no command: a greeting, a question in their own words; and the command that answers it.

Asked only of what nothing else has understood, and only for commands that tell something or ask before they act.
"""

import re

from assessment.roster import Roster
from handlers import whom

_SOFT = r"(?:请问|麻烦|帮忙|帮我|一下|我想|想问)?"
_END = r"[了的呢吗呀啊吧嘛 。.!！?？~]*"

_FIGURE = r"[0-9][0-9.]*[%％万亿元吨个家次户亩]{0,4}"

_SAYINGS = tuple(
    (re.compile(_SOFT + pattern + _END), command)
    for pattern, command in (
        (
            r"(?:您好|你好|在吗|在不在|有人吗|hello|hi|哈喽|(?:有)?(?:什么|哪些)功能|(?:你)?(?:能|会)(?:干|做)(?:什么|啥))",
            "帮助",
        ),
        (r"(?:怎么|怎样|如何)(?:报送?|填报?|上报|交)(?:数据?|月报|材料)?", "报送"),
        (r"(?:我|我们|本单位)?(?:还)?(?:要|需要?|应该?|该|得|欠)(?:报|交|填)(?:什么|哪些|啥|几项|多少).*", "我的任务"),
        (r".{0,8}(?:什么时候|哪天|哪一天|几号|何时|啥时候)(?:截止|到期|交|报).{0,4}", "我的任务"),
        (r".{0,8}(?:截止|期限)(?:日期?|时间)?(?:是|到|为)?(?:什么时候|哪天|哪一天|几号|何时)?", "我的任务"),
        (r"(?:本月|这个月|本期|这期)?(?:没有?|无|暂无)(?:新)?(?:数据?|数字|内容|可报的?|变化)", "零报告"),
        (r"(?:刚才|刚刚|上次|数据?|数字)?(?:报|填|写|发|打|交)(?:的)?(?:数据?|数字)?错", "更正"),
        (
            r"(?:能不能|可不可以|可否|能否|可以)?.{0,4}(?:(?<![今昨当明每])晚(?!上)|迟|缓|推迟|延后|宽限).{0,4}(?:[报交天日]).{0,4}",
            "延期",
        ),
        (r"催(?:一催|一下|催)?(?:没报|未报|没交|未交)?(?:的)?(?:单位)?", "催报"),
        (r"(?:谁|哪个|哪家|哪些).{0,4}(?:最差|最后|垫底|倒数|最低|落后|最好|最高|第一|领先).{0,4}", "排名"),
        (r"(?:最后一名|倒数第一|第一名|前几名|后几名)(?:是谁|有谁|是哪个|是哪家)?", "排名"),
        (r"(?:下发|发布|群发|发个?|下)通知[:： ]*(?P<rest>.+)", "通知 {rest}"),
        (
            r"(?P<rest>[^，,。;；]{2,20})(?:改成|改为|更正为|应为|应该是)[:： ]*(?P<more>" + _FIGURE + ")",
            "更正 {rest} {more}",
        ),
    )
)

_OF_A_UNIT = tuple(
    (re.compile(pattern + _END), command)
    for pattern, command in (
        (r"(?:的)?(?:工作|考核)?(?:情况)?(?:怎么样|咋样|如何|怎样)", "得分 {unit}"),
        (r"(?:的)?(?:考核|得分|工作)?情况", "得分 {unit}"),
        (r"(?P<rest>.*?)[，, ]*(?P<way>[扣加])除?(?P<points>[0-9]+(?:\.[0-9]+)?)分[，,。:： ]*(?P<more>.*)",
         "{way}分 {unit} {rest} {way}{points}分 {more}"),
    )
)  # fmt: skip
_BEFORE_A_UNIT = re.compile(r"^(?:给|对|把|将|查一?下|看一?下|看看)+")


def said_otherwise(text: str, roster: Roster) -> str | None:
    """The command that a text amounts to; None where it amounts to none."""
    found = _filled(_SAYINGS, text, "")
    if found is not None:
        return found
    unit, rest = whom.leading(roster, _BEFORE_A_UNIT.sub("", text))
    return _filled(_OF_A_UNIT, rest, unit.name) if unit is not None else None


def _filled(sayings: tuple[tuple[re.Pattern[str], str], ...], text: str, unit: str) -> str | None:
    for pattern, command in sayings:
        said = pattern.fullmatch(text)
        if said is not None:
            return " ".join(command.format(unit=unit, **said.groupdict()).split())
    return None
