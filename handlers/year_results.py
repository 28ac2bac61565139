"""考核结果, 公布, 条线排名: the year's results, prepared, published once for all, and told within their circle.

Before publication the office and the leaders see a list that is marked as such; units see nothing of others (R86).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from assessment.consequences import after_publication
from assessment.due import midnight_after
from assessment.eligibility import LAST_PLACE_IS_FOR, Standing
from assessment.notices import OwnRank
from assessment.notices.results import (
    NotTold,
    PublishAsk,
    Published,
    ResultGroup,
    ResultLine,
    ResultsNotDone,
    ResultsRefused,
    ResultTable,
    ResultTold,
)
from assessment.ranking import last_place, ranked
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import Subject
from assessment.scorecard import View
from handlers import following_up, whom
from handlers.points import OFFICE
from handlers.results_now import results_now
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import counters, grades, proposals, publications, year_results
from storage.outbox import Priority
from storage.programmes import Programme
from storage.publications import HALF, YEAR, PublicationRow
from storage.year_results import Result

router = Router()

LETTER = "G"
_READERS = (Role.REPORTER, Role.DEPUTY, Role.HEAD, Role.LEADER, Role.SECRETARY, Role.OFFICE)
_TOLD = (Role.REPORTER, Role.HEAD)
_A_TICK = timedelta(milliseconds=1)
_HALF_ENDS = (6, 30)


@dataclass(frozen=True)
class Drawn:
    """Results as of a moment, not published yet."""

    kind: str
    as_of: datetime
    groups: tuple[ResultGroup, ...]
    units: tuple[int, ...]

    @property
    def content(self) -> dict[str, Any]:
        """As a publication keeps them."""
        return {"groups": [group.model_dump(mode="json") for group in self.groups], "units": list(self.units)}


@router.command("考核结果", "名次表", "排名表", what="查看年度考核结果", roles=_READERS, offered=seldom)
def show_results(turn: Turn, _rest: str) -> None:
    """The office and the leaders see the list, prepared or published; a unit what has been published to it."""
    deciders = [p for p in turn.readable() if p.rulebook.account(Subject.UNIT) or p.rulebook.grading]
    seen = [programme for programme in deciders if turn.can(Action.SEE_RANKING, Target(office=programme.office))]
    for programme in seen:
        if turn.may(Action.SEE_RANKING, Target(office=programme.office), programme.rulebook.name):
            turn.reply(_table(turn, programme))
    if seen:
        return
    if not turn.own_units():
        turn.may(Action.SEE_RANKING, Target(office=0), "考核结果")
        return
    for programme in deciders:
        _tell_own(turn, programme)


@router.command("条线排名", what="查看条线排名", roles=(Role.LEADER, Role.OFFICE), offered=seldom)
def show_lines(turn: Turn, _rest: str) -> None:
    """条线排名, apart from the units' (R26)."""
    with_lines = [p for p in turn.programmes if p.rulebook.account(Subject.LINE) is not None]
    if not with_lines:
        turn.reply(ResultsNotDone(about="条线排名", why=ResultsRefused.NOTHING_TO_PUBLISH))
    for programme in with_lines:
        if not turn.may(Action.SEE_RANKING, Target(office=programme.office), "条线排名"):
            return
        places = ranked(year_results.of_leaders(turn.uow, programme))
        lines = tuple(
            ResultLine(
                name=turn.roster.person(place.holder).name, total=place.total, place=place.place, tied=place.tied
            )
            for place in places
        )
        turn.reply(
            ResultTable(
                programme=programme.rulebook.name,
                version=programme.rulebook.version,
                span=YEAR,
                as_of=turn.now,
                groups=(ResultGroup(name="", lines=lines),),
                of_leaders=True,
            )
        )


@router.command("公布", what="公布考核结果", roles=OFFICE, offered=seldom, takes_more=True)
def publish(turn: Turn, rest: str) -> None:
    """公布 [上半年] [范围 单位、类别]: ask with all that would be shown, and to whom."""
    programme = _published_by(turn, rest)
    if programme is None:
        return
    kind = HALF if HALF in rest or "半年" in rest else YEAR
    if kind == HALF and turn.today <= date(programme.rulebook.year, *_HALF_ENDS):
        turn.reply(ResultsNotDone(about="公布", why=ResultsRefused.HALF_NOT_OVER))
        return
    drawn = _drawn(turn, programme, kind)
    if not any(line.total is not None or line.grade for group in drawn.groups for line in group.lines):
        turn.reply(ResultsNotDone(about="公布", why=ResultsRefused.NOTHING_TO_PUBLISH))
        return
    circle = _circle(turn, programme, rest)
    before = publications.last(turn.uow, programme.id, kind)
    turn.ask(
        "publish",
        {
            "programme": programme.id,
            "kind": kind,
            "circle": list(circle),
            "content": drawn.content,
            "before": before.number if before is not None else "",
        },
    )
    grading = programme.rulebook.grading
    lines = [line for group in drawn.groups for line in group.lines]
    turn.reply(
        PublishAsk(
            programme=programme.rulebook.name,
            version=programme.rulebook.version,
            span=kind,
            as_of=drawn.as_of,
            groups=drawn.groups,
            circle_said=grading.circle if grading is not None else "",
            circle=tuple(turn.roster.unit(unit).name for unit in circle),
            told=len(_whom(programme, drawn.units, circle)),
            undecided=len(proposals.undecided(turn.uow, programme.id)),
            ungraded=tuple(line.name for line in lines if not line.grade) if grading and kind == YEAR else (),
            before=before.number if before is not None else "",
        )
    )


