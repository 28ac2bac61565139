"""What each word of choice in a rulebook means, for whoever reads a measure or writes one."""

from collections.abc import Mapping
from enum import StrEnum

from assessment.periods import Frequency
from assessment.rulebook import (
    Audience,
    BothTargets,
    CapAt,
    CategoryCount,
    CountFrom,
    Curve,
    Direction,
    Flag,
    Measure,
    Per,
    SameMatter,
    Share,
    SignOff,
    StepKind,
    Subject,
    TextPart,
    Timing,
    Trigger,
)
from assessment.scoring_ways import GrowthBy
from assessment.year_rules import Act, By, GradedBy

MEANINGS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    Subject: {
        Subject.UNIT: "记入单位账户",
        Subject.PERSON: "记入责任人的个人账户，不计入单位",
        Subject.LINE: "记入条线账户，不计入单位和个人",
    },
    Trigger: {
        Trigger.MATTER_DONE: "交办的事项已经办结",
        Trigger.MATTER_LATE: "交办的事项超过时限仍未办结",
        Trigger.URGED_NOT_REPORTED: "经催报，仍未报送",
        Trigger.RETURNED: "报送的材料被考核办退回",
        Trigger.REPORTED_ON_TIME: "在截止之前报送",
        Trigger.REPORTED_LATE: "截止之后才报送",
        Trigger.SUPERVISED: "同一事项被督办；按“轮次”分第几次",
        Trigger.RECORDED: "由考核办据实记录，系统不自行提出",
        Trigger.SETTLED: "系统结算指标得分时自用，条款不能写",
    },
    Share: {Share.LEAD: "单位在事项中是主办", Share.CO: "单位在事项中是协办"},
    Timing: {
        Timing.EARLY: "在时限之前办结，或超额完成",
        Timing.ON_TIME: "在时限之内办结，含提前或超额",
        Timing.LATE: "超过时限才办结",
    },
    Per: {
        Per.EACH: "发生一次计一次",
        Per.DAY: "从计日起，每延迟1日计一次",
        Per.ONCE: "同一事项只计一次",
    },
    Flag: {
        Flag.INELIGIBLE: "核定入账后，即标明取消评优资格",
        Flag.RECOMMEND_INELIGIBLE: "只作建议，由有关部门决定",
        Flag.VETO: "不参加评优，得分和台账照记",
        Flag.LAST_PLACE: "只提请领导掌握，不作处理",
    },
    CapAt: {
        CapAt.TOTAL: "各笔先全部相加，只对最后的总分封顶、保底",
        CapAt.RUNNING: "每记一笔，即时封顶、保底，再记下一笔",
    },
    SameMatter: {
        SameMatter.HIGHEST_SUBTOTAL: "同一事项的加分、扣分分开看，各只计小计最大的一条，其余列明而不计",
        SameMatter.ALL: "同一事项的各笔全部计入",
    },
    CountFrom: {
        CountFrom.AFTER_FIRST_URGING: "从第一次催报送达的次日起计日",
        CountFrom.AFTER_DUE: "从截止的次日起计日",
    },
    BothTargets: {
        BothTargets.STRICTER: "以要求高的一个为基本任务",
        BothTargets.ASSIGNED: "以上级下达的为基本任务",
        BothTargets.OWN: "以本级自定的为基本任务",
    },
    CategoryCount: {
        CategoryCount.SHOWN: "只列出，不影响计分",
        CategoryCount.DEDUCT: "从满分往下扣，计入总分",
        CategoryCount.ADD: "从0分往上加，加到满分为止，计入总分",
    },
    By: {
        By.UNIT: "自评",
        By.DEPARTMENT: "对口评审",
        By.ASSESSORS: "实地核验",
        By.OFFICE: "汇总评定",
    },
    GradedBy: {
        GradedBy.JUDGEMENT: "由考核办逐个评定，系统不推算",
        GradedBy.CONDITIONS: "按各等次的条件列出，仍由考核办确定",
    },
    Act: {
        Act.INTERVIEW: "由有关领导约谈，系统只记办结之日",
        Act.REPORT: "由单位在期限内书面报告",
        Act.RECTIFY: "列入整改，逐项销号",
        Act.TASK: "由有关部门办理，系统只列待办",
        Act.CIRCULAR: "起草通报，由考核办签发",
        Act.REWARD: "列出奖项和金额，由有关部门兑现",
    },
    GrowthBy: {GrowthBy.INCREMENT: "比上年多多少", GrowthBy.RATE: "比上年增长百分之几"},
    Direction: {Direction.HIGHER: "数值高的好", Direction.LOWER: "数值低的好"},
    Measure: {Measure.CUMULATIVE: "全年逐月累加，可与序时进度相比", Measure.RATE: "不累加，没有序时进度"},
    Curve: {Curve.LINEAR: "从基本分到满分，按完成数等比折算"},
    Frequency: {
        Frequency.WEEK: "每周报一次，周一至周日为一周",
        Frequency.MONTH: "每月报一次",
        Frequency.QUARTER: "每季报一次",
        Frequency.HALF: "每半年报一次",
        Frequency.YEAR: "每年报一次",
    },
    SignOff: {
        SignOff.NONE: "不须签发，填报人报送即为收到",
        SignOff.DEPUTY: "须由本单位分管负责人签发，签发前不算报送",
        SignOff.HEAD: "须由本单位主要负责人签发，签发前不算报送",
    },
    TextPart: {
        TextPart.PROGRESS: "已做的工作和进度",
        TextPart.PROBLEMS: "没有完成的原因",
        TextPart.NEXT_STEPS: "今后的打算",
    },
    StepKind: {
        StepKind.REMIND: "截止之前提醒",
        StepKind.URGE: "逾期后的催报；是否催过，以送达为准",
        StepKind.SUPERVISE: "催而未报的，转请负责人过问",
        StepKind.SPECIAL_ORDER: "以督办令责成办理",
        StepKind.CRITICISE: "只作建议，由考核办决定后再办",
        StepKind.INTERVIEW: "只作建议，由考核办决定后再办",
    },
    Audience: {
        Audience.RESPONSIBLE: "本单位负责填报的人",
        Audience.HEAD: "本单位主要负责人",
        Audience.LEADER: "分管该单位的上级领导",
        Audience.OFFICE: "主管本办法的考核办",
    },
}
"""By kind of choice, since words of different kinds may be alike."""


def meaning(choice: StrEnum) -> str:
    """What the choice does, as half a sentence; empty where nothing is known of it."""
    return MEANINGS.get(type(choice), {}).get(choice, "")


def explained(choice: StrEnum) -> str:
    """The word as the file has it, and behind it what it means: 逾期报送（截止之后才报送）."""
    found = meaning(choice)
    return f"{choice}（{found}）" if found else str(choice)
