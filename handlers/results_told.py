"""What a unit may know of a publication: its own result, or the whole list inside the circle (R42, R86)."""

from collections.abc import Iterable, Sequence

from assessment.notices.result_lists import ResultGroup, ResultLine
from assessment.notices.results import NotTold, ResultTable, ResultTold
from handlers.results_drawn import cut_to_page, groups_of
from handlers.turn import Turn
from storage.programmes import Programme
from storage.publications import PublicationRow


def whom_to_tell(programme: Programme, units: Iterable[int], circle: Sequence[int]) -> tuple[int, ...]:
    """The units that are told: those of the circle, or each of its own result where the measure has no circle."""
    grading = programme.rulebook.grading
    if circle or (grading is not None and grading.circle):
        return tuple(circle)
    return tuple(units)


def own_line(row: PublicationRow, unit: int) -> tuple[ResultGroup, ResultLine] | None:
    """The unit's line as it was published, and its group."""
    return next(((group, line) for group in groups_of(row) for line in group.lines if line.unit == unit), None)


def for_unit(
    turn: Turn, programme: Programme, row: PublicationRow, unit: int, page: int = 1
) -> ResultTable | ResultTold | NotTold:
    """The whole list where a circle may know it; else the own result and place."""
    rulebook = programme.rulebook
    name = turn.roster.unit(unit).name
    own = own_line(row, unit)
    if own is None and unit not in row.circle:
        return NotTold(programme=rulebook.name, circle=True)
    if unit in row.circle or own is None:
        shown, paged = cut_to_page(groups_of(row), page)
        return ResultTable(
            programme=rulebook.name,
            version=rulebook.version,
            span=row.kind,
            as_of=row.as_of,
            number=row.number,
            published_at=row.published_at,
            groups=shown,
            paged=paged,
            circle=rulebook.grading.circle if rulebook.grading is not None else "",
        )
    group, line = own
    return ResultTold(
        unit=name,
        programme=rulebook.name,
        version=rulebook.version,
        span=row.kind,
        number=row.number,
        as_of=row.as_of,
        published_at=row.published_at,
        peers=group.name,
        of=len(group.lines),
        line=line,
        office=turn.roster.unit(programme.office).name,
    )
