"""The reporting duties 报送任务 of a rulebook: what recurs, who owes it, by when."""

from enum import StrEnum

from pydantic import Field, model_validator

from assessment.parameter import Day, Parameter, Part, Yes, number_written
from assessment.periods import Frequency, Period


class SignOff(StrEnum):
    """Whose signature makes a report a report."""

    NONE = "无"
    DEPUTY = "分管负责人"
    HEAD = "主要负责人"


class Due(Part):
    """A due rule: exactly one of the forms below; the day counts until 24:00."""

    day_of_month: int | None = Field(
        None, alias="当月", description="报告期所在月的几日；超过月底的按月底", ge=1, le=31
    )
    day_of_next_month: int | None = Field(
        None, alias="次月", description="报告期次月的几日；超过月底的按月底", ge=1, le=31
    )
    days_after: int | None = Field(None, alias="期后日", description="报告期结束后第几个日历日", ge=0, le=366)
    workdays_after: int | None = Field(None, alias="期后工作日", description="报告期结束后第几个工作日", ge=1, le=260)
    last_day: Yes | None = Field(None, alias="期末", description="写 true：报告期最后一日")
    on: Day | None = Field(None, alias="日期", description="指定的某一日，如 2010-09-05")
    after_event: int | None = Field(
        None, alias="事件后日", description="“事件”之后第几个日历日；事件的日期由考核办记录", ge=0, le=366
    )
    before_event: int | None = Field(
        None, alias="事件前日", description="“事件”之前第几个日历日；事件的日期由考核办记录", ge=0, le=366
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "Due":
        if number_written(self) != 1:
            raise ValueError("报送截止只能写其中一项：当月、次月、期后日、期后工作日、期末、日期、事件后日、事件前日")
        return self


class TextPart(StrEnum):
    """The three parts that a written report has."""

    PROGRESS = "工作落实情况"
    PROBLEMS = "存在问题"
    NEXT_STEPS = "下一步措施"


class Duty(Part):
    """What recurs: who owes what, how often, by when."""

    id: str = Field(alias="编号", description="全部报送任务中不得重复")
    name: str = Field(alias="名称", description="通知中的称呼")
    cite: str = Field(alias="依据", description="在原文件中的条目")
    frequency: Frequency = Field(alias="周期", description="多久报一次")
    first: str | None = Field(None, alias="起始", description="第一个报告期，如 2010-07")
    last: str | None = Field(None, alias="终止", description="最后一个报告期")
    cumulative: bool = Field(False, alias="累计口径", description="true 时七月的报告期写作1—7月")
    due: Parameter[Due] = Field(alias="截止", description="当日24:00止；未设定的不布置")
    grace_days: int = Field(
        0, alias="宽限日", description="截止后几个日历日内不催报、不拟扣，但仍记为逾期", ge=0, le=366
    )
    units: tuple[str, ...] = Field((), alias="承担单位", description="名册中的单位名称或类别；空为指标的承担单位")
    indicators: bool = Field(False, alias="报指标", description="true 时报本单位承担的各项指标")
    parts: tuple[TextPart, ...] = Field((), alias="文字部分", description="必须写的部分")
    required: tuple[str, ...] = Field(
        (), alias="必写", description="另须写明的各项，写“名称:内容”，如 目标任务、时间进度；缺的会请补"
    )
    files: bool = Field(False, alias="附件", description="true 时须附材料才算报齐")
    self_score: bool = Field(False, alias="自评", description="true 时按各大类自评打分，合计须与各项相符")
    event: str | None = Field(None, alias="事件", description="截止按事件计时，是哪一件事，如 考核组进驻")
    every_years: int = Field(1, alias="每几年", ge=1, description="每几年一次；大于1时从“起始”所在年起算")
    upper: bool = Field(False, alias="上报", description="true 时是主管单位自己向上级报送，截止应晚于下级")
    sign_off: SignOff = Field(SignOff.NONE, alias="签发", description="由谁签发后才算报送")
    review: bool = Field(False, alias="审核", description="true 时报送后由考核办审核，可退回")
    review_chain: tuple[str, ...] = Field(
        (),
        alias="审核链",
        description="考核办通过后依次再审核的单位，如 县委办；任一环节退回即退给报送单位；"
        "本单位的报送本单位不审核，直接转下一环节",
    )
    ladder: str = Field(alias="阶梯", description="所用催办阶梯的编号")
    clauses: tuple[str, ...] = Field((), alias="条款", description="报送情况适用的条款编号")

    def title(self, period: Period) -> str:
        """What it is called in one period: 1—7月某报告. A name that says its period itself is left as it is."""
        label = period.label(cumulative=self.cumulative)
        return self.name if self.name.startswith(label) else f"{label}{self.name}"

    @model_validator(mode="after")
    def _chain_is_reviewed(self) -> "Duty":
        if self.review_chain and not self.review:
            raise ValueError("写了“审核链”的，“审核”须为true")
        return self

    @model_validator(mode="after")
    def _periods_readable(self) -> "Duty":
        for name in (self.first, self.last):
            if name is None:
                continue
            try:
                period = Period.parse(name)
            except ValueError as error:
                raise ValueError(f"报告期 {name} 不存在，写法如 2026-07、2026-W10、2026Q3、2026H2、2026") from error
            if period.frequency is not self.frequency:
                raise ValueError(f"报告期 {name} 与周期“{self.frequency}”不符")
        return self
