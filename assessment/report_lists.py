"""Lists that belong together, paired up: 甲、乙分别完成85万、3.8万,全年预测155万、7万."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessment.indicator_names import Named
from assessment.numerals import Quantity, Unreadable
from assessment.report_words import CohortName, Mark, Piece, Word
from assessment.submission import Figure

_JOINS = frozenset("、/和及与")


def pair_up(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Give each figure of a list its name, where the names before it are a list of the same length.

    What cannot be paired stays as it was, and is asked back by those who read it.
    """
    return list(_Pairing(text, pieces).result())


@dataclass(frozen=True)
class _Run:
    """Pieces of one kind that only 、 or the like parts, from the first to behind the last."""

    first: int
    end: int
    members: tuple[Piece, ...]


class _Pairing:
    def __init__(self, text: str, pieces: Sequence[Piece]) -> None:
        self._text, self._pieces = text, pieces
        self._last_paired: tuple[Piece, ...] = ()

    def result(self) -> Iterator[Piece]:
        place = 0
        while place < len(self._pieces):
            figures = self._next_figures(place)
            if figures is None:
                yield from self._pieces[place:]
                return
            targets, head = self._targets(figures, place)
            if targets is None:
                yield from self._pieces[place : figures.end]
            else:
                dropped = range(head.first, head.end) if head else range(0)
                marks = [each for each in self._head(figures.first) if isinstance(each.meaning, Mark)]
                for index in range(place, figures.first):
                    if index not in dropped and self._pieces[index] not in marks:
                        yield self._pieces[index]
                yield from _paired(targets, marks[-1:], figures.members)
                self._last_paired = targets
            place = figures.end

    def _next_figures(self, place: int) -> _Run | None:
        while place < len(self._pieces):
            run = self._run(place, (Quantity, Unreadable))
            if run is not None and len(run.members) > 1:
                return run
            place = run.end if run is not None else place + 1
        return None

    def _run(self, place: int, kinds: tuple[type, ...]) -> _Run | None:
        """The pieces of these kinds from `place` on, as long as each is joined to the next."""
        if not isinstance(self._pieces[place].meaning, kinds):
            return None
        members, end = [self._pieces[place]], place + 1
        while end + 1 < len(self._pieces) and self._joins(self._pieces[end]):
            if not isinstance(self._pieces[end + 1].meaning, kinds):
                break
            members.append(self._pieces[end + 1])
            end += 2
        return _Run(place, end, tuple(members))

    def _joins(self, piece: Piece) -> bool:
        return self._text[piece.start : piece.end] in _JOINS

    def _targets(self, figures: _Run, start: int) -> tuple[tuple[Piece, ...] | None, _Run | None]:
        """What the figures are said of, and where that stands as a list of names, if it does."""
        count = len(figures.members)
        listed = self._listed_before(figures.first, start)
        if listed is not None:
            return (listed.members, listed) if len(listed.members) == count else (None, None)
        head = self._head(figures.first)
        if not any(isinstance(each.meaning, Mark) for each in head) or any(_is_name(each) for each in head):
            return None, None
        if len(self._last_paired) == count:
            return self._last_paired, None
        forecasts = [each for each in self._pieces[: figures.first] if _is_forecast(each)]
        named = self._named_before(figures.first)
        only_here = len(forecasts) == 1 and forecasts[0] in head
        return (named, None) if only_here and len(named) == count else (None, None)

    def _head(self, first: int) -> list[Piece]:
        """What stands between the last figure, or the clause's beginning, and the figures."""
        begin = first
        while begin > 0 and not self._ends_clause(self._pieces[begin - 1]):
            begin -= 1
        return list(self._pieces[begin:first])

    def _ends_clause(self, piece: Piece) -> bool:
        return piece.meaning in (Word.BREAK, Word.LINE) or isinstance(piece.meaning, Quantity | Unreadable)

    def _listed_before(self, first: int, start: int) -> _Run | None:
        """The list of names, or of cohorts, right before the figures; marks and periods may stand between."""
        for place in range(first - 1, start - 1, -1):
            if isinstance(self._pieces[place].meaning, Quantity | Unreadable) or (
                self._pieces[place].meaning in (Word.BREAK, Word.LINE) and not self._joins(self._pieces[place])
            ):
                return None
            for kinds in ((Named,), (CohortName,)):
                begin = self._begin_of_run(place, kinds, start)
                run = self._run(begin, kinds) if begin is not None else None
                if run is not None and len(run.members) > 1:
                    return run
        return None

    def _begin_of_run(self, place: int, kinds: tuple[type, ...], start: int) -> int | None:
        if not isinstance(self._pieces[place].meaning, kinds):
            return None
        while place - 2 >= start and self._joins(self._pieces[place - 1]):
            if not isinstance(self._pieces[place - 2].meaning, kinds):
                break
            place -= 2
        return place

    def _named_before(self, first: int) -> tuple[Piece, ...]:
        """The own indicators named so far, each once."""
        found: dict[tuple[str, ...], Piece] = {}
        for piece in self._pieces[:first]:
            if isinstance(piece.meaning, Named):
                found.setdefault(piece.meaning.ids, piece)
        return tuple(found.values())


def _is_forecast(piece: Piece) -> bool:
    return isinstance(piece.meaning, Mark) and piece.meaning.figure is Figure.FORECAST


def _is_name(piece: Piece) -> bool:
    return isinstance(piece.meaning, Named | CohortName)


def _paired(targets: Sequence[Piece], marks: Sequence[Piece], figures: Sequence[Piece]) -> Iterator[Piece]:
    """Name, mark and figure for each; what is said again takes no room in the text."""
    for target, figure in zip(targets, figures, strict=True):
        yield Piece(figure.start, figure.start, Word.BREAK)
        for again in (target, *marks):
            yield Piece(figure.start, figure.start, again.meaning)
        yield figure
