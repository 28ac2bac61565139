"""Who may be chosen, who was, what it costs; and samples drawn in the open."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices.results import (
    AwardAsk,
    AwardLine,
    AwardTable,
    AwardTakenBack,
    EligibilityLine,
    EligibilityTold,
    FlagLine,
    RecommendationAsk,
    RecommendationDecided,
    SampleAsk,
    SampleDrawn,
    SampleList,
    TakeBackAsk,
)
from assessment.points import show
from bot.cards.dispatch import card_of
from bot.cards.phrases import (
    CANCEL,
    CONFIRM,
    edition,
    headed,
    holder,
    listed,
    saying,
    stand_in_explained,
    total,
    wide,
)
from bot.cards.times import clock, dated
from bot.channels.card import Card, Tone

_VETOED = "否决，不参评"


@card_of.register
def eligibility_told(notice: EligibilityTold, zone: tzinfo) -> Card:
    """This year's, with what it rests on; next year begins anew."""
    if not notice.lines:
        return saying(f"{notice.unit}没有须评优的考核。")
    lines = [text for line in notice.lines for text in _account(line, zone)]
    note = f"只限{notice.year}年度；{notice.year + 1}年度重新计。"
    flagged = any(line.flags for line in notice.lines)
    return Card(
        f"{notice.unit}{notice.year}年度评优资格", tuple(lines), Tone.AMBER if flagged else Tone.BLUE, note=note
    )


