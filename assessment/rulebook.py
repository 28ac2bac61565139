"""The rulebook 考核办法 as data: what an office's measure says, each rule with its citation.

Files have Chinese keys (the aliases below); Python has English names. A number that the source text
withholds is `null`, and nothing is scored by it; a stand-in bears its reason and is shown with ◇.
Its clauses, duties, indicators and ladders have files of their own; readers import them from here.
"""

from datetime import time
from typing import TypeVar

from pydantic import Field

from assessment.accounts import Account, CapAt, Category, CategoryCount
from assessment.clause import Clause, Flag, Per, Range, Share, Subject, Timing, Trigger
from assessment.duty import Due, Duty, SignOff, TextPart
from assessment.indicator import Cohort, Curve, Direction, Indicator, Measure, Split
from assessment.parameter import Day, Parameter, Part, Points, TimeOfDay
from assessment.periods import Period
from assessment.readings import BothTargets, CountFrom, Readings, SameMatter
from assessment.rungs import Audience, Ladder, Offset, Step, StepKind
from assessment.year_rules import (
    Award,
    Composite,
    Consequence,
    Extension,
    Grading,
    Letter,
    PartOfYear,
    Rectification,
    Stage,
)

__all__ = [
    "OFFICE_HOURS",
    "Account",
    "Audience",
    "Award",
    "BothTargets",
    "Burden",
    "CapAt",
    "Category",
    "CategoryCount",
    "Clause",
    "Cohort",
    "Composite",
    "Consequence",
    "CountFrom",
    "Curve",
    "Direction",
    "Doubt",
    "Due",
    "Duty",
    "Extension",
    "Flag",
    "Grading",
    "Indicator",
    "Ladder",
    "Letter",
    "Measure",
    "Offset",
    "Parameter",
    "Part",
    "PartOfYear",
    "Per",
    "Points",
    "Range",
    "Readings",
    "Rectification",
    "Rulebook",
    "Said",
    "SameMatter",
    "Share",
    "SignOff",
    "Split",
    "Stage",
    "Step",
    "StepKind",
    "Subject",
    "TextPart",
    "Timing",
    "Trigger",
    "Window",
    "settling_clause",
]


class Window(Part):
    """Office hours of a workday, from `start` until `end` (exclusive)."""

    start: TimeOfDay = Field(alias="自", description="开始（含）")
    end: TimeOfDay = Field(alias="至", description="结束（不含）")


OFFICE_HOURS = (Window(start=time(9, 0), end=time(11, 30)), Window(start=time(14, 0), end=time(17, 0)))


class Burden(Part):
    """Caps on what the bot starts by itself (office-practice: 减负)."""

    clerk_a_month: int = Field(3, alias="填报人每月", description="每月最多几次由系统主动联系填报人", ge=1)
    leader_a_day: int = Field(1, alias="领导每日", description="每日最多几次由系统主动联系领导", ge=1)


Item = TypeVar("Item", Clause, Indicator, Duty, Ladder, Stage)


class Said(Part):
    """A sentence of the source about the whole, word for word: quoted beside what is held by name, never computed."""

    text: str = Field(alias="原文", description="逐字照录")
    cite: str = Field(alias="依据", description="在原文件中的条目")


class Doubt(Part):
    """Where a source contradicts itself or leaves open what it means: known, decided, and told at every loading."""

    id: str = Field(alias="编号", description="登记的号，如 X7")
    what: str = Field(alias="内容", description="原文哪里自相矛盾，或有哪几种读法")
    handling: str = Field(alias="处理", description="现在按哪一种办，或须由谁决定")
    cite: str = Field(alias="依据", description="在原文件中的条目")


