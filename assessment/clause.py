"""The clauses 条款 of a rulebook: what earns or costs points, and whose account it concerns."""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field, model_validator

from assessment.parameter import Parameter, Part, Points


class Subject(StrEnum):
    """Whose account a clause concerns; never mixed."""

    UNIT = "单位"
    PERSON = "个人"
    LINE = "条线"

    @property
    def of_a_person(self) -> bool:
        """Whether a person holds the account: the one whom it is about, or the leader of the line."""
        return self is not Subject.UNIT


class Trigger(StrEnum):
    """The closed list of facts that a clause can be about. None of them concerns how people use the bot."""

    MATTER_DONE = "事项办结"
    MATTER_LATE = "事项逾期"
    URGED_NOT_REPORTED = "催报后未报"
    RETURNED = "退回"
    REPORTED_ON_TIME = "按时报送"
    REPORTED_LATE = "逾期报送"
    SUPERVISED = "督办"
    RECORDED = "人工记录"
    SETTLED = "结算"
    """An indicator's points when the office settles a period; no clause of a file may be written for it."""


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
    VETO = "否决"
    LAST_PLACE = "末位"


class Range(Part):
    """Points that the office chooses inside printed bounds, with a reason."""

    lowest: Points = Field(alias="自", description="下限（含）；扣分写负数")
    highest: Points = Field(alias="至", description="上限（含）；扣分写负数")

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

    id: str = Field(alias="编号", description="全部条款中不得重复；台账和查询以此相称")
    name: str = Field(alias="名称", description="通知和台账中的称呼")
    text: str = Field(alias="原文", description="条款原文，逐字照录")
    cite: str = Field(alias="依据", description="在原文件中的条目，如 四(一)1")
    subject: Subject = Field(Subject.UNIT, alias="对象", description="记入哪类账户；各类账户互不并入")
    trigger: Trigger = Field(alias="触发", description="由什么事实引起")
    share: Share | None = Field(None, alias="角色", description="单位在事项中的角色；空为不论")
    timing: Timing | None = Field(None, alias="时限", description="“按期”也包括提前或超额；空为不论")
    classes: tuple[str, ...] = Field((), alias="类别", description="只适用于这些类别的事项；空为不限")
    round: int | None = Field(None, alias="轮次", ge=1, description="“督办”的第几次；空为每次都适用")
    category: str | None = Field(None, alias="大类", description="在哪一大类内加减；空为直接加减总分")
    points: Parameter[Points] = Field(
        default_factory=Parameter[Points], alias="分值", description="每计一次的分数，扣分写负数；原文未给的写 null"
    )
    discretion: Range | None = Field(
        None, alias="幅度", description="由考核办在此范围内酌定，并写明理由；与“分值”只写其一"
    )
    per: Per = Field(Per.EACH, alias="计次", description="同一事项计几次")
    automatic: bool = Field(False, alias="自动", description="true 时不经核定直接入账；须由考核办明确选定")
    exclusive_group: str | None = Field(None, alias="互斥组", description="同组各档只能选一")
    supplements: str | None = Field(None, alias="补充", description="在哪一条的小计上另加")
    flag: Flag | None = Field(None, alias="标记", description="对评优资格的影响")
    follow_up: str | None = Field(None, alias="后续", description="另由有关部门办理的事，只生成待办")

    @property
    def printed(self) -> Decimal | None:
        """The points that the text prints: 0 for a clause that has a consequence and speaks of no points, None where
        they are withheld or the office chooses them.
        """
        has_consequence = self.flag is not None or self.follow_up is not None
        if has_consequence and self.discretion is None and "points" not in self.model_fields_set:
            return Decimal(0)
        return self.points.value
