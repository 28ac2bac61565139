"""The indicators 指标 of a rulebook: what is measured, its targets, and which way it improves."""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from assessment.parameter import Parameter, Part, Points
from assessment.scoring_ways import Way


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


class CohortsMake(StrEnum):
    """How the points of an indicator's cohorts make its points; no text says, so an office has to choose."""

    MEAN = "各组平均"
    LOWEST = "取最低组"
    SUM = "各组相加"


class Cohort(Part):
    """One cohort of an indicator (2007年 …) with its own targets."""

    name: str = Field(alias="名称", description="分组名称，如 2007年")
    base: Parameter[Decimal] = Field(
        default_factory=Parameter[Decimal], alias="基本任务", description="本组的基本任务数"
    )
    full: Parameter[Decimal] = Field(default_factory=Parameter[Decimal], alias="满分目标", description="本组得满分的数")


class Split(Part):
    """What one unit takes of an indicator's target."""

    unit: str = Field(alias="单位", description="名册中的单位名称")
    base: Parameter[Decimal] = Field(default_factory=Parameter[Decimal], alias="基本任务", description="该单位的任务数")
    full: Parameter[Decimal] = Field(
        default_factory=Parameter[Decimal], alias="满分目标", description="该单位得满分的数；空为不另定"
    )


class Indicator(Part):
    """What is measured, in `unit`; figures are exact decimals in that unit."""

    id: str = Field(alias="编号", description="全部指标中不得重复")
    name: str = Field(alias="名称", description="指标全称")
    aliases: tuple[str, ...] = Field((), alias="别名", description="报送时可用的简称；各指标之间不得相同")
    unit: str = Field(alias="单位", description="如 万元、%、亿美元、吨标准煤/万元、次")
    measure: Measure = Field(alias="类型", description="累计数有序时进度，比率没有")
    direction: Direction = Field(Direction.HIGHER, alias="方向", description="数值往哪边走算好")
    change_rate: bool = Field(False, alias="变化率", description="true 时“下降2.1%”读作负数")
    base: Parameter[Decimal] = Field(default_factory=Parameter[Decimal], alias="基本任务", description="得基本分的数")
    full: Parameter[Decimal] = Field(default_factory=Parameter[Decimal], alias="满分目标", description="得满分的数")
    base_points: Parameter[Points] = Field(
        default_factory=Parameter[Points], alias="基本分", description="完成基本任务得的分"
    )
    full_points: Parameter[Points] = Field(
        default_factory=Parameter[Points], alias="满分", description="达到满分目标得的分"
    )
    below_base: Parameter[Points] = Field(
        default_factory=Parameter[Points],
        alias="低于基本",
        description="低于基本任务扣几分，写负数；不写的得0分，原文说倒扣而未给分值的写 null",
    )
    curve: Parameter[Curve] = Field(
        default_factory=Parameter[Curve], alias="曲线", description="基本任务与满分目标之间如何折算"
    )
    forecast: bool = Field(True, alias="报预测", description="是否须报全年预测")
    cohorts: tuple[Cohort, ...] = Field(
        (), alias="分组", description="各组另有目标的指标；有分组的，基本任务和满分目标写在各组"
    )
    cohorts_make: Parameter[CohortsMake] = Field(
        default_factory=Parameter[CohortsMake],
        alias="分组合成",
        description="各组的得分怎样合成本项得分；原文未写的写 null，设定之前各组得分并列，本项不出得分",
    )
    way: Way | None = Field(None, alias="计分", description="另有计分方式的写在这里；空为按基本任务和满分目标计")
    category: str | None = Field(None, alias="大类", description="得分计入哪一大类；空为直接计入总分")
    headings: tuple[str, ...] = Field((), alias="归属", description="由大到小的各级标题，如 方面、重点考核事项")
    own_target: Parameter[Decimal] = Field(
        default_factory=Parameter[Decimal], alias="自定任务", description="本级年初自定的任务数"
    )
    assigned_target: Parameter[Decimal] = Field(
        default_factory=Parameter[Decimal],
        alias="下达任务",
        description="上级下达的任务数；与自定任务并存时按“读法”取一个作基本任务",
    )
    split: tuple[Split, ...] = Field((), alias="分解", description="分解到各单位的任务；合计应与基本任务相符")
    dual_split: tuple[Split, ...] = Field(
        (), alias="双向分解", description="同一任务另行落实到部门的部分；与“分解”不相加"
    )
    co_owners: tuple[str, ...] = Field((), alias="配合单位", description="配合的单位，不报数")
    published_by: str | None = Field(
        None,
        alias="数出",
        description="另由哪个单位出数，如统计部门：该单位也报，两数不一致的由考核办采用其一；空为只有报送数",
    )
    owners: tuple[str, ...] = Field(alias="承担单位", description="按先后，第一个牵头；写名册中的单位名称")
    cite: str = Field(alias="依据", description="在原文件中的条目")
    note: str | None = Field(None, alias="说明", description="原文对这项指标的说明，逐字照录")
