"""条线: the leaders' lines, asked and ranked apart from units and persons (R26).

Who may see them: the office and the leaders all of them, a leader in charge the own line and, once the year's results
are published, the own place as of that day. Units see nothing of them.
"""

from collections.abc import Sequence
from datetime import datetime

from assessment import lines as every
from assessment.lines import WORD, Line
from assessment.notices import PointsBlock, ScoreLines, ScoreTold
from assessment.notices.lines import LineNotTold, LinePlace, LineRanking, LineUnclear, OwnLineRank
from assessment.notices.results import NotTold
from assessment.ranking import by_group
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Subject
from handlers import standing
from handlers.embargo import is_withheld
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import lines, publications
from storage.programmes import Programme

router = Router()

READERS = (Role.LEADER_IN_CHARGE, Role.LEADER, Role.OFFICE)
_SCORE = ("得分", "多少分", "几分")
_RANK = ("排名", "名次", "第几")


@router.command("条线得分", "条线多少分", what="查看条线得分", roles=READERS, offered=seldom, takes_more=True)
def show_line(turn: Turn, rest: str) -> None:
    """条线得分 [领导]: one line's account; without a name the own line."""
    for line in _asked(turn, rest):
        turn.reply(ScoreTold(unit=_name(turn, line), now=turn.now, points=_blocks(turn, line)))


@router.command("条线明细", what="查看条线加扣分明细", roles=READERS, offered=seldom, takes_more=True)
def show_line_in_full(turn: Turn, rest: str) -> None:
    """条线明细 [领导]: every point with its reason."""
    for line in _asked(turn, rest):
        turn.reply(ScoreLines(unit=_name(turn, line), now=turn.now, points=_blocks(turn, line)))


@router.command(
    "条线排名",
    "条线名次",
    what="查看条线排名",
    roles=(*READERS, Role.SECRETARY),
    offered=seldom,
    takes_more=True,
)
def show_ranking(turn: Turn, _rest: str) -> None:
    """条线排名: all lines for the office and the leaders; a leader in charge is told the own place."""
    programmes = _with_lines(turn)
    own = every.line_of(turn.roster, turn.actor.person, turn.today)
    for programme in programmes:
        target = Target(office=programme.office)
        if own is not None and not turn.can(Action.SEE_RANKING, target):
            _tell_own_place(turn, programme, own)
        elif not turn.may(Action.SEE_RANKING, target, "条线排名"):
            return
        else:
            turn.reply(_ranking(turn, programme))
    if not programmes and turn.may(Action.SEE_LINE, _own_target(turn), "条线排名"):
        turn.reply(LineNotTold(why=LineUnclear.NO_LINES))


def asks(turn: Turn, rest: str) -> bool:
    """Whether 得分, 明细 or 排名 is asked of a line: 得分 条线, 得分 王伟条线."""
    return rest.startswith(WORD) or every.leading(turn.roster, rest, turn.today) is not None


@router.reader(order=48)
def read_question(turn: Turn) -> bool:
    """王伟条线多少分: a leader's line with a score word behind it, as leaders ask."""
    if every.leading(turn.roster, turn.text, turn.today) is None:
        return False
    if any(word in turn.text for word in _RANK):
        show_ranking(turn, turn.text)
    elif any(word in turn.text for word in _SCORE):
        show_line(turn, turn.text)
    else:
        return False
    return True


def _asked(turn: Turn, text: str) -> Sequence[Line]:
    """The lines asked about that the sender may see; when there is none, the answer has been given."""
    own = every.line_of(turn.roster, turn.actor.person, turn.today)
    wanted = every.named(turn.roster, text, turn.today) or ((own,) if own is not None and not _names(text) else ())
    if not wanted:
        if turn.may(Action.SEE_LINE, _own_target(turn, sees_all=True), WORD):
            leaders = tuple(turn.roster.person(line.leader).name for line in every.lines(turn.roster, turn.today))
            turn.reply(LineNotTold(why=LineUnclear.WHICH_LINE, leaders=leaders))
        return ()
    programmes = _with_lines(turn)
    office = programmes[0].office if programmes else 0
    for line in wanted:
        if not turn.may(Action.SEE_LINE, Target(office=_office(turn, office), person=line.leader), _name(turn, line)):
            return ()
    if not programmes:
        turn.reply(LineNotTold(why=LineUnclear.NO_LINES))
        return ()
    return wanted


def _blocks(turn: Turn, line: Line) -> tuple[PointsBlock, ...]:
    seen = [
        programme
        for programme in _with_lines(turn)
        if turn.can(Action.SEE_LINE, Target(office=programme.office, person=line.leader))
        and not is_withheld(turn, programme)
    ]
    return tuple(
        standing.points_block(turn, programme, lines.account(programme, line.leader), turn.now) for programme in seen
    )


def _tell_own_place(turn: Turn, programme: Programme, own: Line) -> None:
    """As it was when the year's results were published; before that there is no place to tell."""
    row = publications.last(turn.uow, programme.id)
    if row is None:
        turn.reply(NotTold(programme=programme.rulebook.name))
        return
    known = _places(turn, programme, row.as_of)
    line = next((place for leader, place in known if leader == own.leader), None)
    if line is None:
        turn.reply(NotTold(programme=programme.rulebook.name))
        return
    rulebook = programme.rulebook
    turn.reply(
        OwnLineRank(programme=rulebook.name, version=rulebook.version, as_of=row.as_of, line=line, of=len(known))
    )


def _ranking(turn: Turn, programme: Programme) -> LineRanking:
    row = publications.last(turn.uow, programme.id)
    as_of = row.as_of if row is not None else turn.now
    return LineRanking(
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        as_of=as_of,
        published=row is not None,
        lines=tuple(place for _, place in _places(turn, programme, as_of)),
        unset=lines.unset_clauses(programme.rulebook),
    )


def _places(turn: Turn, programme: Programme, as_of: datetime) -> list[tuple[int, LinePlace]]:
    """Every line that there was on that day, by leader, the first place first."""
    known = {line.leader: line for line in every.lines(turn.roster, turn.installation.day(as_of))}
    totals = lines.totals(turn.uow, programme, known.values(), as_of)
    places = {place.holder: place for group in by_group(totals, {}) for place in group.places}
    found = [
        (
            leader,
            LinePlace(
                leader=turn.roster.person(leader).name,
                units=tuple(unit.name for unit in line.units),
                total=totals[leader],
                place=places[leader].place if leader in places else None,
                tied=leader in places and places[leader].tied,
            ),
        )
        for leader, line in known.items()
    ]
    return sorted(found, key=lambda each: each[1].place or 0)


def _with_lines(turn: Turn) -> list[Programme]:
    """The measures that keep accounts for lines."""
    return [p for p in turn.readable() if p.rulebook.account(Subject.LINE) is not None and not turn.is_hidden(p)]


def _own_target(turn: Turn, *, sees_all: bool = False) -> Target:
    """What somebody who names no line asks for: the own line, or where there must be more, any."""
    office = next((programme.office for programme in (*turn.offices(), *turn.programmes)), 0)
    return Target(office=office, person=None if sees_all else turn.actor.person)


def _office(turn: Turn, office: int) -> int:
    return next((programme.office for programme in turn.offices()), office)


def _names(text: str) -> bool:
    """Whether anything but the line's own words stands there: a name that nobody in charge bears."""
    for word in (WORD, *_SCORE, *_RANK, "明细", "我的", "我", "本", "的", "?", "？", "。", " "):
        text = text.replace(word, "")
    return bool(text)


def _name(turn: Turn, line: Line) -> str:
    return f"{turn.roster.person(line.leader).name}{WORD}"
