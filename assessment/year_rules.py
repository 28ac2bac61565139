"""What a rulebook says of the year as a whole: stages, composite, grades, consequences, awards, letters, extensions.

The stages' values stand side by side and are merged only by a formula that the office has set.
"""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field, model_validator

from assessment.clause import Flag
from assessment.duty import Due, SignOff
from assessment.parameter import Parameter, Part, Points
from assessment.periods import Frequency, Period


class By(StrEnum):
    """Who gives the values of a stage."""

    UNIT = "单位"
    DEPARTMENT = "牵头部门"
    ASSESSORS = "考核组"
    OFFICE = "考核办"


class Stage(Part):
    """One step of the assessment, with a column of values of its own; stages follow one another as written."""

    id: str = Field(alias="编号", description="全部阶段中不得重复")
    name: str = Field(alias="名称", description="如 自查评分、部门评审")
    cite: str = Field(alias="依据", description="在原文件中的条目")
    by: By = Field(alias="由", description="由谁给分")
    sign_off: SignOff = Field(SignOff.NONE, alias="签发", description="由谁签发后才算完成")
    required: tuple[str, ...] = Field((), alias="必备", description="须一并报送的材料，如 总结报告、佐证材料")
    due: Parameter[Due] = Field(
        default_factory=Parameter[Due], alias="截止", description="当日24:00止；空为由考核办另定"
    )
    reference_only: bool = Field(False, alias="仅供参考", description="true 时只并列显示，不进入综合得分")


class Weight(Part):
    """One stage's share in the composite."""

    stage: str = Field(alias="阶段", description="阶段的编号")
    weight: Parameter[Decimal] = Field(
        default_factory=Parameter[Decimal], alias="权重", description="所占份额，如 0.4；原文未给的写 null"
    )


class Composite(Part):
    """How the stages become one score: one stage's value, or shares of several. Without it there is no composite."""

    take: str | None = Field(None, alias="取", description="以哪一阶段的分为准，写其编号")
    weights: tuple[Weight, ...] = Field((), alias="加权", description="各阶段按权重合成")
    cite: str = Field("", alias="依据", description="在原文件中的条目；由考核办自定的写明文号")

    @model_validator(mode="after")
    def _one_form(self) -> "Composite":
        if (self.take is None) == (not self.weights):
            raise ValueError("“取”与“加权”须写其中一项，也只能写一项")
        return self


class PartOfYear(Part):
    """Parts of the year that are settled and published by themselves; they stand beside the year and never in it."""

    frequency: Frequency = Field(alias="周期", description="半年、季或月；各期都自年初计到期末")
    only: tuple[int, ...] = Field((), alias="只限", description="只结算第几期，如只有上半年写 [1]；空为各期都结算")
    cite: str = Field(alias="依据", description="在原文件中的条目；由考核办自定的写明文号")

    @model_validator(mode="after")
    def _parts_that_there_are(self) -> "PartOfYear":
        number = {Frequency.HALF: 2, Frequency.QUARTER: 4, Frequency.MONTH: 12}.get(self.frequency, 0)
        if not number:
            raise ValueError("“周期”须写半年、季或月：年度总是结算的，周不结算")
        if not set(self.only) <= set(range(1, number + 1)):
            raise ValueError(f"“只限”须是1至{number}")
        return self

    def has(self, period: Period) -> bool:
        """Whether that period is settled by itself."""
        return period.frequency is self.frequency and (not self.only or period.index in self.only)


class GradedBy(StrEnum):
    """How grades come about."""

    JUDGEMENT = "评定"
    CONDITIONS = "条件"


class Grade(Part):
    """One grade, best first; by conditions all that are written must hold."""

    name: str = Field(alias="名称", description="如 优秀、较好")
    at_least: Parameter[Points] = Field(
        default_factory=Parameter[Points], alias="得分不低于", description="含本数；空为不论"
    )
    rank_within: Parameter[int] = Field(
        default_factory=Parameter[int], alias="名次在前", description="前几名（含）；空为不论"
    )
    quota: Parameter[int] = Field(default_factory=Parameter[int], alias="名额", description="最多几个；空为不限")
    without: tuple[Flag, ...] = Field((), alias="不得有", description="有这些标记的不能评为本等")


