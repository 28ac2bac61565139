"""绑定 and 解绑: what strangers, the office and the person concerned are told."""

from collections.abc import Sequence
from datetime import tzinfo

from assessment.notices import (
    AlreadyBound,
    BindAsk,
    BindAsked,
    BindDeclined,
    BindTaken,
    Bound,
    BoundAccount,
    BoundElsewhere,
    BoundHere,
    KnownPerson,
    NothingAsked,
    PhonesLookedUp,
    UnbindAsk,
    Unbound,
    UnboundTold,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, CONFIRM, listed, saying, the_office, wide
from bot.cards.talk import HELP, TASKS
from bot.channels.card import Button, Card, Style, Tone, quoted


@card_of.register
def bind_taken(_notice: BindTaken, _zone: tzinfo) -> Card:
    """Nothing else is said to somebody unknown."""
    return saying("已转考核办核实，登记后方可使用；急用的，请电话联系考核办。")


@card_of.register
def bind_asked(notice: BindAsked, _zone: tzinfo) -> Card:
    """What was typed, where from, whom the roster has of that name, and what the office does about it."""
    number = notice.number
    one = len(notice.whom) == 1
    agree = (Button("同意绑定", f"同意绑定 {number}", Style.PRIMARY),) if one else ()
    if notice.phone:
        return Card(
            f"按手机号查得账号，待绑定（编号{number}）",
            (
                *_request(notice.channel, notice.account, notice.text, notice.phone),
                *_found(notice.whom, number),
                "手机号可能已换人使用，请用单位通讯录上的电话向本人核实后再办理；绑定前，此账号不能办理任何事项。",
            ),
            buttons=(*agree, Button("不同意绑定", f"不同意绑定 {number}")),
            note="7日内未办理的，重新查询。",
        )
    return Card(
        f"有人申请绑定账号（编号{number}）",
        (
            *_request(notice.channel, notice.account, notice.text),
            *_found(notice.whom, number),
            "请用单位通讯录上的电话向本人核实后再办理；登记前，此账号不能办理任何事项。",
        ),
        buttons=(*agree, Button("不同意绑定", f"不同意绑定 {number}")),
        note="7日内未办理的，申请失效。",
    )


@card_of.register
def bind_ask(notice: BindAsk, _zone: tzinfo) -> Card:
    """Whose the account would be, and what it may then do."""
    whom = notice.whom
    return Card(
        f"{notice.number}：绑定为{whom.name}，请确认",
        (
            *_request(notice.channel, notice.account, notice.text, notice.phone),
            f"绑定给：{_person(whom)}。",
            f"确认后，此账号可按上述岗位办理和查询，与{whom.name}本人相同。",
            "已核实为本人的，请确认。",
            *(("原有账号继续有效，并会收到告知。",) if whom.accounts else ()),
        ),
        Tone.AMBER,
        buttons=(CONFIRM, CANCEL),
    )


@card_of.register
def bound(notice: Bound, _zone: tzinfo) -> Card:
    """What stands now."""
    return Card(
        f"{notice.number}：已绑定",
        (f"{notice.channel}账号已登记为{_person(notice.whom)}，已告知本人。",),
        Tone.GREEN,
        note="如有误，请回复“解绑 姓名 平台”。",
    )


@card_of.register
def bound_here(notice: BoundHere, _zone: tzinfo) -> Card:
    """The greeting."""
    main = (f"提醒等通知仍发到您的{notice.main}账号。",) if notice.main else ()
    return Card(
        "账号已登记",
        (f"{notice.whom.name}同志：此账号已登记，岗位为{_posts(notice.whom)}。", *main),
        Tone.GREEN,
        buttons=(TASKS, HELP),
        note="姓名、岗位有误的，请告知主管单位。",
    )


@card_of.register
def bound_elsewhere(notice: BoundElsewhere, _zone: tzinfo) -> Card:
    """So that nobody is given an account without knowing."""
    return Card(
        "您名下新绑定了一个账号",
        (f"{notice.by}已将{_account(notice.account)}绑定到您名下。", "如非您本人的账号，请立即联系主管单位解绑。"),
        Tone.AMBER,
    )


@card_of.register
def bind_declined(notice: BindDeclined, _zone: tzinfo) -> Card:
    """The stranger was told what every stranger is told."""
    rest = f"手机号{notice.phone}不再查询。" if notice.phone else "对方只会看到登记方法，不告知办理结果。"
    return Card(f"{notice.number}：不同意绑定", (f"该账号仍未登记。{rest}",))


@card_of.register
def nothing_asked(_notice: NothingAsked, _zone: tzinfo) -> Card:
    """An empty list."""
    return saying("目前没有待办理的绑定申请。")


@card_of.register
def already_bound(notice: AlreadyBound, _zone: tzinfo) -> Card:
    """As whom, and whom to ask."""
    office = listed(notice.offices) if notice.offices else the_office("")
    return Card(
        "此账号已登记，不必再绑定",
        (
            f"登记为：{_person(notice.whom)}。",
            "如需绑定其他账号，请用该账号发送“绑定 姓名 单位”。",
            f"登记有误的，请联系{office}。",
        ),
    )


@card_of.register
def unbind_ask(notice: UnbindAsk, _zone: tzinfo) -> Card:
    """What ends at once, and who can then be reached no more."""
    lines = [f"停用账号：{_account(notice.account)}。", "确认后，此账号立即停用，不能再办理和查询；岗位不变。"]
    if notice.last:
        lines.append(f"这是{notice.whom.name}的最后一个账号，停用后无法再向其发送通知。")
    if notice.waiting:
        where = "不再发出" if notice.last else "改发到其另一账号"
        lines.append(f"待发的{notice.waiting}条通知{where}。")
    return Card(f"解绑{_short(notice.whom)}，请确认", tuple(lines), Tone.AMBER, buttons=(CONFIRM, CANCEL))


@card_of.register
def unbound(notice: Unbound, _zone: tzinfo) -> Card:
    """What stands now."""
    if not notice.main:
        rest = f"{notice.name}已无可用账号，有事请电话通知；换用新账号的，请其发送“绑定 姓名 单位”。"
    else:
        moved = f"，待发的{notice.moved}条已改发" if notice.moved else ""
        rest = f"今后的通知发到其{notice.main}账号{moved}。"
    return Card(
        "已解绑",
        (f"{notice.name}：{_account(notice.account)}已停用。", rest),
        Tone.GREEN,
        note="名册文件中有此账号的，请一并改正，以免再次导入时恢复。",
    )


@card_of.register
def unbound_told(notice: UnboundTold, _zone: tzinfo) -> Card:
    """So that nobody loses an account without knowing."""
    return Card(
        "您名下的一个账号已停用",
        (f"{notice.by}已停用{_account(notice.account)}。", "如有疑问，请联系主管单位。"),
        Tone.AMBER,
    )


@card_of.register
def phones_looked_up(notice: PhonesLookedUp, _zone: tzinfo) -> Card:
    """Whose number led to nobody, and what is done about it."""
    missed = [f"{'、'.join(one.units)}{one.name}（{one.number}）" for one in notice.missed]
    lines = [f"未查得：{listed(missed)}。"] if missed else []
    if notice.stopped:
        lines.append(f"{wide(notice.stopped)}，其余手机号顺延查询。")
    if missed:
        lines.append("手机号有误的，请改正后重新导入名册；也可请本人发送“绑定 姓名 单位”。")
    title = f"按手机号在{notice.platform}未查得账号" if missed else f"暂停按手机号查询{notice.platform}账号"
    return Card(title, tuple(lines), Tone.AMBER)


def _request(platform: str, account: str, text: str, phone: str = "") -> tuple[str, ...]:
    if phone:
        return (f"按名册所载手机号{phone}查得：", *quoted(f"{platform} {account}"))
    return ("所在平台、账号和来信：", *quoted(f"{platform} {account}"), *quoted(text))


def _found(whom: Sequence[KnownPerson], number: str) -> tuple[str, ...]:
    if len(whom) == 1:
        return (f"名册中相符的是：{_person(whom[0])}。",)
    if not whom:
        return (f"名册中没有姓名、单位都相符的在岗人员。同意的，请写明是谁，回复“同意绑定 {number} 姓名 单位”。",)
    several = tuple(f"（{place}）{_person(one)}。" for place, one in enumerate(whom, 1))
    return ("名册中相符的不止一人：", *several, f"同意的，请写明是谁，回复“同意绑定 {number} 姓名 单位 岗位”。")


def _person(whom: KnownPerson) -> str:
    """Name, posts and accounts in one phrase."""
    known = f"现有账号{listed([_account(one) for one in whom.accounts])}" if whom.accounts else "尚无账号"
    return f"{whom.name}，{_posts(whom)}，{known}"


def _short(whom: KnownPerson) -> str:
    return f"{whom.name}（{_posts(whom)}）"


def _posts(whom: KnownPerson) -> str:
    return listed([f"{post.unit}{post.role}" for post in whom.posts]) if whom.posts else "目前不在岗"


def _account(account: BoundAccount) -> str:
    return f"{wide(account.platform)} {account.account}"
