"""The rulebook 考核办法 as data: what an office's measure says, each rule with its citation.

Files have Chinese keys (the aliases below); Python has English names. A number that the source text
withholds is `null`, and nothing is scored by it; a stand-in bears its reason and is shown with ◇.
Its clauses, duties, indicators and ladders have files of their own; readers import them from here.
"""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from pydantic import Field

from assessment.clause import Clause, Flag, Per, Range, Share, Subject, Timing, Trigger
from assessment.duty import Due, Duty, SignOff, TextPart
from assessment.indicator import Cohort, Curve, Direction, Indicator, Measure
from assessment.parameter import Parameter, Part, Points, TimeOfDay
from assessment.rungs import Audience, Ladder, Offset, Step, StepKind

__all__ = [
    "OFFICE_HOURS",
    "Account",
    "Audience",
    "Burden",
    "CapAt",
    "Category",
    "Clause",
    "Cohort",
    "CountFrom",
    "Curve",
    "Direction",
    "Due",
    "Duty",
    "Flag",
    "Indicator",
    "Ladder",
    "Measure",
    "Offset",
    "Parameter",
    "Part",
    "Per",
    "Points",
    "Range",
    "Readings",
    "Rulebook",
    "Said",
    "SameMatter",
    "Share",
    "SignOff",
    "Step",
    "StepKind",
    "Subject",
    "TextPart",
    "Timing",
    "Trigger",
    "Window",
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


class CapAt(StrEnum):
    """Where a cap acts (reading A3)."""

    TOTAL = "最终总分"
    RUNNING = "逐笔"


class Account(Part):
    """The frame of one kind of account."""

    subject: Subject = Field(alias="对象", description="哪类账户")
    base: Points = Field(Decimal(0), alias="基础分", description="从多少分起记")
    cap: Points | None = Field(None, alias="封顶", description="最高多少分；空为不封顶")
    cap_at: CapAt = Field(CapAt.TOTAL, alias="封顶方式", description="封顶作用于最终总分，还是逐笔作用")
    floor: Points | None = Field(None, alias="下限", description="最低多少分；空为不设")
    cite: str = Field("", alias="依据", description="在原文件中的条目")


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

    same_matter: SameMatter = Field(
        SameMatter.HIGHEST_SUBTOTAL, alias="同一事项", description="同一事项的几笔分如何合计"
    )
    count_from: CountFrom = Field(
        CountFrom.AFTER_FIRST_URGING, alias="催报计日", description="“每延迟一天”从哪一天算起"
    )


class Category(Part):
    """A heading with full marks and its parts; parts that do not add up are warned of, never repaired."""

    name: str = Field(alias="名称", description="大类名称")
    full: Points = Field(alias="满分", description="标题所写的满分")
    parts: Mapping[str, Points] = Field(
        default_factory=dict, alias="分项", description="各分项及其分数；与满分不符时只提示，不改动"
    )
    cite: str = Field("", alias="依据", description="在原文件中的条目")


Item = TypeVar("Item", Clause, Indicator, Duty, Ladder)


class Said(Part):
    """A sentence of the source about the whole, word for word: quoted beside what is held by name, never computed."""

    text: str = Field(alias="原文", description="逐字照录")
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
    statement_workdays: Parameter[int] = Field(
        default_factory=lambda: Parameter[int](value=3),
        alias="情况说明工作日",
        description="拟扣分后，单位可在几个工作日内说明情况",
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
