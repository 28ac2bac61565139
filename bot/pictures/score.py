"""The picture of 得分: an account or several, each with its two totals and every line that makes them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.scorecard import Status
from bot.pictures import palette, svg
from bot.pictures.figures import figure, signed
from bot.pictures.lettering import Setting, fit, width
from bot.pictures.page import LEFT, RIGHT, STAND_IN, STAND_IN_NOTE, Page, tag, tag_width
from bot.pictures.svg import Anchor

_SMALL = 40
"""The smallest words: a phone's chat shows the 1000 pixels of a picture at about 364, so that these are 14."""
_NAME = 44
_POINTS = (50, 46, _SMALL)
_BIG = (128, 112, 96, 76, 60, 50, 44, _SMALL)
_BIGGISH = (88, 76, 64, 52, 46, _SMALL)
_PANEL_HEIGHT = 280
_HALF = 500
_NARROWEST, _MOST_POINTS = 150, 270
"""So wide the column of points is at least, and at most: four places and ◇ in the smallest size."""
_MOST_LINES = 12
"""More in one picture would no longer be read on a phone; 明细 has them all."""

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


def draw_score(*scores: ScorePicture, left_out: Iterable[str] = ()) -> str:
    """The SVG of one account's score, or of several below each other; the same bytes for the same facts.

    `left_out` are sentences on what belongs to the same answer and is not drawn.
    """
    page = Page()
    told: set[str] = set()
    left = _MOST_LINES
    for score in scores:
        facts = (score.programme, f"截至{score.as_of}")
        page.heading(score.account, [fact for fact in facts if fact not in told], _SMALL, trial=score.trial)
        told.update(facts)
        left -= _draw_account(page, score, left)
        page.y += 20
    page.notes((*_common_notes(scores), *left_out), _SMALL, most_lines=4)
    return page.picture(f"{'、'.join(score.account for score in scores)}得分，截至{scores[0].as_of}", 36)


def _draw_account(page: Page, score: ScorePicture, most: int) -> int:
    """Totals, base and lines of one account, of these at most so many; return how many were drawn."""
    page.y += 16
    _draw_totals(page, score)
    page.y += 20
    if score.base:
        _draw_row(page, "基础分", figure(score.base), palette.INK)
    left = most
    for section in _sections(score.lines):
        shown = section.lines[:left]
        if shown or section.sum is not None:
            _draw_section(page, section, shown)
        left -= len(shown)
    if not score.lines:
        page.add(svg.words(LEFT + 16, page.y + 48, "没有加分、扣分记录。", _NAME, palette.MUTED))
        page.y += 68
    page.y += 12
    page.notes(_notes(score, len(score.lines) - (most - left)), _SMALL, most_lines=6)
    return most - left


def _draw_totals(page: Page, score: ScorePicture) -> None:
    top = page.y
    page.add(svg.rectangle(LEFT, top, RIGHT - LEFT, _PANEL_HEIGHT, fill=palette.PANEL, round_=14))
    page.add(svg.line(((_HALF, top + 28), (_HALF, top + 196)), palette.RULE))
    unit = f"分{STAND_IN}" if score.stand_in else "分"
    _draw_total(page, LEFT + 28, "核定", score.confirmed, unit, _BIG, palette.NAVY)
    _draw_total(page, _HALF + 28, _second_word(score), score.provisional, unit, _BIGGISH, palette.AMBER)
    page.add(svg.words(LEFT + 28, top + 252, _difference(score), _SMALL, palette.INK))
    page.y += _PANEL_HEIGHT


def _draw_total(
    page: Page, x: int, label: str, total: Decimal | None, unit: str, sizes: tuple[int, ...], colour: str
) -> None:
    room = _HALF - LEFT - 28 - 30 - width(unit, _SMALL)
    setting = fit("未设定" if total is None else figure(total), room, sizes)
    baseline = page.y + 186
    page.add(svg.words(x, page.y + 56, label, _SMALL, palette.MUTED))
    page.add(svg.words(x, baseline, setting.lines[0], setting.size, colour))
    if total is not None:
        page.add(svg.words(x + setting.width + 12, baseline, unit, _SMALL, palette.MUTED))


def _second_word(score: ScorePicture) -> str:
    return "暂估" if score.estimated else "暂计"


def _difference(score: ScorePicture) -> str:
    if score.confirmed is None or score.provisional is None:
        return "分值未设定，不计算总分"
    word = _second_word(score)
    less = score.provisional - score.confirmed
    if less == 0:
        return f"{word}与核定一致"
    waiting = sum(line.status in _OPEN for line in score.lines)
    cause = f"，待核定{waiting}条" if waiting else ""
    return f"{word}比核定{'少' if less < 0 else '多'} {figure(abs(less))} 分{cause}"


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
    page.add(svg.rectangle(LEFT, page.y, RIGHT - LEFT, 64, fill=palette.PANEL, round_=8))
    page.add(svg.words(LEFT + 16, page.y + 46, section.title, _SMALL, section.colour))
    page.add(svg.words(RIGHT - 16, page.y + 46, subtotal, _SMALL, section.colour, Anchor.END))
    page.y += 76
    column = max((fit(_value(line), RIGHT - LEFT, _POINTS).width for line in shown), default=0)
    for line in shown:
        _draw_line(page, line, section.colour, max(min(column, _MOST_POINTS), _NARROWEST))


def _draw_row(page: Page, label: str, value: str, colour: str) -> None:
    page.add(svg.words(LEFT + 16, page.y + 50, label, _NAME, palette.INK))
    page.add(svg.words(RIGHT - 16, page.y + 52, value, _POINTS[0], colour, Anchor.END))
    page.y += 72


def _draw_line(page: Page, line: ScoreLine, colour: str, column: int) -> None:
    counts = line.status not in _NOT_COUNTED
    top, x = page.y, LEFT + 16
    word = _tag_word(line)
    if word:
        page.add(*tag(x, top + 1, word, colour))
        x += tag_width(word) + 24
    value = fit(_value(line), column, _POINTS)
    name = fit(line.name, RIGHT - 16 - column - 20 - x, (_NAME, _SMALL), 3)
    about = fit(_about(line), RIGHT - LEFT - 32, (_SMALL,), 5)
    page.add(*svg.block(x, top, name, palette.INK if counts else palette.MUTED))
    page.add(svg.words(RIGHT - 16, top + 46, value.lines[0], value.size, colour, Anchor.END))
    page.y = top + max(name.height, 60) + 4
    page.add(*svg.block(LEFT + 16, page.y, about, palette.MUTED))
    page.y += _height_of(about) + 18
    page.add(svg.line(((LEFT, page.y - 4), (RIGHT, page.y - 4)), palette.RULE, 1))
    page.y += 10


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


def _notes(score: ScorePicture, not_listed: int) -> Iterator[str]:
    if score.raw is not None:
        yield f"各项合计 {figure(score.raw)} 分，按办法规定的总分上下限计算。"
    if score.estimated:
        yield f"未设定分值：{'、'.join(score.estimated)}。"
    if not_listed:
        yield f"另有{not_listed}条未列出，小计已包括，请发送“明细”查看。"


def _common_notes(scores: Iterable[ScorePicture]) -> Iterator[str]:
    """What is said once, however many accounts there are."""
    listed = tuple(scores)
    if any(score.stand_in or any(line.stand_in for line in score.lines) for score in listed):
        yield STAND_IN_NOTE
    if any(line.number for score in listed for line in score.lines):
        yield "需要查看某条依据，请发送“为什么”和编号。"
