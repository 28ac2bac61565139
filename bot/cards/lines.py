"""条线: ranked apart from the units, and one leader's own place."""

from collections.abc import Iterator
from datetime import tzinfo
from decimal import Decimal

from assessment.notices.lines import LineNotTold, LinePlace, LineRanking, LineUnclear, OwnLineRank
from assessment.points import show
from bot.cards.dispatch import card_of
from bot.cards.phrases import edition, listed, saying, wide
from bot.cards.times import through
from bot.channels.card import Card, Tone


@card_of.register
def line_ranking(notice: LineRanking, zone: tzinfo) -> Card:
    """Every line with its units; what lacks for a ranking is named."""
    head = f"依据{edition(notice.programme, notice.version)}，截至{through(notice.as_of, zone)}："
    lines = [head, *(said for place in notice.lines for said in _place(place))]
    if notice.unset:
        lines.append(f"{listed(tuple(map(wide, notice.unset)))}的分值尚未设定，设定之前不计分、不排名。")
    elif any(place.place is None for place in notice.lines):
        lines.append("有条线的得分尚未确定，暂不排名。")
    note = "尚未公布，请勿外传。"
    if notice.published:
        return Card("条线排名（单位另行排名）", tuple(lines))
    return Card("条线排名（单位另行排名）", tuple(lines), Tone.AMBER, note=note)


@card_of.register
def own_line_rank(notice: OwnLineRank, zone: tzinfo) -> Card:
    """The own place and nobody else's."""
    line, title = notice.line, f"{notice.line.leader}条线名次"
    measure = f"依据{edition(notice.programme, notice.version)}，截至{through(notice.as_of, zone)}。"
    if line.place is None or line.total is None:
        return Card(title, ("暂不能排定。", measure))
    tied = "（并列）" if line.tied else ""
    return Card(title, (f"在{notice.of}个条线中列第{line.place}名{tied}，{_exact(line.total)}。", measure))


@card_of.register
def line_not_told(notice: LineNotTold, _zone: tzinfo) -> Card:
    """Which lines there are."""
    if notice.why is LineUnclear.NO_LINES:
        return saying("目前没有按条线记分的办法。")
    known = f"现有条线：{listed(notice.leaders)}。" if notice.leaders else "名册中没有分管领导。"
    return Card("请写明是哪位领导的条线", (known, "可回复“条线得分 姓名”。"), Tone.AMBER)


def _place(line: LinePlace) -> Iterator[str]:
    said = [_exact(line.total) if line.total is not None else "未定"]
    if line.place is not None:
        said.append(f"第{line.place}名{'（并列）' if line.tied else ''}")
    yield f"{line.leader}：{'，'.join(said)}（{listed(line.units)}）。"


def _exact(points: Decimal) -> str:
    return f"{'−' if points < 0 else ''}{show(abs(points), 4)}分"
