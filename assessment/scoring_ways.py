"""The closed list of ways 计分方式 in which an indicator earns points; what each needs is written in the rulebook.

An indicator without one is scored between 基本任务 and 满分目标 by its own fields. Whatever a source withholds is
a parameter: with one unset nothing is scored. What the ways compute stands in assessment.indicator_marks.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from assessment.clause import Range
from assessment.parameter import Day, Parameter, Part, Points

Figure = Parameter[Decimal]
Worth = Parameter[Points]


class SubCount(Part):
    """A part of a count that has a minimum of its own (其中扩大学习不少于4次)."""

    name: str = Field(alias="名称", description="其中的哪一种")
    at_least: Figure = Field(default_factory=Figure, alias="至少", description="全年至少几次")


class CountMin(Part):
    """At least so many times a year, with parts and a place for each month."""

    way: Literal["达到次数"] = Field(alias="方式", description="全年达到规定次数")
    at_least: Figure = Field(default_factory=Figure, alias="至少", description="全年至少几次")
    parts: tuple[SubCount, ...] = Field((), alias="其中", description="其中另有最低次数的各种")
    monthly: bool = Field(False, alias="每月一次", description="true 时每个月都须有，不得以别月补足")
    full: Worth = Field(default_factory=Worth, alias="达到得分", description="全部达到得几分")
    each_missing: Worth = Field(
        default_factory=Worth,
        alias="每缺一次",
        description="每缺一次扣几分，写负数，从达到得分扣完为止；不写的，缺一次即得0分",
    )


class Threshold(Part):
    """One line: reached or not."""

    way: Literal["达标"] = Field(alias="方式", description="达到标准与否")
    standard: Figure = Field(default_factory=Figure, alias="标准", description="须达到的数（含）")
    reached: Worth = Field(default_factory=Worth, alias="达标分", description="达到得几分；不写的得0分")
    missed: Worth = Field(default_factory=Worth, alias="未达标分", description="未达到得几分，扣分写负数；不写的得0分")


class RatioOfTarget(Part):
    """Points in proportion to the completed share of a target."""

    way: Literal["完成比例"] = Field(alias="方式", description="按完成比例得分")
    target: Figure = Field(default_factory=Figure, alias="目标", description="全年目标数")
    full: Worth = Field(default_factory=Worth, alias="满分", description="完成目标得几分")
    most: Worth = Field(
        default_factory=Worth, alias="最高", description="超额完成最高得几分；不写的为满分，写 null 的为未设定"
    )


class RatedPlus(Part):
    """Rated points for the standard, and an add-on for what exceeds it."""

    way: Literal["额定加附加"] = Field(alias="方式", description="额定分之外另有附加分")
    standard: Figure = Field(default_factory=Figure, alias="标准", description="得额定分的数")
    rated: Worth = Field(default_factory=Worth, alias="额定分", description="达到标准得几分")
    each_more: Worth = Field(default_factory=Worth, alias="每超一", description="每超出一个整单位加几分")
    most_more: Worth = Field(
        default_factory=Worth, alias="附加上限", description="附加分最多几分；不写的不限，写 null 的为未设定"
    )


class Choice(Part):
    """One of several levels, and what it is worth."""

    name: str = Field(alias="名称", description="这一档的称呼")
    points: Worth = Field(default_factory=Worth, alias="分值", description="选这一档得几分，扣分写负数")


class OneOf(Part):
    """Levels of which the office chooses exactly one (规范 +1, 不规范 −0.5, 未建 −2)."""

    way: Literal["分档"] = Field(alias="方式", description="几档只能选一档")
    choices: tuple[Choice, ...] = Field(alias="各档", description="由考核办选定其中一档", min_length=2)


class DeductOnly(Part):
    """Only ever takes off (倒扣分项): without an occurrence 0, never more."""

    way: Literal["倒扣"] = Field(alias="方式", description="只扣不加")
    each: Worth = Field(default_factory=Worth, alias="每次", description="每发生一次扣几分，写负数")
    lowest: Worth = Field(
        default_factory=Worth, alias="最多扣", description="最多扣到几分，写负数；不写的不限，写 null 的为未设定"
    )


class DeductFromFull(Part):
    """Starts at full marks; each occurrence takes off, down to 0."""

    way: Literal["满分扣减"] = Field(alias="方式", description="从满分往下扣，扣完为止")
    full: Worth = Field(default_factory=Worth, alias="满分", description="没有扣分时得几分")
    each: Worth = Field(default_factory=Worth, alias="每次", description="每发生一次扣几分，写负数")


class FullIfNoTask(Part):
    """Full marks where there was nothing to do; otherwise each task not done as required takes off, down to 0."""

    way: Literal["无任务计满"] = Field(alias="方式", description="没有任务的得满分")
    full: Worth = Field(default_factory=Worth, alias="满分", description="没有任务、或全部按要求办理得几分")
    each: Worth = Field(default_factory=Worth, alias="每次", description="每件未按要求办理扣几分，写负数")


class Discretion(Part):
    """The office chooses inside printed bounds, with a reason."""

    way: Literal["酌情"] = Field(alias="方式", description="由考核办在幅度内酌定")
    span: Range = Field(alias="幅度", description="可以给的分数范围")


class TimeLimit(Part):
    """Done by a day, or late."""

    way: Literal["时限"] = Field(alias="方式", description="按完成时间计分")
    by: Parameter[Day] = Field(default_factory=Parameter[Day], alias="期限", description="最迟完成日，当日24:00止")
    in_time: Worth = Field(default_factory=Worth, alias="按时分", description="按时完成得几分；不写的得0分")
    late: Worth = Field(default_factory=Worth, alias="逾期分", description="逾期完成得几分；不写的得0分")
    each_day: Worth = Field(
        default_factory=Worth,
        alias="每逾期一日",
        description="每逾期一日再扣几分，写负数；不写的不按日，写 null 的为未设定",
    )


class Judged(Part):
    """A judgement 定性: a person gives a value up to full marks, or one of the levels; it is never computed."""

    way: Literal["定性"] = Field(alias="方式", description="由评定人给分或评定等级")
    full: Worth = Field(default_factory=Worth, alias="满分", description="最高几分")
    levels: tuple[Choice, ...] = Field((), alias="等级", description="只能评这几级时写；空为直接给分")


class Rater(Part):
    """Who rates, and what the rating weighs (1 is the whole)."""

    name: str = Field(alias="名称", description="评议的一方")
    weight: Figure = Field(default_factory=Figure, alias="权重", description="所占份额，如 0.5；原文未给的写 null")


class Panel(Part):
    """Several raters, each with a weight; without all weights there is no result."""

    way: Literal["评议"] = Field(alias="方式", description="几方评议，按权重合成")
    full: Worth = Field(default_factory=Worth, alias="满分", description="评议满分")
    raters: tuple[Rater, ...] = Field(alias="评议方", description="各方及其权重", min_length=1)


class GrowthBy(StrEnum):
    """What growth is measured by."""

    INCREMENT = "增量"
    RATE = "增幅"


class Growth(Part):
    """Against last year: by the increment, or by its rate in per cent."""

    way: Literal["增长"] = Field(alias="方式", description="与上年比")
    by: GrowthBy = Field(GrowthBy.INCREMENT, alias="比", description="比增量（数），还是比增幅（百分数）")
    target: Figure = Field(
        default_factory=Figure,
        alias="目标",
        description="增量或增幅的目标；另有任务数（分解、自定、下达）的折合成增量或增幅，取较高的一个",
    )
    full: Worth = Field(default_factory=Worth, alias="满分", description="达到目标得几分；不足的按比例，不增长得0分")


class VerifiedSum(Part):
    """A sum of vouchers that were looked at; one voucher of a report counts once."""

    way: Literal["核实合计"] = Field(alias="方式", description="按核实的凭据合计")
    target: Figure = Field(default_factory=Figure, alias="目标", description="目标数")
    full: Worth = Field(default_factory=Worth, alias="满分", description="达到目标得几分；不足的按比例")


class Block(Part):
    """One part of a whole, and its share (1 is the whole)."""

    name: str = Field(alias="名称", description="这一块的名称")
    weight: Figure = Field(default_factory=Figure, alias="权重", description="所占份额，如 0.25；原文未给的写 null")


class Blocks(Part):
    """Blocks with weights, each with a value of its own; without all of both there is no total."""

    way: Literal["分块"] = Field(alias="方式", description="几块按权重合成")
    full: Worth = Field(default_factory=Worth, alias="满分", description="各块的满分")
    blocks: tuple[Block, ...] = Field(alias="各块", description="各块及其权重", min_length=1)


Way = Annotated[
    CountMin
    | Threshold
    | RatioOfTarget
    | RatedPlus
    | OneOf
    | DeductOnly
    | DeductFromFull
    | FullIfNoTask
    | Discretion
    | TimeLimit
    | Judged
    | Panel
    | Growth
    | VerifiedSum
    | Blocks,
    Field(discriminator="way"),
]
