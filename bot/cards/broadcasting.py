"""通知: what is asked before it goes, the notice itself, its receipts, a second call and a recall."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from assessment.notices import (
    AudienceUnclear,
    BroadcastAsk,
    BroadcastCorrected,
    BroadcastMade,
    BroadcastTold,
    CallAsk,
    CallMade,
    NothingToSign,
    OverCap,
    RecallAsk,
    Recalled,
    ReceiptsTold,
    ReceiptTaken,
    TrialSigned,
    UnclearWord,
)
from bot.cards.dispatch import card_of
from bot.cards.evidence import attached
from bot.cards.phrases import CANCEL, CONFIRM, headed, listed, said, saying, wide
from bot.cards.times import by, clock, deadline
from bot.channels.card import Button, Card, Style, Tone, quoted

_NAMED_AT_MOST = 200
"""A longer list nobody reads; how many they are is said all the same."""
_SOME = 6
"""Of names that are only examples."""
_BEGINNING = 60
"""Of a text, by which its office knows which one it is."""


@card_of.register
def audience_unclear(notice: AudienceUnclear, _zone: tzinfo) -> Card:
    """Each word that was not understood, what it may mean, and what may be said."""
    return Card(
        "通知对象未能识别，未办理",
        (
            *map(_unclear, notice.words),
            f"可写单位名称，或：{listed(notice.possible)}。",
            "对象之间用顿号，对象与正文之间空一格或用冒号。请改正后重新发送。",
        ),
        Tone.AMBER,
    )


def _unclear(word: UnclearWord) -> str:
    if word.meanings:
        return f"{said(word.written)}有几种可能，请写明：{listed(word.meanings)}。"
    near = f"，是否为{listed(word.near)}，请写明全称" if word.near else ""
    return f"{said(word.written)}未能识别{near}。"


@card_of.register
def broadcast_ask(notice: BroadcastAsk, zone: tzinfo) -> Card:
    """Exactly whom it reaches, the words as they will be read, and when."""
    return Card(
        "请确认通知",
        (
            *_whom(notice),
            *headed("正文", notice.text),
            *_enclosed(notice),
            *((f"签收时限：{deadline(notice.receipt_until, zone)}。",) if notice.receipt_until is not None else ()),
            _when(notice, zone),
            *map(_over_cap, notice.over_cap),
        ),
        Tone.AMBER,
        buttons=(Button("确认", "确认", Style.DANGER), Button("试发给自己", "试发"), CANCEL),
        note=f"落款：{notice.office}。",
    )


def _whom(notice: BroadcastAsk) -> Iterable[str]:
    if notice.to_group:
        yield "将发到工作群，群内不统计签收。"
        return
    yield f"将单独发给{len(notice.units)}家单位的{listed(notice.roles)}，共{len(notice.people)}人。"
    yield f"单位：{_long(notice.units, '家')}。"
    if notice.people:
        yield f"收件人：{_long(notice.people, '人')}。"
    if notice.vacant:
        yield f"岗位空缺，无人可收：{_long(notice.vacant, '家')}。请另行告知。"
    if notice.unreachable:
        yield f"没有账号，无法送达：{_long(notice.unreachable, '人')}。请另行告知。"


def _enclosed(notice: BroadcastAsk) -> tuple[str, ...]:
    if notice.files:
        goes = f"{attached(notice.files)}随通知发出；平台不能发送的，告知收件人向{wide(notice.office)}索取。"
        most = len(notice.files)
        return (goes, f"一次最多附{most}个文件，{attached(notice.left_out)}未附上。") if notice.left_out else (goes,)
    return ("正文提到附件，但未附文件；如须附上，请直接发送文件。",) if notice.file_missed else ()


def _when(notice: BroadcastAsk, zone: tzinfo) -> str:
    if notice.send_at is None:
        return "确认后即发出并留存记录。"
    why = "非办公时间不发，顺延至此" if notice.put_off else "发出前可撤回"
    return f"发送时间：{deadline(notice.send_at, zone)}（{why}）。"


def _over_cap(over: OverCap) -> str:
    when, every = ("当日", "每日") if over.a_day else ("本月", "每月")
    return (
        f"{len(over.people)}人{when}收到的系统主动消息将超过{every}{over.cap}条的上限，最多达{over.messages}条："
        f"{_long(over.people, '人', _SOME)}。请酌情合并发送。"
    )


@card_of.register
def broadcast_told(notice: BroadcastTold, zone: tzinfo) -> Card:
    """The office's words, each line marked as such; who issued it and when."""
    number = "试发" if notice.trial else f"编号{notice.number}"
    call = ("此前所发通知尚未签收：",) if notice.call else ()
    note = f"{notice.office}，{clock(notice.told_at, zone)}。"
    if notice.trial:
        note += "仅发给您本人，正式发出时编号。"
    files = (f"{attached([file.name for file in notice.files])}。",) if notice.files else ()
    if notice.to_group:
        return Card(f"通知（{number}）", (*quoted(notice.text), *files), note=note)
    return Card(
        f"{'再次提请签收：' if notice.call else ''}通知（{number}）",
        (*call, *quoted(notice.text), *files, *_asked_for(notice.receipt_until, zone, again=bool(notice.call))),
        Tone.AMBER if notice.call else Tone.BLUE,
        buttons=(Button("收到", f"收到 {'试发' if notice.trial else notice.number}", Style.PRIMARY),),
        note=note,
    )


