"""A report taken apart into pieces that have a meaning: names, figures, periods, 完成 and 预测, and the rest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from assessment.indicator_names import IndicatorNames, Named, NamedElsewhere
from assessment.numerals import Quantity, QuantityReader, Unreadable
from assessment.periods_text import NamedPeriod, scan_period
from assessment.submission import Figure
from assessment.typed_text import WordTable
from assessment.units_of_measure import PERCENT


class Word(Enum):
    """What a piece without a value of its own is good for."""

    COMPARISON = auto()
    """The next figure is a comparison, a target or a degree, not the indicator's own: 同比, 目标."""
    BESIDE = auto()
    """A comparison, and so is a name that follows: 去年."""
    AMONG = auto()
    """A part of what was said before: 其中."""
    SINGLE_MONTH = auto()
    """The next figure is of one month only: 当月."""
    CORRECTION = auto()
    """The next figure stands for the last one: 不对,是."""
    NIL = auto()
    """Nothing to report: 零报告, 未开展."""
    FILLER = auto()
    """Says nothing: 为, 领导好, brackets."""
    BREAK = auto()
    """A comma or the like."""
    LINE = auto()
    """A line break."""
    UNKNOWN = auto()
    """Not understood."""


@dataclass(frozen=True)
class Mark:
    """完成, 预测 …: which of the two figures is meant."""

    figure: Figure
    whole_year: bool = False
    """Only 全年 was said, which in the year's last period is no forecast."""
    heading: bool = False
    """It stands over what follows (预测:, 预测如下), not only before one figure."""


@dataclass(frozen=True)
class CohortName:
    """The name of a cohort of some own indicator."""

    name: str


@dataclass(frozen=True)
class StatedUnit:
    """(万元/亩) behind a name: one of the unit that the figures behind it count in."""

    one: Quantity


Meaning = Named | NamedElsewhere | CohortName | NamedPeriod | Mark | StatedUnit | Quantity | Unreadable | Word


@dataclass(frozen=True)
class Piece:
    """`text[start:end]` and what it means."""

    start: int
    end: int
    meaning: Meaning


