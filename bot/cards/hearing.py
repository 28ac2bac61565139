"""先听情况说明: what those concerned and the office are told while 核定 waits."""

from datetime import tzinfo

from assessment.notices import HearingAsked, HearingTold
from bot.cards.dispatch import card_of
from bot.cards.phrases import BY_UNIT, clause_named, headed, listed, the_office
from bot.cards.points import briefly, proposed_change, whose
from bot.cards.times import by, clock, deadline
from bot.channels.card import Card, Tone


@card_of.register
def hearing_told(notice: HearingTold, zone: tzinfo) -> Card:
    """To those concerned: the office waits for their words, until when, and how to give them."""
    line = notice.line
    whom = "您" if line.personal else BY_UNIT
    return Card(
        f"请作情况说明（{proposed_change(line)}，未核定）",
        (
            f"{whose(line)}：{clause_named(line.cite, line.clause)}，{proposed_change(line)}，编号{line.number}。",
            f"事实：{line.fact}。",
            f"核定前，{the_office(notice.office)}{notice.by}请{whom}先作情况说明。",
            *headed("需说明的问题", notice.question),
            f"请于{by(line.statement_until, zone)}回复“情况说明 {line.number} 内容”。",
        ),
        Tone.AMBER,
        note="核定前为暂计，不记入台账；届时未收到说明的，按现有材料研究是否核定。",
    )


@card_of.register
def hearing_asked(notice: HearingAsked, zone: tzinfo) -> Card:
    """To the office: who was asked, and how long 核定 waits."""
    lines = [briefly(notice.line)]
    if notice.otherwise:
        lines.append(f"已登记告知情况：{notice.question}。")
        lines.append(_how_long(notice, zone))
        return Card("已登记告知，说明期起算", tuple(lines), Tone.GREEN)
    if notice.told:
        when = f"将于{clock(notice.held_until, zone)}发给" if notice.held_until else "已发给"
        lines.append(f"{when}：{listed(notice.told)}。")
    if notice.unreachable or not notice.told:
        whom = f"：{listed(notice.unreachable)}" if notice.unreachable else ""
        lines.append(f"无法送达{whom}。请尽快电话告知。")
    lines += headed("需说明的问题", notice.question)
    if notice.told:
        return Card("已请其作情况说明", (*lines, _how_long(notice, zone)), Tone.GREEN)
    number = notice.line.number
    lines.append(f"说明期未起算。电话等方式告知后，请回复“先听情况说明 {number} 已电话告知”，说明期自登记时起算。")
    lines.append(f"不再等候的，核定须写明理由，请回复“核定 {number} 理由”。")
    return Card("情况说明的告知未能送达", tuple(lines), Tone.AMBER)


def _how_long(notice: HearingAsked, zone: tzinfo) -> str:
    until = deadline(notice.line.statement_until, zone)
    return f"说明期至{until}；收到说明或说明期满后再核定，此前核定须写明理由。"
