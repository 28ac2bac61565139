"""The picture of 排名: one peer group, best first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.pictures import palette, svg
from bot.pictures.axis import Axis, axis_over
from bot.pictures.figures import column, figure
from bot.pictures.lettering import Setting, fit, width
from bot.pictures.page import LEFT, RIGHT, STAND_IN, STAND_IN_NOTE, Page
from bot.pictures.svg import Anchor

_SIZE = 28
_NAME_SIZES = (28, 26, 24)
_NOTE_SIZE = 26
_ROW = 44
_PLACE_ROOM = 64
_NAMES_LEFT = LEFT + _PLACE_ROOM
_NAME_ROOM = 330
_BARS_LEFT = _NAMES_LEFT + _NAME_ROOM + 18
_OWN = "本单位"
_OWN_SIZE = 24
_LEADING_PLACES = 3


@dataclass(frozen=True)
class RankingRow:
    """One unit, as the domain placed it."""

    name: str
    place: int | None
    """None where it cannot be placed; such rows stand at the end, whatever their order."""
    total: Decimal | None
    lacking: str = ""
    """For a row without place or total: 暂估 or 未设定."""
    own: bool = False
    stand_in: bool = False


@dataclass(frozen=True)
class RankingPicture:
    """What the picture shows. Places come from the domain; equals share one."""

    title: str
    peers: str
    """Whom the group consists of."""
    as_of: str
    """As `bot.cards.times.through` writes it."""
    kind: str
    """Which total: 核定, 暂计."""
    rows: tuple[RankingRow, ...]
    base: Decimal | None = None
    trial: bool = False


def draw_ranking(ranking: RankingPicture) -> str:
    """The SVG of one ranking, 1000 pixels wide and as high as it has rows."""
    page = Page()
    about = (ranking.peers, f"共{len(ranking.rows)}家", f"{ranking.kind}得分", f"截至{ranking.as_of}")
    page.heading(ranking.title, about, _SIZE, trial=ranking.trial)
    page.y += 16
    rows = tuple(sorted(ranking.rows, key=_order))
    axis = axis_over(_placed_totals(rows) + (() if ranking.base is None else (ranking.base,)))
    totals = _totals(rows)
    settings = tuple(_name(row) for row in rows)
    bars_right = RIGHT - 24 - max((width(total, _SIZE) for total in totals), default=0) - 20
    if _placed_totals(rows):
        _draw_grid(page, axis, bars_right, sum(map(_row_height, settings)), ranking.base)
    for row, total, name in zip(rows, totals, settings, strict=True):
        _draw_row(page, row, total, name, axis, bars_right)
    page.y += 44 if _placed_totals(rows) else 12
    page.notes(_notes(ranking, axis), _NOTE_SIZE)
    return page.picture(f"{ranking.title}，截至{ranking.as_of}", 24)


def _order(row: RankingRow) -> tuple[bool, int]:
    return row.place is None, row.place or 0


def _placed_totals(rows: tuple[RankingRow, ...]) -> tuple[Decimal, ...]:
    return tuple(row.total for row in rows if row.total is not None and row.place is not None)


def _totals(rows: tuple[RankingRow, ...]) -> tuple[str, ...]:
    """What stands at the right: equally many places, and a word where there is no figure."""
    written = column(row.total for row in rows if row.total is not None)
    return tuple(_total(row, written) for row in rows)


def _total(row: RankingRow, written: dict[Decimal, str]) -> str:
    if row.total is None:
        return row.lacking or "未设定"
    word = f"{row.lacking} " if row.lacking else ""
    return f"{word}{written[row.total]}{STAND_IN if row.stand_in else ''}"


def _name(row: RankingRow) -> Setting:
    room = _NAME_ROOM - (width(_OWN, _OWN_SIZE) + 24 if row.own else 0)
    return fit(row.name, room, _NAME_SIZES, 3)


def _row_height(name: Setting) -> int:
    return _ROW + (len(name.lines) - 1) * name.leading


def _draw_grid(page: Page, axis: Axis, right: int, height: int, base: Decimal | None) -> None:
    """Faint lines with their figures below, as many as there is room for."""
    foot = page.y + height
    free = svg.WIDTH
    for mark in reversed(axis.marks):
        x = axis.at(mark, _BARS_LEFT, right)
        page.add(svg.line(((x, page.y), (x, foot)), palette.RULE, 1))
        half = width(figure(mark), _OWN_SIZE) // 2 + 8
        if x + half <= free:
            page.add(svg.words(x, foot + 30, figure(mark), _OWN_SIZE, palette.MUTED, Anchor.MIDDLE))
            free = x - half
    if base is not None:
        x = axis.at(base, _BARS_LEFT, right)
        page.add(svg.line(((x, page.y), (x, foot)), palette.AMBER, 2, "6 6"))


def _draw_row(page: Page, row: RankingRow, total: str, name: Setting, axis: Axis, right: int) -> None:
    height = _row_height(name)
    top, middle = page.y, page.y + height // 2
    page.add(*_place(row, middle))
    page.add(*svg.block(_NAMES_LEFT, middle - name.height // 2, name, palette.NAVY if row.own else palette.INK))
    if row.place is not None and row.total is not None:
        page.add(_bar(row, row.total, middle, axis, right))
    colour = palette.INK if row.place is not None else palette.MUTED
    page.add(svg.words(RIGHT - 12, middle + 10, total, _SIZE, colour, Anchor.END))
    if row.own:
        page.add(
            svg.rectangle(LEFT - 12, top + 1, RIGHT - LEFT + 24, height - 2, stroke=palette.NAVY, thick=3, round_=8)
        )
        end = _NAMES_LEFT + _NAME_ROOM
        wide = width(_OWN, _OWN_SIZE) + 12
        page.add(svg.rectangle(end - wide, middle - 17, wide, 34, fill=palette.NAVY, round_=6))
        page.add(svg.words(end - wide // 2, middle + 9, _OWN, _OWN_SIZE, palette.PAPER, Anchor.MIDDLE))
    page.y += height


def _place(row: RankingRow, middle: int) -> Iterator[svg.Markup]:
    x = LEFT + 22
    if row.place is None:
        yield svg.words(x, middle + 10, "—", _SIZE, palette.MUTED, Anchor.MIDDLE)
        return
    leads = row.place <= _LEADING_PLACES
    if leads:
        yield svg.dot(x, middle, 18, fill=palette.NAVY, stroke=palette.NAVY, thick=0)
    colour = palette.PAPER if leads else palette.INK
    yield svg.words(x, middle + 10, str(row.place), _SIZE, colour, Anchor.MIDDLE)


def _bar(row: RankingRow, total: Decimal, middle: int, axis: Axis, right: int) -> svg.Markup:
    """From 0, or from where the axis is cut; a minus goes to the left of 0."""
    foot = axis.at(max(axis.start, Decimal(0)), _BARS_LEFT, right)
    end = axis.at(total, _BARS_LEFT, right)
    fill = palette.NAVY if row.own else palette.BLUE
    return svg.rectangle(min(foot, end), middle - 13, abs(end - foot), 26, fill=fill, round_=3)


def _notes(ranking: RankingPicture, axis: Axis) -> Iterator[str]:
    placed = [row.place for row in ranking.rows if row.place is not None]
    first = []
    if placed and axis.is_cut:
        first.append(f"横轴自 {figure(axis.start)} 分起")
    if placed and ranking.base is not None:
        first.append(f"虚线为基础分 {figure(ranking.base)} 分")
    if any(count > 1 for count in Counter(placed).values()):
        first.append("得分相同的名次并列")
    if first:
        yield "；".join(first) + "。"
    if len(placed) < len(ranking.rows):
        yield "未设定分值或得分为暂估的单位，不排名次，列于最后。"
    if any(row.stand_in for row in ranking.rows):
        yield STAND_IN_NOTE
