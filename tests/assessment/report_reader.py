"""A unit's indicators, and its reports read and shown in one line an item."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assessment.periods import Period
from assessment.report_text import Item, ReportReading, read_report
from assessment.rulebook import Indicator
from assessment.submission import Answer, Figure, Slot

JULY = Period.parse("2010-07")


def indicator(name: str, unit: str, *aliases: str, **more: Any) -> Indicator:
    return Indicator.model_validate(
        {
            "编号": name,
            "名称": name,
            "别名": aliases,
            "单位": unit,
            "类型": "比率",
            "承担单位": ["县经贸局"],
            "依据": "五",
        }
        | more
    )


OWN = (
    indicator("规上亩均工业总产值", "万元/亩", "亩均工业总产值", "亩均总产值", 基本任务="168.7", 满分目标="202.44"),
    indicator("规上亩均税收", "万元/亩", "亩均税收", 基本任务="7.56", 满分目标="9.08"),
    indicator("万元工业增加值能耗", "吨标准煤/万元", "能耗", 方向="越小越好", 满分目标="0.7322"),
    indicator("高新技术产业总产值占比", "%", "高新占比", 满分目标="37.25"),
    indicator(
        "农转用土地供地率",
        "%",
        "供地率",
        分组=[
            {"名称": f"{year}年", "满分目标": full} for year, full in ((2007, 95), (2008, 85), (2009, 60), (2010, 40))
        ],
    ),
    indicator("外贸自营出口", "亿美元", "出口额", 类型="累计", 满分目标="5.03"),
    indicator("刑事案件破案率", "%", "破案率", 满分目标="98"),
    indicator("生产总值增速", "%", "GDP增速", 变化率=True),
    indicator("二氧化硫削减率", "%", "二氧化硫", "SO2", 满分目标="8"),
    indicator("接待游客", "万人次", "游客", 类型="累计", 满分目标="120"),
    indicator("新增企业", "家", 类型="累计", 满分目标="80"),
)
OTHERS = (indicator("民生支出占比", "%", "民生支出"), indicator("亩均税收", "万元"))


def read(text: str, *, previous: Mapping[tuple[str, Figure], str] | None = None, **more: Any) -> ReportReading:
    values = {Slot(name, figure): Decimal(value) for (name, figure), value in (previous or {}).items()}
    given = {"own": OWN, "others": OTHERS, "period": JULY, "cumulative": True, "previous": Answer(values)} | more
    return read_report(text, **given)


def shown(item: Item) -> str:
    """One line: name, values, and ? with the reasons."""
    values = " ".join(
        f"{slot.cohort or ''}{slot.figure}{value:f}"
        for slot, value in sorted(item.values.items(), key=lambda v: v[0].figure)
    )
    reasons = ",".join(doubt.reason.name for doubt in item.doubts)
    return f"{item.indicator or '-'} {values}" + (f" ?{reasons}" if reasons else "")