def not_carried(names: Sequence[str], office: str) -> str:
    """Of files that the platform does not let through: where they are to be had."""
    return f"{attached(names)}在本平台不能发送，请向{wide(office)}索取。"


def not_arrived(name: str, office: str) -> str:
    """In the place of a file that the platform has refused."""
    return f"{attached((name,))}未能送达，请向{wide(office)}索取。"


def perhaps_arrived(name: str, office: str) -> str:
    """In the place of a file that may have arrived: nobody sees it twice, and nobody lacks it unawares."""
    return f"{attached((name,))}如未收到，请向{wide(office)}索取。"


def _asked_for(until: datetime | None, zone: tzinfo, *, again: bool) -> tuple[str, ...]:
    """By when; a second call may come after that."""
    if again:
        return (f"请尽快签收{f'（签收时限{deadline(until, zone)}）' if until is not None else ''}。",)
    return (f"请于{by(until, zone)}签收。" if until is not None else "请予签收。",)


@card_of.register
def broadcast_made(notice: BroadcastMade, zone: tzinfo) -> Card:
    """Its number, and where to look who has signed."""
    where = "工作群" if notice.to_group else f"{notice.people}人"
    when = f"将于{deadline(notice.send_at, zone)}发给{where}。" if notice.send_at is not None else f"即行发给{where}。"
    return Card(
        f"通知已办理（编号{notice.number}）",
        (when, f"如须撤回，请回复“撤回 {notice.number} 更正内容”。"),
        Tone.GREEN,
        buttons=(Button("查看回执", f"回执 {notice.number}"),),
    )


@card_of.register
def receipt_taken(notice: ReceiptTaken, zone: tzinfo) -> Card:
    """What is on record."""
    if notice.recalled:
        return saying(f"通知{notice.number}已由{notice.office}撤回，无须签收。")
    head = f"通知{notice.number}{'此前已' if notice.before else '已'}签收"
    late = "，已过签收时限" if notice.late else ""
    rest = ("其余内容未作办理；如系报送或查询，请另行发送。",) if notice.unread else ()
    return Card(head, (f"签收时间{clock(notice.signed_at, zone)}{late}；{notice.office}可查。", *rest), Tone.GREEN)


@card_of.register
def nothing_to_sign(notice: NothingToSign, _zone: tzinfo) -> Card:
    """Nothing is owed, or nothing of that number."""
    return saying(f"没有须您签收的通知{notice.number}。" if notice.number else "目前没有待您签收的通知。")


@card_of.register
def trial_signed(_notice: TrialSigned, _zone: tzinfo) -> Card:
    """The button works; nothing is kept."""
    return saying("试发的通知不作签收记录；正式发出后，收件人点此即为签收。")


@card_of.register
def receipts_told(notice: ReceiptsTold, zone: tzinfo) -> Card:
    """Totals that add up, and the names of those who are silent."""
    return Card(
        f"通知{notice.number}：回执情况",
        (
            *quoted(_shortened(notice.text)),
            *(_of_group(notice) if notice.to_group else _of_people(notice, zone)),
            *((f"已于{clock(notice.recalled_at, zone)}撤回。",) if notice.recalled_at is not None else ()),
        ),
        Tone.AMBER if notice.silent or notice.unreached else Tone.GREEN,
        buttons=(Button("再催未签收", f"回执 {notice.number} 再催"),) if notice.may_call else (),
        note=_sent_and_counted(notice, zone),
    )


def _of_group(notice: ReceiptsTold) -> Iterable[str]:
    waits = notice.send_at > notice.now
    yield f"发到工作群，{'已送达' if notice.delivered else '尚未发出' if waits else '未送达'}；群内不统计签收。"


