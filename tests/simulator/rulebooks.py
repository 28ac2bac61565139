"""The measures that the simulator's county is run by: small, but with every kind of duty and every rung of a ladder."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Season:
    """When the one due day lies: in an ordinary week, before a weekend, before a week of holidays."""

    year: int
    month: int
    day: int

    @property
    def due_day(self) -> date:
        """The last day on which a report is on time."""
        return date(self.year, self.month, self.day)

    @property
    def opens(self) -> datetime:
        """A morning two days before the due day."""
        return datetime(self.year, self.month, self.day, 8, 30, tzinfo=ZONE) - timedelta(days=2)


SEASONS = (Season(2026, 8, 5), Season(2026, 8, 7), Season(2026, 9, 29))

OFFICE, OTHER_OFFICE = "督查室", "统计室"
UNITS = ("东河镇", "西山镇")

_LADDER = """
催办阶梯:
  - 编号: 催报
    各步:
      - {步骤: 提醒, 时间: {截止前工作日: 1}, 时刻: "09:00", 对象: [填报人]}
      - {步骤: 催办, 时间: {逾期日: 1}, 时刻: "09:00", 对象: [填报人]}
      - {步骤: 催办, 时间: {逾期日: 3}, 时刻: "09:00", 对象: [填报人]}
      - {步骤: 督办, 时间: {逾期工作日: 3}, 时刻: "14:00", 对象: [填报人, 主要负责人, 分管领导]}
      - {步骤: 通报, 时间: {逾期工作日: 4}, 时刻: "09:00", 对象: [考核办]}
"""

_FIRST = """
编号: monthly-work
办法: 工作考核办法
版本: 1
年度: YEAR
主管: 督查室
出处: 模拟
记分:
  - {对象: 单位, 基础分: 80, 封顶: 100, 封顶方式: 最终总分}
  - {对象: 个人, 基础分: 0}
读法: {同一事项: 同向取最大小计, 催报计日: 首次催报次日}
条款:
  - {编号: C1, 名称: 催报后仍未报, 原文: 每延迟1天扣1分, 依据: 一, 对象: 个人, 触发: 催报后未报, 分值: -1, 计次: 每日}
  - {编号: C2, 名称: 退回, 原文: 每退回1次扣1分, 依据: 二, 对象: 个人, 触发: 退回, 分值: -1}
  - {编号: C3, 名称: 按时报送, 原文: 按时报送的加0.2分, 依据: 三, 对象: 单位, 触发: 按时报送, 分值: 0.2, 自动: true}
  - {编号: C4, 名称: 逾期报送, 原文: 逾期报送的扣0.2分, 依据: 三, 对象: 单位, 触发: 逾期报送, 分值: -0.2}
指标:
  - {编号: trees-1, 名称: 植树面积, 单位: 亩, 类型: 累计, 基本任务: 100, 满分目标: 120, 承担单位: [东河镇], 依据: 四}
  - {编号: roads-1, 名称: 道路完好率, 单位: "%", 类型: 比率, 基本任务: 80, 满分目标: 90, 报预测: false,
     承担单位: [东河镇], 依据: 四}
  - {编号: trees-2, 名称: 造林面积, 单位: 亩, 类型: 累计, 基本任务: 100, 满分目标: 120, 承担单位: [西山镇], 依据: 四}
  - {编号: roads-2, 名称: 公路完好率, 单位: "%", 类型: 比率, 基本任务: 80, 满分目标: 90, 报预测: false,
     承担单位: [西山镇], 依据: 四}
报送任务:
  - 编号: figures
    名称: 指标月报
    依据: 五
    周期: 月
    起始: YEAR-MONTH
    终止: YEAR-MONTH
    截止: {当月: DAY}
    报指标: true
    审核: true
    阶梯: 催报
    条款: [C1, C2, C3, C4]
  - 编号: plan
    名称: 工作计划
    依据: 六
    周期: 月
    起始: YEAR-MONTH
    终止: YEAR-MONTH
    截止: {当月: DAY}
    承担单位: [乡镇]
    阶梯: 催报
    条款: [C1, C2, C3, C4]
"""

_SECOND = """
编号: analysis
办法: 统计工作考核办法
版本: 1
年度: YEAR
主管: 统计室
出处: 模拟
报送任务:
  - 编号: analysis
    名称: 运行分析
    依据: 一
    周期: 月
    起始: YEAR-MONTH
    终止: YEAR-MONTH
    截止: {当月: DAY}
    承担单位: [乡镇]
    文字部分: [存在问题, 下一步措施]
    签发: 主要负责人
    审核: true
    阶梯: 催报
"""


def rulebooks(season: Season) -> dict[str, str]:
    """The two measures of a season, by file name: both offices ask for something by the same day."""
    texts = {"monthly-work.yaml": _FIRST + _LADDER, "analysis.yaml": _SECOND + _LADDER}
    return {
        name: text.replace("YEAR", str(season.year))
        .replace("MONTH", f"{season.month:02}")
        .replace("DAY", str(season.day))
        for name, text in texts.items()
    }
