"""Who may do what to whom, and where the answer may go. Chat, cards, console and command line all ask here.

Default deny: what stands in no rule is refused. Rights come from posts in the roster and from nothing else;
names, titles and text never count.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessment.roster import Post, Role


class Action(StrEnum):
    """What can be asked of Duban, in Chinese as the rights table of the docs shows it."""

    REPORT = "报送"
    SIGN = "签发"
    STATE = "情况说明"
    APPEAL = "申诉"
    ANSWER_APPEAL = "答复申诉"
    SEE_OWN_TASKS = "查看本单位任务"
    SEE_SCORE = "查看得分"
    SEE_PERSON_SCORE = "查看个人记分"
    SEE_LINE = "查看条线得分"
    SEE_RANKING = "查看全部名次"
    SEE_ROSTER = "查看报送名单"
    SEE_OVERVIEW = "查看指标总体情况"
    URGE = "催报"
    REVIEW = "审核"
    ENTER_FOR_UNIT = "代录"
    RECORD = "加分扣分"
    DECIDE = "核定"
    HEAR = "先听情况说明"
    JUDGE = "评定"
    GIVE_STAGE = "录分"
    SETTLE = "结算"
    REVERSE = "更正分"
    ASSIGN = "交办"
    REPORT_DONE = "办结"
    SUPERVISE = "督办"
    FEED_BACK = "反馈"
    SEE_PROGRESS = "查看反馈"
    EXTEND = "延期"
    GRANT = "准予延期"
    RAISE = "请求协调"
    ANSWER = "答复"
    REPORT_MAJOR = "重大事项"
    SEE_MAJOR = "查看重大事项"
    MARK_UNABLE = "认定无法完成"
    RECTIFY = "整改通知"
    RECORD_EVENT = "记录事件"
    SUGGEST = "修改建议"
    DECIDE_SUGGESTION = "采纳修改建议"
    SET_OWN_TARGET = "自选目标"
    FILE_UPWARD = "自选目标上报"
    BREAK_DOWN = "分解到人"
    CLOSE = "关账"
    BROADCAST = "通知"
    RECEIPT = "签收"
    BIND = "绑定"
    UNBIND = "解绑"
    APPROVE = "审定"
    GRADE = "评等"
    PUBLISH = "公布"
    FOLLOW_UP = "后续办理"
    SEE_LAST_PLACE = "末位事项"
    AWARD = "授奖"
    SAMPLE = "抽查"


class Destination(StrEnum):
    """Where the answer would go."""

    PRIVATE = "private"
    GROUP = "group"


@dataclass(frozen=True)
class Actor:
    """A person and the posts held now. A person's 'hat' is one of the posts."""

    person: int
    posts: tuple[Post, ...]

    def holds(self, role: Role, unit: int | None) -> bool:
        """Whether the actor holds that role in that unit."""
        return any(post.role is role and post.unit == unit for post in self.posts)

    def units(self, *roles: Role) -> tuple[int, ...]:
        """The units in which the actor holds one of `roles`, each once, in roster order."""
        return tuple(dict.fromkeys(post.unit for post in self.posts if post.role in roles))


@dataclass(frozen=True)
class Target:
    """What an action is about: a unit, a person's account, and the office of the programme concerned."""

    office: int
    unit: int | None = None
    person: int | None = None
    head_must_sign: bool = False


@dataclass(frozen=True)
class Verdict:
    """Whether it is allowed, and by which post (the audit's basis) or why not."""

    allowed: bool
    basis: str


OWN_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)
ALWAYS_PRIVATE = frozenset(
    {
        Action.SEE_SCORE,
        Action.SEE_PERSON_SCORE,
        Action.SEE_LINE,
        Action.SEE_RANKING,
        Action.SEE_ROSTER,
        Action.SEE_OVERVIEW,
    }
)
NOT_ON_OWN_UNIT = frozenset(
    {
        Action.RECORD,
        Action.DECIDE,
        Action.JUDGE,
        Action.GIVE_STAGE,
        Action.SETTLE,
        Action.HEAR,
        Action.REVERSE,
        Action.ANSWER_APPEAL,
        Action.REVIEW,
        Action.ENTER_FOR_UNIT,
        Action.SUPERVISE,
        Action.GRANT,
        Action.MARK_UNABLE,
        Action.RECTIFY,
        Action.APPROVE,
        Action.GRADE,
        Action.FOLLOW_UP,
        Action.SEE_LAST_PLACE,
    }
)
NOT_FOR_ONESELF = NOT_ON_OWN_UNIT | {Action.BIND, Action.UNBIND}
"""Who holds somebody's telephone does not thereby open or close that person's other accounts."""


def authorise(actor: Actor, action: Action, target: Target, destination: Destination) -> Verdict:
    """Decide one act; never raises. The wording of a refusal is one for unknown and forbidden (decisions 20)."""
    if destination is Destination.GROUP and action in ALWAYS_PRIVATE:
        return Verdict(allowed=False, basis="不在群内答复")
    # An office that is itself assessed may not judge itself either.
    if action in NOT_ON_OWN_UNIT and target.unit is not None and target.unit in actor.units(*OWN_ROLES, Role.OFFICE):
        return Verdict(allowed=False, basis="不得办理本单位事项")
    if action in NOT_FOR_ONESELF and target.person == actor.person:
        return Verdict(allowed=False, basis="不得办理本人事项")
    for rule in _RULES[action]:
        if basis := rule(actor, target):
            return Verdict(allowed=True, basis=basis)
    return Verdict(allowed=False, basis="岗位无此权限")