class Rulebook(Part):
    """One measure for one year. Cross references have been checked by rulebook_file.load."""

    id: str = Field(alias="编号", description="本办法的代号，不同办法不得相同")
    name: str = Field(alias="办法", description="办法的名称")
    version: str = Field(alias="版本", description="哪一版，如 2010-09、试行")
    year: int = Field(alias="年度", description="适用的年度", ge=2000, le=2100)
    office: str = Field(alias="主管", description="名册中主管本办法的单位名称")
    source: str = Field(alias="出处", description="原文件的名称")
    said: tuple[Said, ...] = Field((), alias="综述", description="出处中的总体判断，照录，只供引用，不作计算")
    assessed: str | None = Field(None, alias="受评", description="整体受评的单位，如市对县考核中的县；空为各单位")
    accounts: tuple[Account, ...] = Field((), alias="记分", description="各类账户的基础分、封顶和下限")
    categories: tuple[Category, ...] = Field((), alias="大类", description="办法的大类及其满分")
    matter_classes: tuple[str, ...] = Field((), alias="事项类别", description="交办事项可归入的类别")
    clauses: tuple[Clause, ...] = Field((), alias="条款", description="加分、扣分的各条")
    indicators: tuple[Indicator, ...] = Field((), alias="指标", description="考核的各项指标")
    duties: tuple[Duty, ...] = Field((), alias="报送任务", description="定期报送的各项任务")
    ladders: tuple[Ladder, ...] = Field((), alias="催办阶梯", description="何时提醒、催办、督办谁")
    matter_ladder: str | None = Field(None, alias="事项阶梯", description="交办事项用的催办阶梯编号")
    stages: tuple[Stage, ...] = Field((), alias="阶段", description="考核的各个环节，按先后；各有各的一栏分，不相混")
    composite: Composite | None = Field(None, alias="综合", description="各阶段如何合成一个得分；空为不合成")
    parts_of_year: tuple[PartOfYear, ...] = Field(
        (), alias="分期", description="年度之外单独结算、审定和公布的各期，与年度并列，不计入年度；空为只结算年度"
    )
    grading: Grading | None = Field(None, alias="等次", description="评哪几等，怎样评")
    consequences: tuple[Consequence, ...] = Field((), alias="后果", description="由等次或标记引起的后续事项")
    approval: bool = Field(
        False, alias="审定", description="true 时，核定之后须经领导小组审定（由其秘书登记）才记入台账"
    )
    embargo: bool = Field(False, alias="公布前保密", description="true 时，年度结果公布之前各单位不能查得分和名次")
    awards: tuple[Award, ...] = Field((), alias="奖励", description="奖项、名额和金额")
    rectification: Rectification | None = Field(None, alias="整改", description="问题整改和销号的要求")
    letter: Letter | None = Field(None, alias="责任书", description="年初由各单位主要负责人签署的责任书")
    extension: Extension | None = Field(None, alias="延期", description="可否申请延期；空为本办法没有延期的规定")
    frozen_until: Day | None = Field(None, alias="冻结至", description="这一日之前（含）不改办法，修改意见列入下一年度")
    statement_workdays: Parameter[int] = Field(
        default_factory=lambda: Parameter[int](value=3),
        alias="情况说明工作日",
        description="拟扣分后，单位可在几个工作日内说明情况",
    )
    appeal_workdays: Parameter[int] = Field(
        default_factory=Parameter[int],
        alias="申诉答复工作日",
        description="对一条记分的申诉，考核办须在几个工作日内答复；空为由考核办逐件另定",
    )
    keep_first_days: int = Field(3, alias="撤回保留日", ge=0, description="撤回后几日内重报仍按首次时间计")
    reversal_by_two: Points | None = Field(
        None, alias="更正须双人", description="多少分（含）以上的更正分须考核办另一人同意；0为一律，空为不须"
    )
    office_hours: tuple[Window, ...] = Field(
        OFFICE_HOURS, alias="办公时间", description="系统只在此时间内主动发消息", min_length=1
    )
    burden: Burden = Field(default_factory=Burden, alias="减负上限", description="由系统主动联系的次数上限")
    readings: Readings = Field(default_factory=Readings, alias="读法", description="原文留有余地之处按哪种读法")
    doubts: tuple[Doubt, ...] = Field((), alias="存疑", description="原文的矛盾和疑点，每次载入都提示")

    def clause(self, clause_id: str) -> Clause:
        """The clause with that id, or what stands for the indicator with that id at 结算; KeyError if there is none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        return settling_clause(self.indicator(clause_id))

    def settles(self, period: Period) -> bool:
        """Whether that part of this year is settled by itself."""
        return period.year == self.year and any(part.has(period) for part in self.parts_of_year)

    def stage(self, stage_id: str) -> Stage:
        """The stage with that id; KeyError if there is none."""
        return _by_id(self.stages, stage_id)

    def category(self, name: str) -> Category:
        """The category of that name; KeyError if there is none."""
        for category in self.categories:
            if category.name == name:
                return category
        raise KeyError(name)

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


def settling_clause(indicator: Indicator) -> Clause:
    """The clause under which an indicator's points stand in the ledger."""
    return Clause(
        id=indicator.id,
        name=indicator.name,
        text=indicator.note or indicator.name,
        cite=indicator.cite,
        trigger=Trigger.SETTLED,
        per=Per.ONCE,
        category=indicator.category,
    )


def _by_id(items: tuple[Item, ...], wanted: str) -> Item:
    for item in items:
        if item.id == wanted:
            return item
    raise KeyError(wanted)
