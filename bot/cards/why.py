"""为什么: one point with clause, fact, time, person and evidence."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices import Why
from bot.cards.dispatch import card_of
from bot.cards.phrases import change, clause_named, edition, headed, holder, listed, signed, wide
from bot.cards.scores import covered
from bot.cards.times import dated, through
from bot.channels.card import Button, Card


@card_of.register
def why(notice: Why, zone: tzinfo) -> Card:
    """What a person needs to check the point without asking anybody."""
    buttons = (Button("申诉", f"申诉 {notice.entry}"),) if notice.may_appeal else ()
    note = f"如有异议，请回复“申诉 {notice.entry} 理由”。" if notice.may_appeal else ""
    return Card(f"{notice.entry}的依据", tuple(_reasons(notice, zone)), buttons=buttons, note=note)


def _reasons(notice: Why, zone: tzinfo) -> Iterable[str]:
    points = signed(notice.points) if notice.recorded_at is not None else change(notice.points, proposed=True)
    yield f"{_account(notice)}：{points}（{wide(notice.status)}）。"
    yield f"事实：{notice.fact}。"
    yield f"发生时间：{through(notice.occurred_at, zone)}。"
    yield f"条款：{clause_named(notice.cite, notice.clause)}。"
    yield f"原文：“{notice.clause_text}”。"
    yield f"办法：{edition(notice.programme, notice.version)}。"
    yield f"核定情况：{_confirmed(notice, zone)}。"
    yield f"佐证：{listed(notice.evidence) if notice.evidence else '系统记录'}。"
    yield from _files(notice)
    yield from headed("情况说明", notice.statement or "")
    if notice.covered_by:
        yield f"{covered(notice.covered_by)}。"
    if notice.reversed_by:
        yield f"已由{notice.reversed_by}更正，原记录保留。"
    yield from _appeal(notice)


def _files(notice: Why) -> Iterable[str]:
    """佐证3件，已归档: what has become an entry's evidence stays as it is."""
    if notice.files:
        yield f"佐证{notice.files}件{'，已归档，不再撤换' if notice.archived else ''}。"
    if notice.files_since:
        yield f"入账后另收{notice.files_since}件，不在归档之内。"


def _appeal(notice: Why) -> Iterable[str]:
    if not notice.appeal:
        return
    if notice.appeal_upheld is None:
        day = f"，{notice.appeal_day:%-m月%-d日}24:00前答复" if notice.appeal_day is not None else "，答复期限待定"
        yield f"争议中：申诉{notice.appeal}{day}，答复前总分不变。"
        return
    yield f"申诉{notice.appeal}：{'成立' if notice.appeal_upheld else '不成立'}。"
    yield from headed("答复理由", notice.appeal_answer)


def _account(notice: Why) -> str:
    """A person is named with the unit."""
    if notice.account == notice.unit:
        return notice.unit
    return holder(notice.unit + notice.account.removeprefix(notice.unit), personal=True)


def _confirmed(notice: Why, zone: tzinfo) -> str:
    if notice.recorded_at is None:
        return "尚未核定，为暂计"
    return f"{notice.confirmed_by}，{dated(notice.recorded_at, zone)}入账，台账编号{notice.entry}"