@router.confirmation("publish")
def take_publication(turn: Turn, content: dict[str, Any]) -> None:
    """确认 publishes what was shown, unless it has changed meanwhile; nothing takes a publication back."""
    programme = turn.programme(content["programme"])
    if not turn.may(Action.PUBLISH, Target(office=programme.office), programme.rulebook.name):
        return
    kind, circle = content["kind"], tuple(content["circle"])
    drawn = _drawn(turn, programme, kind)
    before = publications.last(turn.uow, programme.id, kind)
    unchanged = drawn.content == content["content"] and (before.number if before else "") == content["before"]
    if not unchanged:
        turn.reply(ResultsNotDone(about="公布", why=ResultsRefused.CHANGED_MEANWHILE))
        return
    row = publications.publish(
        turn.uow,
        number=counters.number(turn.uow, LETTER, turn.today),
        programme=programme.id,
        kind=kind,
        as_of=drawn.as_of,
        by=turn.actor.person,
        at=turn.now,
        circle=circle,
        content=drawn.content,
    )
    told = _whom(programme, drawn.units, circle)
    for unit in told:
        _announce(turn, programme, row, unit)
    follow = after_publication(programme.rulebook, turn.today) if kind == YEAR else ()
    if kind == YEAR:
        last = [name for group in drawn.groups for name in _last(group)]
        following_up.after_last_place(turn, programme, [u for u in drawn.units if turn.roster.unit(u).name in last])
    opened = following_up.open_all(turn, programme, follow, because=f"{kind}结果公布 {row.number}")
    turn.reply(
        Published(
            number=row.number,
            programme=programme.rulebook.name,
            span=kind,
            at=turn.now,
            told=len(told),
            follow_ups=tuple(f"{one.number} {one.name}" for one in opened),
        )
    )


def _published_by(turn: Turn, rest: str) -> Programme | None:
    """The programme of the sender's office whose results are meant; None when answered."""
    offices = turn.offices() or turn.programmes[:1]
    fitting = [p for p in offices if p.rulebook.name in rest] or [
        p for p in offices if p.rulebook.account(Subject.UNIT) or p.rulebook.grading
    ]
    programme = next(iter(fitting or offices), None)
    if programme is None or not turn.may(Action.PUBLISH, Target(office=programme.office), programme.rulebook.name):
        return None
    if programme.trial:
        turn.reply(ResultsNotDone(about="公布", why=ResultsRefused.TRIAL))
        return None
    return programme


def _circle(turn: Turn, programme: Programme, rest: str) -> tuple[int, ...]:
    """The units named behind 范围, by name or as a group."""
    _, said, names = rest.partition("范围")
    if not said:
        return ()
    every = year_results.assessed(turn.uow, programme, turn.roster, turn.installation, turn.now)
    if "全体" in names or "各单位" in names:
        return tuple(unit.id for unit in every)
    named = {mention.unit.id for mention in whom.mentions(turn.roster, names)}
    return tuple(
        unit.id
        for unit in turn.roster.units
        if unit.id in named or (unit in every and unit.group and unit.group in names)
    )


def _whom(programme: Programme, units: Iterable[int], circle: Sequence[int]) -> tuple[int, ...]:
    """The units that are told: those of the circle, or each of its own result where the measure has no circle."""
    grading = programme.rulebook.grading
    if circle or (grading is not None and grading.circle):
        return tuple(circle)
    return tuple(units)


def _drawn(turn: Turn, programme: Programme, kind: str) -> Drawn:
    """The results as they stand; of the first half what happened until its end, as far as is known today (R34)."""
    whole = kind == YEAR
    as_of = turn.now
    if not whole:
        last_day = date(programme.rulebook.year, *_HALF_ENDS)
        as_of = midnight_after(last_day, turn.installation.zone) - _A_TICK
    results = results_now(turn, programme) if whole else list(_known_by(turn, programme, as_of))
    decided = grades.of_programme(turn.uow, programme.id) if whole else {}
    half = _half(turn, programme) if whole else {}
    groups = []
    for peers in year_results.peers(results):
        lines = []
        for one in peers.results:
            place = peers.places.get(one.unit.id)
            grade = decided.get(one.unit.id)
            usual = one.eligibility.standing is Standing.ELIGIBLE or not whole
            lines.append(
                ResultLine(
                    name=one.unit.name,
                    unit=one.unit.id,
                    total=one.total,
                    mark="◇" if one.stand_in else "",
                    place=place.place if place is not None else None,
                    tied=place.tied if place is not None else False,
                    grade=grade.grade if grade is not None else "",
                    standing="" if usual else one.eligibility.standing.value,
                    half=half.get(one.unit.name),
                )
            )
        groups.append(ResultGroup(name=peers.name, lines=tuple(lines)))
    return Drawn(kind, as_of, tuple(groups), tuple(one.unit.id for one in results))


