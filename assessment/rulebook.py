"""The rulebook 考核办法 as data: what an office's measure says, each rule with its citation.

Files have Chinese keys (the aliases below); Python has English names. A number that the source text
withholds is `null`, and nothing is scored by it; a stand-in bears its reason and is shown with ◇.
"""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from pydantic import Field, model_validator

from assessment.parameter import Day, Parameter, Part, Points, TimeOfDay, Yes
from assessment.periods import Frequency, Period

__all__ = ["Parameter", "Part", "Points"]  # defined next door, spoken of as part of the rulebook


class Subject(StrEnum):
    """Whose account a clause concerns; never mixed."""

    UNIT = "单位"
    PERSON = "个人"
    LINE = "条线"


class Trigger(StrEnum):
    """The closed list of facts that a clause can be about. None of them concerns how people use the bot."""

    MATTER_DONE = "事项办结"
    MATTER_LATE = "事项逾期"
    URGED_NOT_REPORTED = "催报后未报"
    RETURNED = "退回"
    REPORTED_ON_TIME = "按时报送"
    REPORTED_LATE = "逾期报送"
    RECORDED = "人工记录"


class Share(StrEnum):
    """The part that a unit has in a matter."""

    LEAD = "主办"
    CO = "协办"


class Timing(StrEnum):
    """When a matter was done against its time limit."""

    EARLY = "提前或超额"
    ON_TIME = "按期"
    LATE = "逾期"


class Per(StrEnum):
    """How often a clause counts for one matter."""

    EACH = "每次"
    DAY = "每日"
    ONCE = "一次"


class Flag(StrEnum):
    """What a clause does to eligibility; a recommendation is never a decision."""

    INELIGIBLE = "取消评优资格"
    RECOMMEND_INELIGIBLE = "建议取消评优资格"


class Range(Part):
    """Points that the office chooses inside printed bounds, with a reason."""

    lowest: Points = Field(alias="自")
    highest: Points = Field(alias="至")

    @model_validator(mode="after")
    def _ordered(self) -> "Range":
        if self.lowest > self.highest:
            raise ValueError("幅度的“自”不得大于“至”")
        return self

    def holds(self, points: Decimal) -> bool:
        """Whether `points` lies inside, bounds included (A1)."""
        return self.lowest <= points <= self.highest


class Clause(Part):
    """What earns or costs points."""

    id: str = Field(alias="编号")
    name: str = Field(alias="名称")
    text: str = Field(alias="原文")
    cite: str = Field(alias="依据")
    subject: Subject = Field(Subject.UNIT, alias="对象")
    trigger: Trigger = Field(alias="触发")
    share: Share | None = Field(None, alias="角色")
    timing: Timing | None = Field(None, alias="时限", description="“按期”也包括提前或超额;空为不论")
    classes: tuple[str, ...] = Field((), alias="类别", description="只适用于这些类别的事项;空为不限")
    points: Parameter[Points] = Field(default_factory=Parameter[Points], alias="分值")
    discretion: Range | None = Field(None, alias="幅度")
    per: Per = Field(Per.EACH, alias="计次")
    automatic: bool = Field(False, alias="自动", description="true 时不经核定直接入账;须由考核办明确选定")
    exclusive_group: str | None = Field(None, alias="互斥组", description="同组各档只能选一")
    supplements: str | None = Field(None, alias="补充", description="在哪一条的小计上另加")
    flag: Flag | None = Field(None, alias="标记")
    follow_up: str | None = Field(None, alias="后续", description="另由有关部门办理的事,只生成待办")


class Direction(StrEnum):
    """Which way an indicator improves."""

    HIGHER = "越大越好"
    LOWER = "越小越好"


class Measure(StrEnum):
    """A figure that adds up over the year has time progress; a rate has none."""

    CUMULATIVE = "累计"
    RATE = "比率"


class Curve(StrEnum):
    """How points run from base to full mark."""

    LINEAR = "线性"


class Cohort(Part):
    """One cohort of an indicator (2007年 …) with its own targets."""

    name: str = Field(alias="名称")
    base: Parameter[Decimal] = Field(default_factory=Parameter[Decimal], alias="基本任务")
    full: Parameter[Decimal] = Field(default_factory=Parameter[Decimal], alias="满分目标")


class Indicator(Part):
    """What is measured, in `unit`; figures are exact decimals in that unit."""

    id: str = Field(alias="编号")
    name: str = Field(alias="名称")
    aliases: tuple[str, ...] = Field((), alias="别名")
    unit: str = Field(alias="单位", description="如 万元、%、亿美元、吨标准煤/万元、次")
    measure: Measure = Field(alias="类型")
    direction: Direction = Field(Direction.HIGHER, alias="方向")
    change_rate: bool = Field(False, alias="变化率", description="true 时“下降2.1%”读作负数")
    base: Parameter[Decimal] = Field(default_factory=Parameter[Decimal], alias="基本任务")
    full: Parameter[Decimal] = Field(default_factory=Parameter[Decimal], alias="满分目标")
    base_points: Parameter[Points] = Field(default_factory=Parameter[Points], alias="基本分")
    full_points: Parameter[Points] = Field(default_factory=Parameter[Points], alias="满分")
    curve: Parameter[Curve] = Field(default_factory=Parameter[Curve], alias="曲线")
    forecast: bool = Field(True, alias="报预测", description="是否须报全年预测")
    cohorts: tuple[Cohort, ...] = Field((), alias="分组")
    owners: tuple[str, ...] = Field(alias="承担单位", description="按先后,第一个牵头;写名册中的单位名称")
    cite: str = Field(alias="依据")
    note: str | None = Field(None, alias="说明")