Rule = Callable[[Actor, Target], str | None]


def _own(*roles: Role) -> Rule:
    def rule(actor: Actor, target: Target) -> str | None:
        return next((f"本单位{role}" for role in roles if actor.holds(role, target.unit)), None)

    return rule


def _office(actor: Actor, target: Target) -> str | None:
    return "考核办" if actor.holds(Role.OFFICE, target.office) else None


def _in_charge(actor: Actor, target: Target) -> str | None:
    return "分管领导" if target.unit is not None and actor.holds(Role.LEADER_IN_CHARGE, target.unit) else None


def _leader(actor: Actor, target: Target) -> str | None:  # noqa: ARG001 - a leader sees every unit
    return "领导" if actor.units(Role.LEADER) else None


def _secretary(actor: Actor, target: Target) -> str | None:
    return "领导小组秘书" if actor.holds(Role.SECRETARY, target.office) else None


def _oneself(actor: Actor, target: Target) -> str | None:
    return "本人" if target.person == actor.person else None


def _own_or_oneself(actor: Actor, target: Target) -> str | None:
    """On a person's account only that person speaks; on the unit's whoever reports for it."""
    return _oneself(actor, target) if target.person is not None else _own(*OWN_ROLES)(actor, target)


def _signer(actor: Actor, target: Target) -> str | None:
    if actor.holds(Role.HEAD, target.unit):
        return "本单位主要负责人"
    if not target.head_must_sign and actor.holds(Role.DEPUTY, target.unit):
        return "本单位分管负责人"
    return None


_RULES: Mapping[Action, tuple[Rule, ...]] = {
    Action.REPORT: (_own(*OWN_ROLES),),
    Action.SIGN: (_signer,),
    Action.STATE: (_own_or_oneself,),
    Action.APPEAL: (_own_or_oneself,),
    Action.ANSWER_APPEAL: (_office,),
    Action.SEE_OWN_TASKS: (_own(*OWN_ROLES),),
    Action.SEE_SCORE: (_own(*OWN_ROLES), _office, _in_charge, _leader),
    Action.SEE_PERSON_SCORE: (_oneself, _office, _own(Role.HEAD)),
    # A line is its leader's: that person is the target. The units in it see nothing of it.
    Action.SEE_LINE: (_oneself, _office, _leader),
    Action.SEE_RANKING: (_office, _leader, _secretary),
    Action.SEE_ROSTER: (_office, _in_charge, _leader),
    Action.SEE_OVERVIEW: (_office, _in_charge, _leader),
    Action.URGE: (_office,),
    Action.REVIEW: (_office,),
    Action.ENTER_FOR_UNIT: (_office,),
    Action.RECORD: (_office,),
    Action.DECIDE: (_office,),
    Action.JUDGE: (_office,),
    Action.GIVE_STAGE: (_office,),
    Action.SETTLE: (_office,),
    Action.HEAR: (_office,),
    Action.REVERSE: (_office,),
    Action.ASSIGN: (_leader, _office),
    Action.REPORT_DONE: (_own(*OWN_ROLES),),
    Action.SUPERVISE: (_office,),
    Action.FEED_BACK: (_own(*OWN_ROLES),),
    Action.SEE_PROGRESS: (_own(*OWN_ROLES), _office, _in_charge, _leader),
    Action.EXTEND: (_own(*OWN_ROLES),),
    Action.GRANT: (_office,),
    Action.RAISE: (_own(*OWN_ROLES),),
    # Of an item that has a leader of its own, that person is the target.
    Action.ANSWER: (_in_charge, _oneself),
    Action.REPORT_MAJOR: (_own(*OWN_ROLES),),
    Action.SEE_MAJOR: (_own(*OWN_ROLES), _office, _in_charge, _leader),
    Action.MARK_UNABLE: (_office,),
    Action.RECTIFY: (_office,),
    Action.RECORD_EVENT: (_office,),
    # Whoever is assessed may say how next year's measure should read, and so may the office that applies it.
    Action.SUGGEST: (_own(*OWN_ROLES), _office),
    Action.DECIDE_SUGGESTION: (_office,),
    Action.SET_OWN_TARGET: (_own(*OWN_ROLES),),
    Action.FILE_UPWARD: (_office,),
    Action.BREAK_DOWN: (_own(*OWN_ROLES),),
    Action.CLOSE: (_office,),
    Action.BROADCAST: (_office,),
    Action.RECEIPT: (_oneself,),
    Action.BIND: (_office,),
    Action.UNBIND: (_office,),
    Action.APPROVE: (_secretary,),
    Action.GRADE: (_office,),
    Action.PUBLISH: (_office,),
    Action.FOLLOW_UP: (_office,),
    Action.SEE_LAST_PLACE: (_leader, _secretary),
    Action.AWARD: (_office,),
    Action.SAMPLE: (_office,),
}
