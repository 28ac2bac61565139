"""The ladders 催办阶梯 of a rulebook as written; when their steps are reached is assessment/ladder."""

from datetime import time
from enum import StrEnum

from pydantic import Field, model_validator

from assessment.parameter import Part, TimeOfDay, number_written


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

    workdays_before: int | None = Field(None, alias="截止前工作日", description="截止之前第几个工作日", ge=1, le=260)
    days_before: int | None = Field(None, alias="截止前日", description="截止之前第几个日历日", ge=1, le=366)
    days_after: int | None = Field(None, alias="逾期日", description="截止（含宽限）之后第几个日历日", ge=1, le=366)
    workdays_after: int | None = Field(
        None, alias="逾期工作日", description="截止（含宽限）之后第几个工作日", ge=1, le=260
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "Offset":
        if number_written(self) != 1:
            raise ValueError("时间只能写其中一项：截止前工作日、截止前日、逾期日、逾期工作日")
        return self

    @property
    def before_due(self) -> bool:
        """Whether the step comes before the due time."""
        return self.workdays_before is not None or self.days_before is not None


class Step(Part):
    """One rung: what, when, to whom."""

    kind: StepKind = Field(alias="步骤", description="这一步做什么，由轻到重")
    when: Offset = Field(alias="时间", description="何时到这一步；截止前遇休息日提前，截止后遇休息日顺延")
    at: TimeOfDay = Field(
        time(9, 0), alias="时刻", description="当日几时；不在办公时间内的顺延", json_schema_extra={"default": "09:00"}
    )
    audience: tuple[Audience, ...] = Field((Audience.RESPONSIBLE,), alias="对象", description="发给谁", min_length=1)


class Ladder(Part):
    """Timed steps round a due date; frozen into an obligation when it opens."""

    id: str = Field(alias="编号", description="全部催办阶梯中不得重复")
    steps: tuple[Step, ...] = Field(alias="各步", description="按时间先后、由轻到重")