class SignOff(StrEnum):
    """Whose signature makes a report a report."""

    NONE = "无"
    DEPUTY = "分管负责人"
    HEAD = "主要负责人"


def _written(part: Part) -> int:
    return sum(value is not None for _, value in part)


class Due(Part):
    """A due rule: exactly one of the forms below; the day counts until 24:00."""

    day_of_month: int | None = Field(None, alias="当月", ge=1, le=31)
    day_of_next_month: int | None = Field(None, alias="次月", ge=1, le=31)
    days_after: int | None = Field(None, alias="期后日", ge=0, le=366)
    workdays_after: int | None = Field(None, alias="期后工作日", ge=1, le=260)
    last_day: Yes | None = Field(None, alias="期末")
    on: Day | None = Field(None, alias="日期")

    @model_validator(mode="after")
    def _exactly_one(self) -> "Due":
        if _written(self) != 1:
            raise ValueError("报送截止只能写一种:当月、次月、期后日、期后工作日、期末、日期")
        return self


class TextPart(StrEnum):
    """The three parts that a written report has."""

    PROGRESS = "工作落实情况"
    PROBLEMS = "存在问题"
    NEXT_STEPS = "下一步措施"


class Duty(Part):
    """What recurs: who owes what, how often, by when."""

    id: str = Field(alias="编号")
    name: str = Field(alias="名称")
    cite: str = Field(alias="依据")
    frequency: Frequency = Field(alias="周期")
    first: str | None = Field(None, alias="起始", description="第一个报告期,如 2010-07")
    last: str | None = Field(None, alias="终止", description="最后一个报告期")
    cumulative: bool = Field(False, alias="累计口径", description="true 时七月的报告期写作1—7月")
    due: Parameter[Due] = Field(alias="截止")
    grace_days: int = Field(0, alias="宽限日", ge=0)
    units: tuple[str, ...] = Field((), alias="承担单位", description="名册中的单位名称或类别;空为指标的承担单位")
    indicators: bool = Field(False, alias="报指标", description="true 时报本单位承担的各项指标")
    parts: tuple[TextPart, ...] = Field((), alias="文字部分", description="必须写的部分")
    sign_off: SignOff = Field(SignOff.NONE, alias="签发")
    review: bool = Field(False, alias="审核")
    ladder: str = Field(alias="阶梯")
    clauses: tuple[str, ...] = Field((), alias="条款", description="报送情况适用的条款编号")

    @model_validator(mode="after")
    def _periods_readable(self) -> "Duty":
        for name in (self.first, self.last):
            if name is None:
                continue
            try:
                period = Period.parse(name)
            except ValueError as error:
                raise ValueError(f"报告期 {name} 不存在,写法如 2026-07、2026-W10、2026Q3、2026H2、2026") from error
            if period.frequency is not self.frequency:
                raise ValueError(f"报告期 {name} 与周期“{self.frequency}”不符")
        return self


class StepKind(StrEnum):
    """The rungs of a ladder, gentlest first."""

    REMIND = "提醒"
    URGE = "催办"
    SUPERVISE = "督办"
    SPECIAL_ORDER = "专项督办令"
    CRITICISE = "通报"
    INTERVIEW = "约谈"


class Audience(StrEnum):
    """Who hears a step."""

    RESPONSIBLE = "填报人"
    HEAD = "主要负责人"
    LEADER = "分管领导"
    OFFICE = "考核办"


class Offset(Part):
    """When a step is reached, against the due day: exactly one form."""

    workdays_before: int | None = Field(None, alias="截止前工作日", ge=1)
    days_before: int | None = Field(None, alias="截止前日", ge=1)
    days_after: int | None = Field(None, alias="逾期日", ge=1)
    workdays_after: int | None = Field(None, alias="逾期工作日", ge=1)

    @model_validator(mode="after")
    def _exactly_one(self) -> "Offset":
        if _written(self) != 1:
            raise ValueError("时间只能写一种:截止前工作日、截止前日、逾期日、逾期工作日")
        return self

    @property
    def before_due(self) -> bool:
        """Whether the step comes before the due time."""
        return self.workdays_before is not None or self.days_before is not None


class Step(Part):
    """One rung: what, when, to whom."""

    kind: StepKind = Field(alias="步骤")
    when: Offset = Field(alias="时间")
    at: TimeOfDay = Field(time(9, 0), alias="时刻", json_schema_extra={"default": "09:00"})
    audience: tuple[Audience, ...] = Field((Audience.RESPONSIBLE,), alias="对象", min_length=1)