@card_of.register
def recommendation_ask(notice: RecommendationAsk, _zone: tzinfo) -> Card:
    """What the department concerned decided, before it is kept."""
    what = "取消" if notice.loses else "不取消"
    lines = (f"{notice.account}，{wide(notice.because)}：{what}年度评优资格。", *headed("决定依据", notice.reason))
    note = "确认后登记并告知该单位或个人。"
    return Card("请确认有关部门的决定", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def recommendation_decided(notice: RecommendationDecided, _zone: tzinfo) -> Card:
    """To the office, and to whose account it is."""
    what = "取消" if notice.loses else "不取消"
    lines = (f"{notice.account}：经有关部门决定，{what}{notice.year}年度评优资格。", *headed("决定依据", notice.reason))
    return Card("评优资格：决定已登记" if notice.to_office else "评优资格决定", lines)


@card_of.register
def award_ask(notice: AwardAsk, _zone: tzinfo) -> Card:
    """Who would be kept as winners; what speaks against it is said, and people decide."""
    lines = [f"{wide(notice.award)}：{listed(notice.winners)}。"]
    if notice.excluded:
        lines.append(f"其中{listed(notice.excluded)}本年度不参评，请核对。")
    if notice.unfit:
        lines.append(f"其中{listed(notice.unfit)}不在可评名单内（类别或等次不符），请核对。")
    if notice.unlisted:
        lines.append(f"其中{listed(notice.unlisted)}不在名册内，请核对名称。")
    count = notice.before + len(notice.winners)
    if notice.quota is not None and count > notice.quota:
        lines.append(f"名额{notice.quota}个，登记后共{count}个，请核对。")
    lines += ["该办法正在试运行，不能登记。"] if notice.trial else []
    return Card("请确认授奖名单", tuple(lines), Tone.AMBER, buttons=(CONFIRM, CANCEL))


@card_of.register
def take_back_ask(notice: TakeBackAsk, _zone: tzinfo) -> Card:
    """From whom it would be taken, and why."""
    lines = (f"{wide(notice.award)}：{listed(notice.winners)}。", *headed("理由", notice.reason))
    note = "确认后登记并告知该单位；授奖和撤回均留存备查。"
    return Card("请确认撤回授奖", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def award_taken_back(notice: AwardTakenBack, _zone: tzinfo) -> Card:
    """To the unit, or as a receipt."""
    lines = [f"{wide(notice.award)}：{listed(notice.winners)}，授奖已撤回。", *headed("理由", notice.reason)]
    if notice.untold:
        lines.append(f"{listed(notice.untold)}不在名册内，系统未能告知，请另行告知。")
    return Card("撤回授奖已登记" if notice.to_office else "撤回授奖", tuple(lines), Tone.AMBER)


@card_of.register
def award_table(notice: AwardTable, _zone: tzinfo) -> Card:
    """Award by award, and what they come to."""
    lines = [text for line in notice.lines for text in _award(line)]
    for currency, summed, complete in notice.sums:
        lines.append(f"合计{show(summed)}{currency}{notice.mark}{'' if complete else '（未含金额未设定的奖项）'}。")
    if notice.unset:
        lines.append(f"金额未设定，不计入合计：{listed(notice.unset)}。")
    note = f"登记授奖名单，请回复“授奖 奖项 名单”。{stand_in_explained(notice.mark)}"
    return Card(f"{notice.year}年度奖励", (f"依据{edition(notice.programme, '')}：", *lines), note=note)


@card_of.register
def sample_ask(notice: SampleAsk, _zone: tzinfo) -> Card:
    """From whom how many."""
    lines = (f"从{wide(notice.peers)}{len(notice.candidates)}个中抽{notice.wanted}个：{listed(notice.candidates)}。",)
    note = "确认时由系统随机抽取，名单即行封存，不能更改；同时记录随机种子，供复核。"
    return Card("请确认抽查", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def sample_drawn(notice: SampleDrawn, zone: tzinfo) -> Card:
    """The list, the seed, and how anybody draws it again."""
    return Card("抽查名单已封存", tuple(_sample(notice, zone)), Tone.GREEN, note=_METHOD)


@card_of.register
def sample_list(notice: SampleList, zone: tzinfo) -> Card:
    """Every drawing with its seed."""
    if not notice.samples:
        return saying("尚未抽查。抽查请回复“抽查 类别 2个”。")
    lines = tuple(line for one in notice.samples for line in _sample(one, zone))
    return Card(f"抽查名单{len(notice.samples)}份", lines, note=_METHOD)


_METHOD = (
    "复核办法（可请技术人员办理）：对“随机种子、换行、单位名称”逐家计算SHA-256（UTF-8编码），"
    "按所得十六进制数由小到大取前几家，即为抽中单位。"
)


def _sample(notice: SampleDrawn, zone: tzinfo) -> Iterable[str]:
    yield f"{notice.number}，{dated(notice.at, zone)}，{notice.by}抽取。"
    yield f"抽中：{listed(notice.chosen)}。"
    yield f"从{wide(notice.peers)}{len(notice.candidates)}个中抽取：{listed(notice.candidates)}。"
    yield f"随机种子：{notice.seed}。"


def _account(line: EligibilityLine, zone: tzinfo) -> Iterable[str]:
    account = holder(line.account, personal=line.personal)
    # A veto takes no point away: the total stands beside it (R89).
    points = f"核定{total(line.total)}，" if line.total is not None and line.standing == _VETOED else ""
    yield f"{edition(line.programme, line.version)}，{account}：{points}{line.standing}。"
    for flag in line.flags:
        yield f"　{_flag(flag, zone)}。"


def _flag(flag: FlagLine, zone: tzinfo) -> str:
    place = "，".join(part for part in (wide(flag.cite), flag.entry) if part)
    when = f"{clock(flag.at, zone)}" if flag.at is not None else ""
    facts = "，".join(part for part in (when, wide(flag.fact)) if part)
    decided = f"；有关部门决定：{wide(flag.decided)}" if flag.decided else ""
    return f"{flag.flag}（{place}）{facts}{decided}"


def _award(line: AwardLine) -> Iterable[str]:
    amount = f"每个{show(line.amount)}{line.currency}" if line.amount is not None else "金额未设定"
    quota = f"名额{line.quota}个" if line.quota is not None else "名额未设定" if line.quota_unset else "名额不限"
    yield f"{wide(line.name)}（{wide(line.cite)}）：{quota}，{amount}。"
    if line.winners:
        summed = f"，计{show(line.total)}{line.currency}" if line.total is not None else ""
        yield f"　授予{len(line.winners)}个：{listed(line.winners)}{summed}。"
    elif line.choosable:
        yield f"　可评：{listed(line.choosable)}。"
    if line.no_longer_fit:
        how = f"请回复“撤回授奖 {wide(line.name)} {line.no_longer_fit[0]} 理由”"
        yield f"　其中{listed(line.no_longer_fit)}现不符合条件，请核对；须撤回的，{how}。"
    for winner, why in line.taken_back:
        yield f"　已撤回：{winner}（{wide(why)}）。"
    if line.excluded:
        yield f"　不参评：{listed(line.excluded)}。"
