"""The picture of 得分: one account, its two totals, and every line that makes them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.scorecard import Status
from bot.pictures import palette, svg
from bot.pictures.figures import figure, signed
from bot.pictures.lettering import Setting, fit
from bot.pictures.page import LEFT, RIGHT, STAND_IN, STAND_IN_NOTE, Page, tag, tag_width
from bot.pictures.svg import Anchor

_SMALL = 28
_NAME = 34
_POINTS = 40
_BIG = (112, 96, 76, 60, 46, 36, 28, 22)
_BIGGISH = (76, 64, 52, 44, 36, 28, 22)
_PANEL_HEIGHT = 208
_HALF = 500
_POINTS_ROOM = 190
_MOST_LINES = 16
"""More would no longer be read on a phone; 明细 has them all."""

_COUNTED = frozenset({Status.COUNTED})
_OPEN = frozenset({Status.PROVISIONAL})
_VALUELESS = frozenset({Status.UNSET, Status.UNDECIDED})
_NOT_COUNTED = frozenset({Status.SUPPRESSED, Status.REVERSED, Status.REVERSAL})


@dataclass(frozen=True)
class ScoreLine:
    """One line of the account."""

    name: str
    """What the clause is called."""
    cite: str
    """Its place in the measure, as 四(一)2."""
    points: Decimal | None
    """What it adds or takes off where it counts; None while nobody has decided that."""
    status: Status = Status.COUNTED
    number: str = ""
    """By which its reasons can be asked for."""
    day: date | None = None
    """When it happened, in the domain's zone."""
    reason: str = ""
    """For a line that does not count: why; for others the fact, where there is room for it."""
    stand_in: bool = False


@dataclass(frozen=True)
class ScorePicture:
    """What the card shows. Nothing is computed but differences and subtotals of the lines."""

    account: str
    programme: str
    """As an office cites it, with its edition."""
    as_of: str
    """As `bot.cards.times.through` writes it."""
    base: Decimal
    confirmed: Decimal | None
    """None where a total cannot be formed: 未设定."""
    provisional: Decimal | None
    lines: tuple[ScoreLine, ...] = ()
    raw: Decimal | None = None
    """The sum before cap and floor, where these changed it."""
    estimated: tuple[str, ...] = ()
    """Names of what is not set: with any, the second total is 暂估."""
    stand_in: bool = False
    trial: bool = False


@dataclass(frozen=True)
class _Section:
    title: str
    sum: Decimal | None
    lines: tuple[ScoreLine, ...]
    colour: str


def draw_score(score: ScorePicture) -> str:
    """The SVG of one account's score; the same bytes for the same facts."""
    page = Page()
    page.heading(score.account, (score.programme, f"截至{score.as_of}"), _SMALL + 2, trial=score.trial)
    page.y += 20
    _draw_totals(page, score)
    page.y += 20
    _draw_row(page, "基础分", figure(score.base), palette.INK)
    left = _MOST_LINES
    for section in _sections(score.lines):
        shown = section.lines[:left]
        if shown or section.sum is not None:
            _draw_section(page, section, shown)
        left -= len(shown)
    if not score.lines:
        page.add(svg.words(LEFT + 16, page.y + 40, "没有加分、扣分记录。", _NAME, palette.MUTED))
        page.y += 52
    page.y += 12
    page.notes(_notes(score), _SMALL)
    return page.picture(f"{score.account}得分，截至{score.as_of}", 36)


def _draw_totals(page: Page, score: ScorePicture) -> None:
    top = page.y
    page.add(svg.rectangle(LEFT, top, RIGHT - LEFT, _PANEL_HEIGHT, fill=palette.PANEL, round_=14))
    page.add(svg.line(((_HALF, top + 28), (_HALF, top + _PANEL_HEIGHT - 28)), palette.RULE))
    mark = STAND_IN if score.stand_in else ""
    _draw_total(page, LEFT + 28, "核定", score.confirmed, mark, _BIG, palette.NAVY)
    _draw_total(page, _HALF + 28, _second_word(score), score.provisional, mark, _BIGGISH, palette.AMBER)
    difference = fit(_difference(score), RIGHT - _HALF - 40, (_SMALL, 26, 24, 22, 20, 18, 16))
    page.add(svg.words(_HALF + 28, top + 184, difference.lines[0], difference.size, palette.INK))
    page.y += _PANEL_HEIGHT


def _draw_total(
    page: Page, x: int, label: str, total: Decimal | None, mark: str, sizes: tuple[int, ...], colour: str
) -> None:
    room = _HALF - LEFT - 28 - 90
    setting = fit("未设定" if total is None else figure(total) + mark, room, sizes)
    baseline = page.y + (172 if sizes is _BIG else 132)
    page.add(svg.words(x, page.y + 46, label, 32, palette.MUTED))
    page.add(svg.words(x, baseline, setting.lines[0], setting.size, colour))
    if total is not None:
        page.add(svg.words(x + setting.width + 12, baseline, "分", 34, palette.MUTED))


def _second_word(score: ScorePicture) -> str:
    return "暂估" if score.estimated else "暂计"


