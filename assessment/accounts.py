"""The frames in which points add up: accounts 记分账户 with base, cap and floor, and their categories 大类."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from assessment.clause import Subject
from assessment.parameter import Part, Points


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


class CategoryCount(StrEnum):
    """How a category comes to its points."""

    SHOWN = "只列示"
    DEDUCT = "从满分扣"
    ADD = "累加"


class Category(Part):
    """A heading with full marks and its parts; parts that do not add up are warned of, never repaired."""

    name: str = Field(alias="名称", description="大类名称")
    full: Points = Field(alias="满分", description="标题所写的满分；加到满分为止")
    count: CategoryCount = Field(
        CategoryCount.SHOWN, alias="计法", description="“从满分扣”和“累加”的计入总分，“只列示”的不影响计分"
    )
    floor: Points | None = Field(None, alias="下限", description="本大类最低几分，扣完不倒扣到别的大类；空为不设")
    full_if_no_task: bool = Field(False, alias="无任务计满", description="true 时没有任务的单位得满分，不是零分")
    parts: Mapping[str, Points] = Field(
        default_factory=dict, alias="分项", description="各分项及其分数；与满分不符时只提示，不改动"
    )
    cite: str = Field("", alias="依据", description="在原文件中的条目")