class Ladder(Part):
    """Timed steps round a due date; frozen into an obligation when it opens."""

    id: str = Field(alias="编号")
    steps: tuple[Step, ...] = Field(alias="各步")


class Window(Part):
    """Office hours of a workday, from `start` until `end` (exclusive)."""

    start: TimeOfDay = Field(alias="自")
    end: TimeOfDay = Field(alias="至")


OFFICE_HOURS = (Window(start=time(9, 0), end=time(11, 30)), Window(start=time(14, 0), end=time(17, 0)))


class Burden(Part):
    """Caps on what the bot starts by itself (office-practice: 减负)."""

    clerk_a_month: int = Field(3, alias="填报人每月", ge=1)
    leader_a_day: int = Field(1, alias="领导每日", ge=1)


class CapAt(StrEnum):
    """Where a cap acts (reading A3)."""

    TOTAL = "最终总分"
    RUNNING = "逐笔"


class Account(Part):
    """The frame of one kind of account."""

    subject: Subject = Field(alias="对象")
    base: Points = Field(Decimal(0), alias="基础分")
    cap: Points | None = Field(None, alias="封顶")
    cap_at: CapAt = Field(CapAt.TOTAL, alias="封顶方式")
    floor: Points | None = Field(None, alias="下限")
    cite: str = Field("", alias="依据")


class SameMatter(StrEnum):
    """How entries on one matter meet (reading A2)."""

    HIGHEST_SUBTOTAL = "同向取最大小计"
    ALL = "逐条累计"


class CountFrom(StrEnum):
    """Where −n a day after urging starts (reading A6)."""

    AFTER_FIRST_URGING = "首次催报次日"
    AFTER_DUE = "截止次日"


class Readings(Part):
    """Where a text leaves a choice open, which reading the office uses; answers name it."""

    same_matter: SameMatter = Field(SameMatter.HIGHEST_SUBTOTAL, alias="同一事项")
    count_from: CountFrom = Field(CountFrom.AFTER_FIRST_URGING, alias="催报计日")


class Category(Part):
    """A heading with full marks and its parts; parts that do not add up are warned of, never repaired."""

    name: str = Field(alias="名称")
    full: Points = Field(alias="满分")
    parts: Mapping[str, Points] = Field(default_factory=dict, alias="分项")
    cite: str = Field("", alias="依据")


Item = TypeVar("Item", Clause, Indicator, Duty, Ladder)


class Rulebook(Part):
    """One measure for one year. Cross references have been checked by rulebook_file.load."""

    id: str = Field(alias="编号")
    name: str = Field(alias="办法")
    version: str = Field(alias="版本")
    year: int = Field(alias="年度", ge=2000, le=2100)
    office: str = Field(alias="主管", description="名册中主管本办法的单位名称")
    source: str = Field(alias="出处")
    assessed: str | None = Field(None, alias="受评", description="整体受评的单位,如市对县考核中的县;空为各单位")
    accounts: tuple[Account, ...] = Field((), alias="记分")
    categories: tuple[Category, ...] = Field((), alias="大类")
    matter_classes: tuple[str, ...] = Field((), alias="事项类别")
    clauses: tuple[Clause, ...] = Field((), alias="条款")
    indicators: tuple[Indicator, ...] = Field((), alias="指标")
    duties: tuple[Duty, ...] = Field((), alias="报送任务")
    ladders: tuple[Ladder, ...] = Field((), alias="催办阶梯")
    matter_ladder: str | None = Field(None, alias="事项阶梯", description="交办事项用的催办阶梯编号")
    statement_workdays: Parameter[int] = Field(default_factory=lambda: Parameter[int](value=3), alias="情况说明工作日")
    keep_first_days: int = Field(3, alias="撤回保留日", ge=0, description="撤回后几日内重报仍按首次时间计")
    office_hours: tuple[Window, ...] = Field(OFFICE_HOURS, alias="办公时间", min_length=1)
    burden: Burden = Field(default_factory=Burden, alias="减负上限")
    readings: Readings = Field(default_factory=Readings, alias="读法")

    def clause(self, clause_id: str) -> Clause:
        """The clause with that id; KeyError if there is none."""
        return _by_id(self.clauses, clause_id)

    def indicator(self, indicator_id: str) -> Indicator:
        """The indicator with that id; KeyError if there is none."""
        return _by_id(self.indicators, indicator_id)

    def duty(self, duty_id: str) -> Duty:
        """The duty with that id; KeyError if there is none."""
        return _by_id(self.duties, duty_id)

    def ladder(self, ladder_id: str) -> Ladder:
        """The ladder with that id; KeyError if there is none."""
        return _by_id(self.ladders, ladder_id)

    def account(self, subject: Subject) -> Account | None:
        """The frame of accounts of that subject, or None where the measure has no such account."""
        return next((account for account in self.accounts if account.subject is subject), None)


def _by_id(items: tuple[Item, ...], wanted: str) -> Item:
    for item in items:
        if item.id == wanted:
            return item
    raise KeyError(wanted)
