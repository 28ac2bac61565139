"""The results of a year or of a part of it, drawn up for people: lines by peer group, and one page of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from assessment.eligibility import Standing
from assessment.ledger import Basis
from assessment.notices.result_lists import GroupSums, Paged, ResultGroup, ResultLine
from assessment.parts_of_year import part_of
from assessment.periods import Period
from assessment.ranking import Place, last_place, ranked
from assessment.rulebook import Subject
from handlers.judging import year_facts
from handlers.results_now import end_of, results_now, results_of_part
from handlers.spans import PAGE, pages_of
from handlers.turn import Turn
from storage import grades, proposals, publications, unsettled, year_results
from storage.programmes import Programme
from storage.publications import YEAR, PublicationRow
from storage.year_results import Result


@dataclass(frozen=True)
class Drawn:
    """Results as of a moment, not published yet."""

    as_of: datetime
    groups: tuple[ResultGroup, ...]
    units: tuple[int, ...]

    @property
    def content(self) -> dict[str, Any]:
        """As a publication keeps them."""
        return {"groups": [group.model_dump(mode="json") for group in self.groups], "units": list(self.units)}

    @property
    def lines(self) -> tuple[ResultLine, ...]:
        """Of all groups."""
        return tuple(line for group in self.groups for line in group.lines)


def drawn(turn: Turn, programme: Programme, part: Period | None) -> Drawn:
    """The results of the year as they stand, with those of its parts beside; or those of one part by itself."""
    results = results_now(turn, programme) if part is None else results_of_part(turn, programme, part)
    lines = _Lines(
        whole=part is None,
        grades={unit: row.grade for unit, row in grades.of_programme(turn.uow, programme.id).items()},
        beside=_beside(turn, programme) if part is None else {},
        lacking=_lacking(turn, programme, part, results),
    )
    groups = tuple(
        ResultGroup(name=peers.name, lines=tuple(lines.of(one, peers.places.get(one.unit.id)) for one in peers.results))
        for peers in year_results.peers(results)
    )
    return Drawn(turn.now if part is None else end_of(turn, part), groups, tuple(one.unit.id for one in results))


@dataclass(frozen=True)
class _Lines:
    """What stands beside a result in its line. Grades and standing are the year's alone."""

    whole: bool
    grades: Mapping[int, str]
    beside: Mapping[int, tuple[tuple[str, Decimal], ...]]
    lacking: Mapping[int, int]

    def of(self, one: Result, place: Place | None) -> ResultLine:
        usual = one.eligibility.standing is Standing.ELIGIBLE or not self.whole
        return ResultLine(
            name=one.unit.name,
            unit=one.unit.id,
            total=one.total,
            mark="◇" if one.stand_in else "",
            place=place.place if place is not None else None,
            tied=place.tied if place is not None else False,
            grade=self.grades.get(one.unit.id, "") if self.whole else "",
            standing="" if usual else one.eligibility.standing.value,
            beside=self.beside.get(one.unit.id, ()),
            ledger=one.ledger,
            lacking=self.lacking.get(one.unit.id, 0),
        )


def _lacking(turn: Turn, programme: Programme, part: Period | None, results: Iterable[Result]) -> Mapping[int, int]:
    """How many indicators of each unit have no points yet, once the settlement has begun."""
    facts = replace(year_facts(turn, programme), part=part)
    found = unsettled.lacking(turn.uow, programme, facts, [one.unit for one in results])
    return {unit: len(names) for unit, names in found.items()}


def _beside(turn: Turn, programme: Programme) -> Mapping[int, tuple[tuple[str, Decimal], ...]]:
    """What was published of parts of the year, by unit and in the order of the parts; the last of each holds."""
    held = {row.kind: row for row in publications.every(turn.uow, programme.id) if row.kind != YEAR}
    found: dict[int, list[tuple[str, Decimal]]] = {}
    for kind, row in sorted(held.items(), key=lambda one: one[1].as_of):
        for line in (line for group in groups_of(row) for line in group.lines):
            unit = line.unit or next((u.id for u in turn.roster.units if u.name == line.name), None)
            if line.total is not None and unit is not None:
                found.setdefault(unit, []).append((kind, line.total))
    return {unit: tuple(totals) for unit, totals in found.items()}


def groups_of(row: PublicationRow) -> tuple[ResultGroup, ...]:
    """What a publication showed."""
    return tuple(ResultGroup.model_validate(group) for group in row.content["groups"])


def with_what_is_open(
    turn: Turn, programme: Programme, groups: Iterable[ResultGroup], part: Period | None
) -> tuple[ResultGroup, ...]:
    """Before publication: how many proposals of each unit's account, for the year or that part, await 核定 and 审定."""
    undecided = _by_unit(turn, programme, proposals.undecided(turn.uow, programme.id), part)
    prepared = _by_unit(turn, programme, proposals.prepared(turn.uow, programme.id), part)
    return tuple(
        group.model_copy(
            update={
                "lines": tuple(
                    line.model_copy(
                        update={
                            "undecided": undecided.get(line.unit or 0, 0),
                            "prepared": prepared.get(line.unit or 0, 0),
                        }
                    )
                    for line in group.lines
                )
            }
        )
        for group in groups
    )


def _by_unit(
    turn: Turn, programme: Programme, rows: Iterable[proposals.ProposalRow], part: Period | None
) -> Mapping[int, int]:
    until = end_of(turn, part) if part is not None else None
    found: dict[int, int] = {}
    for row in rows:
        settled_for = part_of(Basis.from_json(row.basis), programme.rulebook.year)
        in_time = until is None or settled_for is not None or row.occurred_at <= until
        if row.subject == Subject.UNIT.value and settled_for in (None, part) and in_time:
            found[row.holder] = found.get(row.holder, 0) + 1
    return found


def cut_to_page(groups: Sequence[ResultGroup], page: int) -> tuple[tuple[ResultGroup, ...], Paged]:
    """One page of a list that a card cannot hold; each group on it is summed up, and a short list stays as it is."""
    pages = pages_of(sum(len(group.lines) for group in groups))
    page = min(page, pages)
    if pages == 1:
        return tuple(groups), Paged()
    shown: list[ResultGroup] = []
    before = 0
    for group in groups:
        first, last = (page - 1) * PAGE - before, page * PAGE - before
        lines = group.lines[max(first, 0) : max(last, 0)]
        before += len(group.lines)
        if lines:
            shown.append(group.model_copy(update={"lines": lines, "sums": _sums(group)}))
    return tuple(shown), Paged(page=page, pages=pages)


def _sums(group: ResultGroup) -> GroupSums:
    totals = [line.total for line in group.lines if line.total is not None]
    return GroupSums(
        units=len(group.lines),
        highest=max(totals, default=None),
        lowest=min(totals, default=None),
        unknown=len(group.lines) - len(totals),
    )


def last_of(group: ResultGroup) -> tuple[str, ...]:
    """末位; nobody while somebody's total is not known."""
    totals = {number: line.total for number, line in enumerate(group.lines) if line.total is not None}
    if len(totals) < len(group.lines):
        return ()
    return tuple(group.lines[number].name for number in last_place(ranked(totals)))


def differing(lines: Collection[ResultLine]) -> int:
    """Of how many the ledger comes to another total than the measure's score."""
    return sum(line.ledger is not None and line.total is not None and line.ledger != line.total for line in lines)