def _difference(score: ScorePicture) -> str:
    if score.confirmed is None or score.provisional is None:
        return "分值未设定，不计算总分"
    less = score.provisional - score.confirmed
    if less == 0:
        return "与核定一致"
    waiting = sum(line.status in _OPEN for line in score.lines)
    cause = f"，待核定{waiting}条" if waiting else ""
    return f"比核定{'少' if less < 0 else '多'} {figure(abs(less))} 分{cause}"


def _sections(lines: tuple[ScoreLine, ...]) -> Iterator[_Section]:
    """The groups that are not empty, in the order in which a total is made."""
    counted = _those(lines, _COUNTED)
    for section in (
        _summed("加分", [line for line in counted if (line.points or 0) >= 0], palette.GREEN),
        _summed("扣分", [line for line in counted if (line.points or 0) < 0], palette.RED),
        _summed("待核定（只计入暂计）", _those(lines, _OPEN), palette.AMBER),
        _Section("分值未定（未计入）", None, _those(lines, _VALUELESS), palette.AMBER),
        _Section("不计入", None, _those(lines, _NOT_COUNTED), palette.MUTED),
    ):
        if section.lines:
            yield section


def _those(lines: Iterable[ScoreLine], states: frozenset[Status]) -> tuple[ScoreLine, ...]:
    return tuple(line for line in lines if line.status in states)


def _summed(title: str, lines: Iterable[ScoreLine], colour: str) -> _Section:
    listed = tuple(lines)
    return _Section(title, sum((line.points or Decimal(0) for line in listed), Decimal(0)), listed, colour)


def _draw_section(page: Page, section: _Section, shown: tuple[ScoreLine, ...]) -> None:
    page.y += 14
    subtotal = "" if section.sum is None else f"小计 {signed(section.sum)}"
    page.add(svg.rectangle(LEFT, page.y, RIGHT - LEFT, 52, fill=palette.PANEL, round_=8))
    page.add(svg.words(LEFT + 16, page.y + 37, section.title, 30, section.colour))
    page.add(svg.words(RIGHT - 16, page.y + 37, subtotal, 30, section.colour, Anchor.END))
    page.y += 60
    for line in shown:
        _draw_line(page, line, section.colour)


def _draw_row(page: Page, label: str, value: str, colour: str) -> None:
    page.add(svg.words(LEFT + 16, page.y + 44, label, _NAME, palette.INK))
    page.add(svg.words(RIGHT - 16, page.y + 46, value, _POINTS, colour, Anchor.END))
    page.y += 60


def _draw_line(page: Page, line: ScoreLine, colour: str) -> None:
    counts = line.status not in _NOT_COUNTED
    top, x = page.y, LEFT + 16
    word = _tag_word(line)
    if word:
        page.add(*tag(x, top + 3, word, colour))
        x += tag_width(word) + 14
    value = fit(_value(line), _POINTS_ROOM, (_POINTS, 34, 28, 24, 20, 16))
    name = fit(line.name, RIGHT - 16 - _POINTS_ROOM - 20 - x, (_NAME,), 2)
    about = fit(_about(line), RIGHT - LEFT - 32, (_SMALL,), 3)
    page.add(*svg.block(x, top, name, palette.INK if counts else palette.MUTED))
    page.add(svg.words(RIGHT - 16, top + 38, value.lines[0], value.size, colour, Anchor.END))
    page.add(*svg.block(LEFT + 16, top + name.height + 6, about, palette.MUTED))
    page.y = top + name.height + 6 + _height_of(about) + 16
    page.add(svg.line(((LEFT, page.y - 4), (RIGHT, page.y - 4)), palette.RULE, 1))
    page.y += 8


def _height_of(setting: Setting) -> int:
    return setting.height if any(setting.lines) else 0


def _tag_word(line: ScoreLine) -> str:
    """The state as a word, which a counted line does not need."""
    if line.status is Status.COUNTED:
        return ""
    if line.status is Status.PROVISIONAL and line.points:
        return "拟扣" if line.points < 0 else "拟加"
    return line.status.value


def _value(line: ScoreLine) -> str:
    """The column adds up to the totals, so that what does not count has no figure in it."""
    if line.status in _NOT_COUNTED:
        return "不计"
    if line.points is None:
        return "未定"
    return signed(line.points) + (STAND_IN if line.stand_in else "")


def _about(line: ScoreLine) -> str:
    day = "" if line.day is None else f"{line.day.month}月{line.day.day}日"
    unused = f"原 {signed(line.points)} 分" if line.status in _NOT_COUNTED and line.points is not None else ""
    return "，".join(filter(None, (line.cite, day, line.number, unused, line.reason)))


def _notes(score: ScorePicture) -> Iterator[str]:
    if score.raw is not None:
        yield f"各项合计 {figure(score.raw)} 分，按办法规定的总分上下限计算。"
    if score.estimated:
        yield f"未设定分值：{'、'.join(score.estimated)}。"
    if len(score.lines) > _MOST_LINES:
        yield f"另有{len(score.lines) - _MOST_LINES}条未列出，小计已包括，请发送“明细”查看。"
    if score.stand_in or any(line.stand_in for line in score.lines):
        yield STAND_IN_NOTE
    if any(line.number for line in score.lines):
        yield "需要查看某条依据，请发送“为什么”和编号。"