_YEAR_END = "(?:全年度?|年度|年底|年末|年终|今年)"
_DONE = "(?:完成|实现|达到|达)"
_HOPE = "(?:的话|累计|可以|能够?|可|将|要|力争|争取|有望|只有|只能?|也|仅|是|调整|分别(?=[完实达为是到]))*"
"""What stands between 全年 or 预测 and its figure without changing it."""
_PATTERNS = {
    "forecast": f"[到至]?{_YEAR_END}?(?:目标)?(?:[预予][测计]|预[侧期估]){_YEAR_END}?"
    f"(?:数据?|值)?{_HOPE}{_DONE}?[为到是]?"
    "|预(?= ?[0-9])",
    "target": "(?:全年|年度|年)?(?:目标任务|目标|基本任务|任务|满分(?:指标|目标|值)?)(?:数|值)?[为是的]?",
    "year": f"[到至]?(?:全年度?|年底|年末|年终){_HOPE}{_DONE}?到?",
    "rank": "(?:排名?|位居|居|位列|名列)(?:在)?(?:全?[省市县国])?第[0-9一二三四五六七八九十]{1,3}[位名]?"
    "|第[0-9一二三四五六七八九十]{1,3}[位名]",
    "among": "其中",
    "beside": "[较比]?(?:上年|去年|前年|上个?月|上季)[度底末]?(?:同期|同月)?",
    "comparison": "(?:同比|环比|[较比](?:年初|同期)(?:预期)?|(?:前面|原来|原先|之前|上次)(?:那个|那条|报|填|写|的)+"
    "|不是(?:前面|原来)?(?:那个|的)?|增幅|降幅|涨幅|增收|上调|下调|对照|[离距](?=[^,;。\\n]{0,8}[0-9])|(?:还有?|相|仅)?差(?=[0-9])"
    "|还有(?=[0-9])|[较比](?=上半年)"
    "|完成率|完成进度|时间进度|序时进度|超序时|占(?:年度|全年|年)?(?:目标|任务|计划)(?:任务)?的?"
    "|完成(?:年度|全年)?(?:满分)?(?:目标|任务)|排名?第?|排第|位居|位列|列第|差距|还差|相差)[为是]?"
    "|[较比](?=[0-9一二三四五六七八九十]{1,2}月)"
    "|[由从](?![0-9]{1,2}月)(?=[^,。;\n]{1,14}?[到至为])",
    "actual": "(?:累计|实际|现已|已经?|目前)*(?:完成(?!情况)|实现|达到|达|累计|实绩|实际)(?:了|数|值)?",
    "single": "(?:[本当单]月份?|这个月)(?![无没暂未零]|累计|份)",
    "nil": "零报告|(?:本月|本期|本季)?[暂尚]?(?:无新?进展|没有进展|未开展|没有开展|未启动)|[暂尚]无(?!法|数据|统计)",
    "date": "(?:20[0-9]{2}[-./年])?(?:1[0-2]|0?[1-9])[-./月](?:3[01]|[12][0-9]|0?[1-9])[日号]"
    "|20[0-9]{2}[-./](?:1[0-2]|0?[1-9])[-./](?:3[01]|[12][0-9]|0?[1-9])(?![0-9])"
    "|(?:3[01]|[12][0-9]|0?[1-9])[日号]",
    "phone": "(?:联系)?(?:电话|手机)(?:号码)?[: ]*[0-9][0-9-]{6,}",
    "number_of_something": "1[3-9][0-9]{9}(?![0-9.%‰])|[0-2]?[0-9]:[0-5][0-9](?![0-9])",
    "list": "(?:(?<=\n)|(?<![^。;])) ?[(]?[一二三四五六七八九十]{1,2}(?:[)]、?|、|[.](?![0-9]))",
    "correction": "(?:不对|[写打报说]错了?)[,、 ]*应?该?[是为]",
    "filler": "[本当]月份?(?=累计)|各位领导|领导|您好|你好|大家好|老师|同志|好的?|谢谢|请(?:查收|审阅|审核|领导)?|现将"
    "|报送|上报|填报|交月报|报进度|更正|如下|今年以来|年初以来|今年|本年|以来|截至|截止|目前|现在|当前|我们|我[镇乡县局办区市村]|我单位?|本(?:单位|[局镇县乡])?"
    "|共计|合计|总计|指标|完成情况|情况|数据|数值|汇报|附件|[报填整共为是了的数值已现]"
    "|还是|只有|[仅只也](?=[有能是0-9])|(?<=[0-9%万亿元吨点])(?:没动|没变|不变)|持平|分别(?=[完实达为是到0-9])",
    "break": "[,、;。!?/|]|[.](?![0-9])|[和及与](?=[0-9])",
    "line": "\n",
    "space": "[ :()【】\\[\\]\"“”‘’'<>《》*#_~〜=→>]|[—–-]+",
}
_WORDS = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items()))
_MEANINGS = {
    "target": Word.COMPARISON,
    "comparison": Word.COMPARISON,
    "among": Word.AMONG,
    "beside": Word.BESIDE,
    "single": Word.SINGLE_MONTH,
    "correction": Word.CORRECTION,
    "nil": Word.NIL,
    "break": Word.BREAK,
    "line": Word.LINE,
}
_SIGNS = frozenset("-−–—~≈+")
_DASHES = frozenset({"--", "——", "––", "~~"})
_STANDS_OVER = re.compile(r" ?(?:情况|数据|值|数)?(?: ?[:\n]|如下)")
_LISTED_YEAR = re.compile("(?<![0-9.])(?:20)?[0-9]{2}(?=(?:[、/](?:20)?[0-9]{2}){0,9}[、/](?:20)?[0-9]{2}年)")
_BEFORE_UNIT = re.compile(r"[(\[] ?(?:单位[:为]? ?)?|单位[:为] ?")
_BEHIND_UNIT = re.compile(r" ?[)\]]|(?=[ ,、;|\n])")
_ENUMERATOR = re.compile(r"[(]?([0-9]{1,2})(?:[)、]|[.](?![0-9]))")
_LONGEST_WORD = 40
_CHINESE_FIGURE = re.compile("[零〇一二三四五六七八九两十]")
_NUMERAL = re.compile("[零〇一二三四五六七八九两十百千万亿点]+")
_POWER_OR_POINT = re.compile("[十百千万亿点]")


@dataclass(frozen=True)
class Vocabulary:
    """What can be recognised besides the words of the language."""

    names: IndicatorNames
    cohorts: WordTable
    quantities: QuantityReader
    year: int
    """The year that a period without one belongs to."""
    oneself: WordTable = field(default_factory=lambda: WordTable(()))
    """What the reporting unit is called: said before an indicator, it says nothing new."""


def take_apart(text: str, vocabulary: Vocabulary) -> list[Piece]:
    """Plain text -> its pieces, in order and without gaps. One pass; neighbouring unknown signs are one piece."""
    return list(_joined(_Reader(text, vocabulary).pieces()))