class Grading(Part):
    """The grades of the measure."""

    by: GradedBy = Field(
        alias="方式", description="“评定”由考核办逐个评定，系统不推算；“条件”按各等次的条件列出，仍由考核办确定"
    )
    grades: tuple[Grade, ...] = Field(alias="各等", description="由高到低", min_length=1)
    circle: str = Field(
        "", alias="知悉范围", description="公布后哪些单位可看全部结果；空为公布后各受评单位可看本单位的结果"
    )
    cite: str = Field("", alias="依据", description="在原文件中的条目")


class Act(StrEnum):
    """What a consequence brings about. What only people may do is a task for them, never done by the system."""

    INTERVIEW = "约谈"
    REPORT = "书面报告"
    RECTIFY = "整改"
    TASK = "待办"
    CIRCULAR = "通报"
    REWARD = "奖励"


class Consequence(Part):
    """What follows from a grade, a flag, the publication or another consequence, with its own time limit."""

    id: str = Field(alias="编号", description="全部后果中不得重复")
    cite: str = Field(alias="依据", description="在原文件中的条目")
    text: str = Field(alias="原文", description="逐字照录")
    grade: str | None = Field(None, alias="等次", description="由哪一等次引起")
    flag: Flag | None = Field(None, alias="标记", description="由哪种标记引起")
    after: str | None = Field(None, alias="在后", description="在哪一后果办结之后，写其编号；期限自办结之日起算")
    published: bool = Field(False, alias="公布", description="由年度结果公布引起，如抄送组织部门；只办一次")
    act: Act = Field(alias="办理", description="办什么")
    name: str = Field(alias="名称", description="通知中的称呼")
    days: Parameter[int] = Field(
        default_factory=Parameter[int],
        alias="期限日",
        description="起算之日后第几个日历日；原文未给的写 null，由考核办设定",
    )
    required: tuple[str, ...] = Field((), alias="必写", description="书面报告必须写明的内容，缺一退回")

    @model_validator(mode="after")
    def _one_cause(self) -> "Consequence":
        if sum(cause is not None for cause in (self.grade, self.flag, self.after)) + self.published != 1:
            raise ValueError("“等次”“标记”“在后”“公布”须写其中一项，也只能写一项")
        return self


class Award(Part):
    """An award with its quota and money; the system lists, people award."""

    name: str = Field(alias="名称", description="奖项")
    to: str = Field(alias="对象", description="授予哪一类，如 市州、乡镇、个人")
    grade: str | None = Field(None, alias="等次", description="授予哪一等次；空为另行评选")
    quota: Parameter[int] = Field(default_factory=Parameter[int], alias="名额", description="几个；原文未给的写 null")
    amount: Parameter[Decimal] = Field(
        default_factory=Parameter[Decimal], alias="金额", description="每个多少，单位见“币值”；原文未给的写 null"
    )
    currency: str = Field("万元", alias="币值", description="金额的单位")
    every_years: int = Field(1, alias="每几年", ge=1, description="每几年评一次")
    from_year: int | None = Field(None, alias="起年", description="哪一年起算；“每几年”大于1时必写")
    cite: str = Field(alias="依据", description="在原文件中的条目")

    @model_validator(mode="after")
    def _counted_from(self) -> "Award":
        if self.every_years > 1 and self.from_year is None:
            raise ValueError("“每几年”大于1时须写“起年”")
        return self


class Extension(Part):
    """延期 of one item: how often, and for how long at most."""

    times: int = Field(alias="每项次数", ge=1, description="同一项最多准予延期几次")
    longest_days: int | None = Field(None, alias="最长日", ge=1, description="每次最多延几个日历日；空为由考核办定")
    cite: str = Field("", alias="依据", description="在原文件中的条目")


class Letter(Part):
    """责任书: what the heads sign when the year opens."""

    name: str = Field("责任书", alias="名称", description="如 目标责任书、责任状")
    due: Parameter[Due] = Field(
        default_factory=Parameter[Due], alias="截止", description="最迟签署日；空为由考核办另定"
    )
    cite: str = Field("", alias="依据", description="在原文件中的条目")


class Rectification(Part):
    """整改 and 销号: the kinds of problems, and what an item must say."""

    kinds: tuple[str, ...] = Field((), alias="类型", description="问题的类型，如 资料缺失、进度缓慢")
    required: tuple[str, ...] = Field(
        (), alias="必填", description="每一项须逐一明确的内容，如 责任领导、责任部门、整改时限、整改措施"
    )
    unattainable: str | None = Field(None, alias="无法完成", description="哪一类型是确实无法完成：不再催完成，只催说明")
    ladder: str | None = Field(None, alias="阶梯", description="所用催办阶梯的编号")
    cite: str = Field("", alias="依据", description="在原文件中的条目")
