"""An invented town of any size: units, people, one rulebook, and the messages that its people send.

Its units report four figures a month and a written plan, as in the shipped rulebooks, under names of its own.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice, product
from zoneinfo import ZoneInfo

from assessment.workdays import WorkCalendar
from bot.county import CHANNEL, Setting
from handlers.incoming import Incoming
from storage.installation import Installation

ZONE = ZoneInfo("Asia/Shanghai")
YEAR = 2010
OFFICE = "考核办公室"
FIGURES = "figures"
PLAN = "plan"
_SIGNS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳酉戌亥"
_SHORT = ("亩均产值", "亩均税收", "综合能耗", "高新占比")

_HEAD = f"""编号: town
办法: 城镇目标考核办法
版本: "1"
年度: {YEAR}
主管: {OFFICE}
出处: 虚构
记分:
  - {{对象: 单位, 基础分: 80, 封顶: 100, 封顶方式: 最终总分, 依据: 一}}
  - {{对象: 个人, 基础分: 0, 依据: 二}}
读法: {{同一事项: 同向取最大小计, 催报计日: 首次催报次日}}
条款:
  - {{编号: late, 名称: 催报未报, 依据: 二, 原文: 催报后未报, 对象: 个人, 触发: 催报后未报, 分值: -1, 计次: 每日}}
报送任务:
  - 编号: {FIGURES}
    名称: 进展情况
    依据: 三
    周期: 月
    起始: {YEAR}-01
    累计口径: true
    截止: {{次月: 5}}
    报指标: true
    签发: 无
    阶梯: ladder
  - 编号: {PLAN}
    名称: 工作计划
    依据: 三
    周期: 月
    起始: {YEAR}-01
    截止: {{当月: 5}}
    承担单位: [部门]
    签发: 无
    阶梯: ladder
    条款: [late]
催办阶梯:
  - 编号: ladder
    各步:
      - {{步骤: 提醒, 时间: {{截止前工作日: 1}}, 时刻: "09:00", 对象: [填报人]}}
      - {{步骤: 催办, 时间: {{逾期日: 1}}, 时刻: "09:00", 对象: [填报人]}}
      - {{步骤: 督办, 时间: {{逾期工作日: 3}}, 时刻: "09:00", 对象: [主要负责人]}}
指标:
"""
_INDICATOR = """  - 编号: {id}
    名称: {unit}{name}
    别名: [{short}]
    单位: {measure}
    类型: {kind}
    方向: {direction}
    基本任务: {base}
    满分目标: {full}
    基本分: 3
    满分: 5
    曲线: 线性
    承担单位: [{unit}局]
    依据: 一
    说明: 虚构
"""
_MEASURES = (
    ("规上亩均工业总产值", "万元/亩", "累计", "越大越好", "168.7", "202.44"),
    ("规上亩均税收", "万元/亩", "累计", "越大越好", "7.56", "9.08"),
    ("综合能耗", "吨标准煤/万元", "比率", "越小越好", "0.9", "0.7322"),
    ("高新技术产值占比", '"%"', "比率", "越大越好", "20", "37.25"),
)


def unit_names(number: int) -> list[str]:
    """Names of which none contains another."""
    return ["".join(signs) for signs in islice(product(_SIGNS, repeat=4), number)]


def rulebook(units: int) -> str:
    """The rulebook, with four indicators for each unit."""
    return _HEAD + "".join(
        _INDICATOR.format(
            id=f"i{place}-{number}",
            unit=unit,
            name=name,
            short=f"{unit}{_SHORT[number]}",
            measure=measure,
            kind=kind,
            direction=direction,
            base=base,
            full=full,
        )
        for place, unit in enumerate(unit_names(units))
        for number, (name, measure, kind, direction, base, full) in enumerate(_MEASURES)
    )


def roster(units: int, people_a_unit: int = 3) -> str:
    """The roster: reporter, deputy and head of each unit, then further reporters."""
    lines = ["单位,单位别名,类别,姓名,岗位,渠道,账号", f"{OFFICE},,考核办,办公室,考核办,{CHANNEL},office"]
    roles = ("填报人", "分管负责人", "主要负责人")
    for place, unit in enumerate(unit_names(units)):
        for number in range(people_a_unit):
            role = roles[number] if number < len(roles) else roles[0]
            lines.append(f"{unit}局,{unit},部门,{unit}{number},{role},{CHANNEL},{account(place, number)}")
    return "\n".join(lines)


def account(place: int, number: int) -> str:
    """The account of one of a unit's people."""
    return f"u{place}-{number}"


def reporter(place: int) -> str:
    """The account of a unit's reporter."""
    return account(place, 0)


def setting(units: int, start: datetime, people_a_unit: int = 3, reporting: int | None = None) -> Setting:
    """Everything a county starts from; `reporting` of its units (default all) have figures to report."""
    text = rulebook(units if reporting is None else reporting)
    return Setting(roster(units, people_a_unit), {"town.yaml": text}, start, date(YEAR, 1, 1))


def installation() -> Installation:
    """What the service would be told by its settings."""
    marks = ("绝密", "机密", "秘密", "内部资料", "不得外传", "工作秘密")
    return Installation(ZONE, WorkCalendar(), b"k" * 32, marks)


def report(unit: str, month: int) -> str:
    """A month's four figures with their forecasts, typed as people type."""
    return (
        f"１－{month}月{unit}亩均产值{80 + month}.5万预测175,{unit}亩均税収3.{month}万 预测8万,"
        f"{unit}综合能耗0.8{month}预测0.7９,{unit}高新占比2{month % 10}.5% 预测3{month % 10}%"
    )


def message(number: str, sender: str, text: str, at: datetime) -> Incoming:
    """One private message in the sandbox."""
    return Incoming(CHANNEL, CHANNEL, f"m-{number}", sender, f"p-{sender}", True, True, text, at)


def reports(units: int, months: int, at: datetime) -> Iterator[Incoming]:
    """Every unit's first report of each month, month by month."""
    for month in range(1, months + 1):
        for place, unit in enumerate(unit_names(units)):
            yield message(f"r-{month}-{place}", reporter(place), report(unit, month), at)
