"""考核结果: the results of the year and of its parts, prepared or published, told within their circle.

Before publication the office and the leaders see a list that is marked as such; units see nothing of others (R86).
"""

from datetime import date

from assessment.eligibility import LAST_PLACE_IS_FOR
from assessment.notices import OwnRank
from assessment.notices.results import (
    NotTold,
    ResultTable,
)
from assessment.periods import Period
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import Subject
from assessment.stages import apart_from_ledger
from handlers.results_drawn import cut_to_page, drawn, groups_of, last_of, with_what_is_open
from handlers.results_told import for_unit, own_line, whom_to_tell
from handlers.router import Router, seldom
from handlers.spans import page_named, part_named, span_of
from handlers.turn import Turn
from storage import publications
from storage.programmes import Programme
from storage.publications import YEAR, PublicationRow

router = Router()

_READERS = (Role.REPORTER, Role.DEPUTY, Role.HEAD, Role.LEADER, Role.SECRETARY, Role.OFFICE)


@router.command(
    "考核结果", "名次表", "排名表", what="查看年度考核结果", roles=_READERS, offered=seldom, takes_more=True
)
def show_results(turn: Turn, rest: str) -> None:
    """考核结果 [上半年] [第2页]: the office and the leaders see the list, prepared or published; a unit what has been
    published to it.
    """
    page, said = page_named(rest)
    deciders = [p for p in turn.readable() if p.rulebook.account(Subject.UNIT) or p.rulebook.grading]
    seen = [programme for programme in deciders if turn.can(Action.SEE_RANKING, Target(office=programme.office))]
    for programme in seen:
        if turn.may(Action.SEE_RANKING, Target(office=programme.office), programme.rulebook.name):
            turn.reply(_table(turn, programme, part_named(said, programme.rulebook.year), page))
    if seen:
        return
    if not turn.own_units():
        turn.may(Action.SEE_RANKING, Target(office=0), "考核结果")
        return
    for programme in deciders:
        _tell_own(turn, programme, part_named(said, programme.rulebook.year), page)


def _table(turn: Turn, programme: Programme, part: Period | None, page: int) -> ResultTable:
    """What was published, or what would be; 末位 is named to those alone who decide on it (R83)."""
    row = publications.last(turn.uow, programme.id, span_of(part))
    if row is None:
        found = drawn(turn, programme, part)
        as_of, groups = found.as_of, with_what_is_open(turn, programme, found.groups, part)
    else:
        as_of, groups = row.as_of, groups_of(row)
    if part is None and any(post.role in LAST_PLACE_IS_FOR for post in turn.actor.posts):
        groups = tuple(group.model_copy(update={"last": last_of(group)}) for group in groups)
    shown, paged = cut_to_page(groups, page)
    grading = programme.rulebook.grading
    stage = apart_from_ledger(programme.rulebook) if part is None else None
    return ResultTable(
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        span=span_of(part),
        as_of=as_of,
        number=row.number if row is not None else "",
        published_at=row.published_at if row is not None else None,
        groups=shown,
        paged=paged,
        apart=stage.name if stage is not None else "",
        so_far=row is None and turn.today <= _last_day(programme, part),
        circle=grading.circle if grading is not None else "",
    )


def _last_day(programme: Programme, part: Period | None) -> date:
    return part.last_day if part is not None else date(programme.rulebook.year, 12, 31)


def _tell_own(turn: Turn, programme: Programme, part: Period | None, page: int) -> None:
    """A unit's person hears what was published to the unit, and learns nothing from a refusal."""
    row = publications.last(turn.uow, programme.id, span_of(part))
    if part is None and row is None:
        row = _newest_part(turn, programme)
    if row is None:
        turn.record(Action.SEE_RANKING, programme.rulebook.name, allowed=False, basis="结果尚未公布")
        turn.reply(NotTold(programme=programme.rulebook.name))
        return
    for unit in turn.own_units():
        if unit.id not in whom_to_tell(programme, row.content["units"], row.circle):
            turn.record(Action.SEE_RANKING, programme.rulebook.name, allowed=False, basis="不在知悉范围")
            turn.reply(NotTold(programme=programme.rulebook.name, circle=True))
            continue
        turn.reply(for_unit(turn, programme, row, unit.id, page))


def _newest_part(turn: Turn, programme: Programme) -> PublicationRow | None:
    """What was published last of a part of the year."""
    parts = [row for row in publications.every(turn.uow, programme.id) if row.kind != YEAR]
    return max(parts, key=lambda row: (row.as_of, row.nth), default=None)


def published_place(turn: Turn, programme: Programme, unit: Unit) -> OwnRank | NotTold | None:
    """The place as it was published, for whoever may know it; None before publication. Later entries do not move it."""
    row = publications.last(turn.uow, programme.id)
    if row is None:
        return None
    told = unit.id in whom_to_tell(programme, row.content["units"], row.circle)
    own = own_line(row, unit.id)
    if own is None or not (told or turn.can(Action.SEE_RANKING, Target(office=programme.office))):
        return NotTold(programme=programme.rulebook.name, circle=True)
    group, line = own
    return OwnRank(
        unit=unit.name,
        programme=programme.rulebook.name,
        peers=group.name,
        place=line.place,
        of=len(group.lines),
        tied=line.tied,
        total=line.total,
        estimated=False,
    )
