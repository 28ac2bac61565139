"""Names that are not written as the rulebook writes them: with a prefix, misspelt, or shortened."""

from assessment.indicator_names import IndicatorNames, Misspelt
from assessment.report_context import Clause
from assessment.report_words import Piece

_LONGEST_PREFIX = 6
_ENDS_A_PLACE = frozenset("镇乡县市区局办委村道处所院校司站会厅部")


def begin_with_prefix(text: str, clause: Clause, start: int) -> int:
    """Where a name begins whose unknown prefix may belong to it (another indicator's name ending like this one)."""
    prefix = clause.unknown[-1]
    short = prefix.end == start and prefix.end - prefix.start <= _LONGEST_PREFIX
    return prefix.start if short and text[prefix.end - 1] not in _ENDS_A_PLACE else start


def nearly_named(names: IndicatorNames, text: str, clause: Clause, piece: Piece) -> Misspelt | None:
    """The name that the words before `piece` nearly are, without or with the marks and fillers behind them."""
    start, end = clause.start, clause.unknown[-1].end
    full_end = start + len(text[start : piece.start].rstrip(" :"))
    found = names.misspelt(text, start, end)
    if found is None and full_end > end:
        found = names.misspelt(text, start, full_end)
    return found or _shortened(names, text, clause, end) or _shortened(names, text, clause, full_end)


def _shortened(names: IndicatorNames, text: str, clause: Clause, end: int) -> Misspelt | None:
    """新农合 alone in its clause, or behind the period."""
    written = text[clause.start : end]
    start = clause.start + len(written) - len(written.lstrip(" :()"))
    return names.shortened(text, start, end) or names.shortened(text, clause.unknown[0].start, end)