class _Reader:
    """One pass over one text."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._text, self._names, self._cohorts = text, vocabulary.names, vocabulary.cohorts
        self._quantities, self._year, self._oneself = vocabulary.quantities, vocabulary.year, vocabulary.oneself
        self._expecting = False
        """Whether a name or mark was read and nothing but fillers since: then 三 is a figure, else part of a word."""
        self._name_waits = False
        self._last_enumerator = 0

    def pieces(self) -> Iterator[Piece]:
        place = 0
        while place < len(self._text):
            piece = self._piece(place)
            self._note(piece.meaning)
            yield piece
            place = piece.end

    def _piece(self, place: int) -> Piece:
        named = self._names.at(self._text, place)
        if named is not None:
            return Piece(place, named[1], named[0])
        oneself = self._oneself.at(self._text, place)
        if oneself is not None:
            return Piece(place, place + len(oneself), Word.FILLER)
        signed = self._text[place] in _SIGNS and self._text[place : place + 2] not in _DASHES
        return (
            self._enumerator(place)
            or self._stated_unit(place)
            or self._period_or_cohort(place)
            or (self._quantity(place) if signed else None)
            or self._word(place)
            or self._quantity(place)
            or Piece(place, place + 1, self._stray(place))
        )

    def _note(self, meaning: Meaning) -> None:
        match meaning:
            case Named() | NamedElsewhere():
                self._expecting = self._name_waits = True
            case CohortName() | Mark() | Word.COMPARISON | Word.BESIDE | Word.AMONG | Word.SINGLE_MONTH:
                self._expecting = True
            case Quantity() | Unreadable() | Word.LINE:
                self._expecting = self._name_waits = False
            case Word.UNKNOWN | Word.BREAK:
                self._expecting = False
            case _:
                pass

    def _enumerator(self, place: int) -> Piece | None:
        """1、 2、 (3) count the items of a list; they are told from figures by counting on, one after the other."""
        if self._name_waits or self._expecting or (place > 0 and self._text[place - 1] not in " \n,;。、:"):
            return None
        found = _ENUMERATOR.match(self._text, place)
        if found is None or int(found[1]) != self._last_enumerator + 1:
            return None
        self._last_enumerator += 1
        return Piece(place, found.end(), Word.BREAK)

    def _stated_unit(self, place: int) -> Piece | None:
        before = _BEFORE_UNIT.match(self._text, place) if self._name_waits or self._expecting else None
        found = self._quantities.unit(self._text, before.end()) if before is not None else None
        behind = _BEHIND_UNIT.match(self._text, found[1]) if found is not None else None
        return Piece(place, behind.end(), StatedUnit(found[0])) if found is not None and behind is not None else None

    def _period_or_cohort(self, place: int) -> Piece | None:
        period = scan_period(self._text, place, self._year)
        listed = _LISTED_YEAR.match(self._text, place)
        if listed is not None and self._cohorts.at(f"{listed[0]}年", 0) == f"{listed[0]}年":
            return Piece(place, listed.end(), CohortName(f"{listed[0]}年"))
        cohort = self._cohorts.at(self._text, place)
        if cohort is not None and (period is None or place + len(cohort) >= period[1]):
            return Piece(place, place + len(cohort), CohortName(cohort))
        return None if period is None else Piece(place, period[1], period[0])

    def _word(self, place: int) -> Piece | None:
        found = _WORDS.match(self._text, place)
        if found is None or (found.lastgroup == "number_of_something" and self._expecting):
            return None
        return Piece(place, found.end(), self._word_meaning(found))

    def _word_meaning(self, found: re.Match[str]) -> Meaning:
        heading = self._is_heading(found.end())
        match found.lastgroup:
            case "forecast":
                return Mark(Figure.FORECAST, heading=heading)
            case "year":
                return Mark(Figure.FORECAST, whole_year=True, heading=heading)
            case "actual":
                return Mark(Figure.ACTUAL, heading=heading)
            case group:
                return _MEANINGS.get(group or "", Word.FILLER)

    def _is_heading(self, end: int) -> bool:
        return _STANDS_OVER.match(self._text, end) is not None

    def _quantity(self, place: int) -> Piece | None:
        found = self._quantities.scan(self._text, place)
        if found is None:
            return None
        meaning, end = found
        piece = Piece(place, end, meaning)
        if _CHINESE_FIGURE.match(self._text, place) is None:
            vague_word = isinstance(meaning, Unreadable) and not any("0" <= sign <= "9" for sign in meaning.written)
            return None if vague_word and not self._expecting else piece
        return piece if self._is_figure(meaning, place, end) else None

    def _is_figure(self, meaning: Quantity | Unreadable, place: int, end: int) -> bool:
        """Whether numerals in characters are meant as a figure: 三 in a place's name or 十分 is not."""
        written = self._text[place:end]
        if len(written) > _LONGEST_WORD or any("0" <= sign <= "9" for sign in written):
            return True
        unit = isinstance(meaning, Quantity) and meaning.unit is not None
        numeral = _NUMERAL.match(written)
        length = numeral.end() if numeral else 0
        if self._expecting:
            return unit or length > 2 or self._boundary(end)
        if length < 2:
            tenths = isinstance(meaning, Quantity) and meaning.unit == PERCENT
            return tenths and self._boundary(end)
        if _POWER_OR_POINT.search(written[:length]) is None:
            return unit
        return unit or length > 2 or self._boundary(end)

    def _boundary(self, place: int) -> bool:
        at_end = place >= len(self._text)
        return at_end or self._names.at(self._text, place) is not None or self._word(place) is not None

    def _stray(self, place: int) -> Word:
        """Pictographs and the like say nothing; anything else was not understood."""
        sign = self._text[place]
        return Word.UNKNOWN if sign.isalnum() or sign in "^⁄.%‰$¥€£°&+@" else Word.FILLER


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbouring unknown signs as one piece."""
    waiting: Piece | None = None
    for piece in pieces:
        if piece.meaning is Word.UNKNOWN and waiting is not None:
            waiting = Piece(waiting.start, piece.end, Word.UNKNOWN)
            continue
        if waiting is not None:
            yield waiting
        waiting = piece if piece.meaning is Word.UNKNOWN else None
        if waiting is None:
            yield piece
    if waiting is not None:
        yield waiting
