"""公布: the results of the year, or of a part of it, are shown as they would be, and made known once for all."""

from collections.abc import Iterator, Sequence
from typing import Any

from assessment.notices.results import PublishAsk, Published, ResultsNotDone, ResultsRefused
from assessment.periods import Frequency, Period
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Subject
from assessment.stages import apart_from_ledger
from handlers import whom
from handlers.points import OFFICE
from handlers.results_drawn import Drawn, cut_to_page, differing, drawn, groups_of, last_of, with_what_is_open
from handlers.results_now import results_of_part
from handlers.results_told import for_unit, whom_to_tell
from handlers.router import Router, seldom
from handlers.spans import is_over, page_named, part_named, span_of
from handlers.turn import Turn
from storage import counters, following, programmes, proposals, publications, year_results
from storage.follow_ups import FollowUpRow
from storage.outbox import Priority
from storage.programmes import Programme
from storage.publications import YEAR, PublicationRow

router = Router()

LETTER = "G"
_TOLD = (Role.REPORTER, Role.HEAD)


@router.command("公布", what="公布考核结果", roles=OFFICE, offered=seldom, takes_more=True)
def publish(turn: Turn, rest: str) -> None:
    """公布 [上半年、二季度、8月] [范围 单位、类别] [第2页]: ask with all that would be shown, and to whom."""
    page, said = page_named(rest)
    programme = _published_by(turn, said)
    if programme is None:
        return
    part = part_named(said.partition("范围")[0], programme.rulebook.year)
    if part is not None and not _may_be_published(turn, programme, part):
        return
    found = drawn(turn, programme, part)
    if not any(line.total is not None or line.grade for line in found.lines):
        turn.reply(ResultsNotDone(about="公布", why=ResultsRefused.NOTHING_TO_PUBLISH))
        return
    circle = _circle(turn, programme, said)
    before = publications.last(turn.uow, programme.id, span_of(part))
    turn.ask(
        "publish",
        {
            "programme": programme.id,
            "part": part.name if part is not None else "",
            "circle": list(circle),
            "content": found.content,
            "before": before.number if before is not None else "",
        },
    )
    turn.reply(_question(turn, programme, part, found, circle, before, page))


@router.confirmation("publish")
def take_publication(turn: Turn, content: dict[str, Any]) -> None:
    """确认 publishes what was shown, unless it has changed meanwhile; nothing takes a publication back."""
    programme = turn.programme(content["programme"])
    if not turn.may(Action.PUBLISH, Target(office=programme.office), programme.rulebook.name):
        return
    # Two who publish take turns: the second finds that one has been made since.
    programmes.hold(turn.uow, programme.id)
    part = Period.parse(content["part"]) if content.get("part") else None
    span, circle = span_of(part), tuple(content["circle"])
    found = drawn(turn, programme, part)
    before = publications.last(turn.uow, programme.id, span)
    unchanged = found.content == content["content"] and (before.number if before else "") == content["before"]
    if not unchanged:
        turn.reply(ResultsNotDone(about="公布", why=ResultsRefused.CHANGED_MEANWHILE))
        return
    row = publications.publish(
        turn.uow,
        number=counters.number(turn.uow, LETTER, turn.today),
        programme=programme.id,
        kind=span,
        as_of=found.as_of,
        by=turn.actor.person,
        at=turn.now,
        circle=circle,
        content=found.content,
    )
    told = whom_to_tell(programme, found.units, circle)
    for unit in told:
        _announce(turn, programme, row, unit)
    opened = _follows(turn, programme, row, found, told) if part is None else ()
    turn.reply(
        Published(
            number=row.number,
            programme=programme.rulebook.name,
            span=span,
            at=turn.now,
            told=len(told),
            follow_ups=tuple(f"{one.number} {one.name}" for one in opened),
        )
    )


def _follows(
    turn: Turn, programme: Programme, row: PublicationRow, found: Drawn, told: Sequence[int]
) -> tuple[FollowUpRow, ...]:
    last = {name for group in found.groups for name in last_of(group)}
    return following.after_publication(
        turn.uow,
        turn.installation,
        programme,
        because=f"{row.kind}结果公布 {row.number}",
        now=turn.now,
        last=[unit for unit in found.units if turn.roster.unit(unit).name in last],
        graded=[(line.unit, line.grade) for line in found.lines if line.unit is not None and line.grade],
        told=told,
    )


def _question(
    turn: Turn,
    programme: Programme,
    part: Period | None,
    found: Drawn,
    circle: Sequence[int],
    before: PublicationRow | None,
    page: int,
) -> PublishAsk:
    grading = programme.rulebook.grading
    shown, paged = cut_to_page(with_what_is_open(turn, programme, found.groups, part), page)
    stage = apart_from_ledger(programme.rulebook) if part is None else None
    waiting = (*proposals.undecided(turn.uow, programme.id), *proposals.prepared(turn.uow, programme.id))
    return PublishAsk(
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        span=span_of(part),
        as_of=found.as_of,
        groups=shown,
        circle_said=grading.circle if grading is not None else "",
        circle=tuple(turn.roster.unit(unit).name for unit in circle),
        told=len(whom_to_tell(programme, found.units, circle)),
        undecided=len(waiting),
        ungraded=tuple(line.name for line in found.lines if not line.grade) if grading and part is None else (),
        lacking=tuple(line.name for line in found.lines if line.lacking),
        paged=paged,
        apart=stage.name if stage is not None else "",
        differing=differing(found.lines) if stage is not None else 0,
        before=before.number if before is not None else "",
        moved=tuple(_moved(turn, programme)) if part is None else (),
    )


def _moved(turn: Turn, programme: Programme) -> Iterator[str]:
    """Parts whose published totals are no longer what the ledger says of them: a correction of these comes first."""
    held = {row.kind: row for row in publications.every(turn.uow, programme.id) if row.kind != YEAR}
    for kind, row in held.items():
        part = part_named(kind, programme.rulebook.year)
        if part is None:
            continue
        now = {one.unit.id: one.total for one in results_of_part(turn, programme, part)}
        lines = (line for group in groups_of(row) for line in group.lines)
        names = [line.name for line in lines if line.unit in now and now[line.unit] != line.total]
        if names:
            yield f"{kind}（{'、'.join(names)}）"


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


def _may_be_published(turn: Turn, programme: Programme, part: Period) -> bool:
    """The parts that the measure settles by themselves, and the first half of any year (R34), once they are over."""
    of_the_year = part.year == programme.rulebook.year
    first_half = part.frequency is Frequency.HALF and part.index == 1
    if not (of_the_year and (first_half or programme.rulebook.settles(part))):
        turn.reply(ResultsNotDone(about="公布", why=ResultsRefused.NOT_BY_PART, words=part.label()))
        return False
    return is_over(turn, part, "公布")


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


def _announce(turn: Turn, programme: Programme, row: PublicationRow, unit: int) -> None:
    turn.tell(
        turn.roster.holders(unit, _TOLD, turn.today),
        for_unit(turn, programme, row, unit),
        key=f"published:{row.id}:{unit}",
        priority=Priority.ESCALATION,
        not_before=turn.office_time(programme),
    )