def _of_people(notice: ReceiptsTold, zone: tzinfo) -> Iterable[str]:
    delivered = notice.signed + notice.silent
    counts = [
        f"已送达{delivered}人（已签收{notice.signed}人，未签收{notice.silent}人）" if delivered else "",
        f"待发{notice.waiting}人" if notice.waiting else "",
        f"未送达{notice.unreached}人" if notice.unreached or not notice.waiting else "",
    ]
    yield f"应收{delivered + notice.waiting + notice.unreached}人：{'，'.join(filter(None, counts))}。"
    if notice.silent_ones:
        yield f"未签收：{_long(notice.silent_ones, '人')}。"
    if notice.unreached_ones:
        yield f"未送达：{_long(notice.unreached_ones, '人')}。请另行告知。"
    if notice.late:
        late = [f"{one.who}{clock(one.at, zone)}" for one in notice.late]
        yield f"超过时限签收：{_long(late, '人')}。"


def _sent_and_counted(notice: ReceiptsTold, zone: tzinfo) -> str:
    until = f"，签收时限{deadline(notice.receipt_until, zone)}" if notice.receipt_until is not None else ""
    sent = clock(notice.send_at, zone)
    when = f"发送时间{sent}" if notice.send_at <= notice.now else f"定于{sent}发送"
    return f"{when}{until}，统计至{clock(notice.now, zone)}。"


@card_of.register
def call_ask(notice: CallAsk, _zone: tzinfo) -> Card:
    """Exactly who is silent."""
    return Card(
        f"通知{notice.number}：请确认再催",
        (
            f"将再次发给未签收的{len(notice.people)}人：{_long(notice.people, '人')}。",
            "确认后即发出并留存记录；其间已签收的不发。",
        ),
        Tone.AMBER,
        buttons=(Button("确认", "确认", Style.DANGER), CANCEL),
    )


@card_of.register
def call_made(notice: CallMade, zone: tzinfo) -> Card:
    """When they hear of it."""
    when = f"将于{deadline(notice.held_until, zone)}" if notice.held_until is not None else "即行"
    line = f"{when}发给{notice.people}人，其间已签收的不发。"
    return Card(f"通知{notice.number}：再催已办理", (line,), Tone.GREEN)


@card_of.register
def recall_ask(notice: RecallAsk, _zone: tzinfo) -> Card:
    """What would be stopped, who would be told, and in which words."""
    correction = headed("更正内容", notice.correction)
    if correction:
        correction = (*correction, "撤回后原通知全文作废，更正内容请写完整。")
    else:
        correction = ("未写更正内容；已发出的，只告知原通知作废。",)
    return Card(
        f"通知{notice.number}：请确认撤回",
        (f"{_shown_to(notice.shown_to, notice.stopped, to_group=notice.to_group, done='将')}。", *correction),
        Tone.AMBER,
        buttons=(CONFIRM, CANCEL),
    )


@card_of.register
def recalled(notice: Recalled, zone: tzinfo) -> Card:
    """What was stopped, and who is told."""
    when = f"将于{deadline(notice.held_until, zone)}" if notice.held_until is not None else "即行"
    done = _shown_to(notice.shown_to, notice.stopped, to_group=notice.to_group, done=when)
    return Card(f"通知{notice.number}已撤回", (f"{done}。",), Tone.GREEN)


def _shown_to(shown_to: int, stopped: int, *, to_group: bool, done: str) -> str:
    if to_group:
        return f"{done}在工作群发更正" if shown_to else "尚未发到工作群，不再发出"
    parts = [f"{done}向已发出的{shown_to}人发更正"] if shown_to else []
    parts += [f"未发出的{stopped}人不再发"] if stopped else []
    return "，".join(parts) or "原无人收到，不再另发更正"


@card_of.register
def broadcast_corrected(notice: BroadcastCorrected, zone: tzinfo) -> Card:
    """Which notice is void, and what holds instead."""
    void = f"{notice.office}{clock(notice.told_at, zone)}所发通知（编号{notice.number}）作废"
    instead = (f"{void}，以下列内容为准：", *quoted(notice.correction)) if quoted(notice.correction) else (f"{void}。",)
    title = f"通知更正（原编号{notice.number}）" if quoted(notice.correction) else f"通知作废（编号{notice.number}）"
    return Card(title, instead, Tone.AMBER, note="原通知无须再签收。")


def _long(names: Sequence[str], counted: str, most: int = _NAMED_AT_MOST) -> str:
    """The names; of very many the first, and how many there are."""
    return listed(names) if len(names) <= most else f"{listed(names[:most])}等{len(names)}{counted}"


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _BEGINNING else f"{words[: _BEGINNING - 1]}…"