def _known_by(turn: Turn, programme: Programme, as_of: datetime) -> Iterator[Result]:
    for unit in year_results.assessed(turn.uow, programme, turn.roster, turn.installation, turn.now):
        yield year_results.result(turn.uow, programme, unit, as_of, View.KNOWN)


def _half(turn: Turn, programme: Programme) -> dict[str, Any]:
    row = publications.last(turn.uow, programme.id, HALF)
    groups = _groups(row) if row is not None else ()
    return {line.name: line.total for group in groups for line in group.lines}


def _groups(row: PublicationRow) -> tuple[ResultGroup, ...]:
    return tuple(ResultGroup.model_validate(group) for group in row.content["groups"])


def _table(turn: Turn, programme: Programme) -> ResultTable:
    """What was published, or what would be; 末位 is named to those alone who decide on it (R83)."""
    row = publications.last(turn.uow, programme.id)
    groups = _groups(row) if row is not None else _drawn(turn, programme, YEAR).groups
    if any(post.role in LAST_PLACE_IS_FOR for post in turn.actor.posts):
        groups = tuple(group.model_copy(update={"last": _last(group)}) for group in groups)
    grading = programme.rulebook.grading
    return ResultTable(
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        span=YEAR,
        as_of=row.as_of if row is not None else turn.now,
        number=row.number if row is not None else "",
        published_at=row.published_at if row is not None else None,
        groups=groups,
        circle=grading.circle if grading is not None else "",
    )


def _last(group: ResultGroup) -> tuple[str, ...]:
    totals = {number: line.total for number, line in enumerate(group.lines) if line.total is not None}
    if len(totals) < len(group.lines):
        return ()
    return tuple(group.lines[number].name for number in last_place(ranked(totals)))


def _tell_own(turn: Turn, programme: Programme) -> None:
    """A unit's person hears what was published to the unit, and learns nothing from a refusal."""
    row = publications.last(turn.uow, programme.id) or publications.last(turn.uow, programme.id, HALF)
    if row is None:
        turn.record(Action.SEE_RANKING, programme.rulebook.name, allowed=False, basis="结果尚未公布")
        turn.reply(NotTold(programme=programme.rulebook.name))
        return
    for unit in turn.own_units():
        if unit.id not in _whom(programme, row.content["units"], row.circle):
            turn.record(Action.SEE_RANKING, programme.rulebook.name, allowed=False, basis="不在知悉范围")
            turn.reply(NotTold(programme=programme.rulebook.name, circle=True))
            continue
        turn.reply(_for_unit(turn, programme, row, unit.id))


def _announce(turn: Turn, programme: Programme, row: PublicationRow, unit: int) -> None:
    turn.tell(
        turn.roster.holders(unit, _TOLD, turn.today),
        _for_unit(turn, programme, row, unit),
        key=f"published:{row.id}:{unit}",
        priority=Priority.ESCALATION,
        not_before=turn.office_time(programme),
    )


def published_place(turn: Turn, programme: Programme, unit: Unit) -> OwnRank | NotTold | None:
    """The place as it was published, for whoever may know it; None before publication. Later entries do not move it."""
    row = publications.last(turn.uow, programme.id)
    if row is None:
        return None
    told = unit.id in _whom(programme, row.content["units"], row.circle)
    own = _own(row, unit.id)
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


def _own(row: PublicationRow, unit: int) -> tuple[ResultGroup, ResultLine] | None:
    return next(((group, line) for group in _groups(row) for line in group.lines if line.unit == unit), None)


def _for_unit(turn: Turn, programme: Programme, row: PublicationRow, unit: int) -> ResultTable | ResultTold | NotTold:
    """The whole list where a circle may know it; else the own result and place."""
    rulebook, groups = programme.rulebook, _groups(row)
    name = turn.roster.unit(unit).name
    own = _own(row, unit)
    if own is None and unit not in row.circle:
        return NotTold(programme=rulebook.name, circle=True)
    if unit in row.circle or own is None:
        return ResultTable(
            programme=rulebook.name,
            version=rulebook.version,
            span=row.kind,
            as_of=row.as_of,
            number=row.number,
            published_at=row.published_at,
            groups=groups,
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
    )
