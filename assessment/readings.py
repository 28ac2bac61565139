"""Where a text leaves a choice open: the readings 读法 that an office can choose; answers name the one in use."""

from enum import StrEnum

from pydantic import Field

from assessment.parameter import Part


class SameMatter(StrEnum):
    """How entries on one matter meet (reading A2)."""

    HIGHEST_SUBTOTAL = "同向取最大小计"
    ALL = "逐条累计"


class CountFrom(StrEnum):
    """Where −n a day after urging starts (reading A6)."""

    AFTER_FIRST_URGING = "首次催报次日"
    AFTER_DUE = "截止次日"


class BothTargets(StrEnum):
    """Which target binds where the own and the assigned one differ (reading A15)."""

    STRICTER = "取更严"
    ASSIGNED = "取下达"
    OWN = "取自定"


class PartWithoutTask(StrEnum):
    """What becomes of a part 分项 of a category in which a unit had no task, where others of it had some."""

    FULL = "该分项计满"
    SPREAD = "按其余分项折算"


class Readings(Part):
    """Where a text leaves a choice open, which reading the office uses; answers name it."""

    same_matter: SameMatter = Field(
        SameMatter.HIGHEST_SUBTOTAL, alias="同一事项", description="同一事项的几笔分如何合计"
    )
    count_from: CountFrom = Field(
        CountFrom.AFTER_FIRST_URGING, alias="催报计日", description="“每延迟一天”从哪一天算起"
    )
    part_without_task: PartWithoutTask = Field(
        PartWithoutTask.FULL,
        alias="部分无任务",
        description="“无任务计满”的大类中只有一部分分项没有任务的怎样计；全部没有的总是计满",
    )
    both_targets: BothTargets = Field(
        BothTargets.STRICTER, alias="目标并存", description="自定任务与下达任务不同时以哪个为准"
    )
