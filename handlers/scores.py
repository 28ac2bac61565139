"""得分, 明细, 差距, 排名: questions that only read. Each asks leave first, and refuses in one wording."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from assessment.due import midnight_after
from assessment.notices import (
    FigureBlock,
    Gaps,
    OwnRank,
    PointsBlock,
    Refused,
    Repair,
    RepairLine,
    ScoreLines,
    ScoreTold,
)
from assessment.notices.results import NotTold
from assessment.notices.scores import StageBlock
from assessment.ranking import own_place
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import Subject
from assessment.scorecard import View
from handlers import lines, person_scores, standing, whom
from handlers.accounts_seen import accounts_seen, sees
from handlers.embargo import is_withheld, known_until
from handlers.judging import year_facts
from handlers.results_now import results_now
from handlers.router import Router, seldom
from handlers.turn import Turn
from handlers.year_results import published_place, show_results
from storage import scoring, unsettled, year_results
from storage.programmes import Programme

router = Router()

READERS = (Role.REPORTER, Role.DEPUTY, Role.HEAD, Role.LEADER_IN_CHARGE, Role.LEADER, Role.OFFICE)
_RANK = re.compile(r"第几[名位个]?|排名|名次|排行榜?")
_SCORE = re.compile(r"多少分|几分|得分|查分|考核分")
_LINES = re.compile(r"明细|扣了?什么分|扣过?分")
_GAP = re.compile(r"差距|差多少|离满分")
_AT_THE_END = re.compile(
    r"(?:多少分|几分|得分|查分|考核分|第几[名位]?|排名|名次|排行|明细|差距|差多少|什么分|扣过?分了?没有?|扣过?分)[吗呢了啊]*[?。!]*$"
)
_ONESELF = re.compile(r"(?:我们?|咱们?|本)的?(?:单位|部门|公司|[局办委镇乡县处科室院校])?")
_FILLING = re.compile(
    r"现在所知|现知|现在|目前|当前|截至|今年|全年|本月|这个月|一共|总共|累计|请问|查询|查看|考核|怎么|如何|计算"
    r"|[查看算一下是的有了要被在排总扣加\s,。、:;?!吗呢啊]"
)
_SHORT = 20
"""A question without a unit that we know is short; a longer text that ends with a score word is something else."""
_DATE = re.compile(r"(?:(?P<year>20\d{2})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")


@router.command(
    "得分", "多少分", "查分", what="查看得分（也可直接问，如“某某局多少分”）", roles=READERS, takes_more=True
)
def show_score(turn: Turn, rest: str) -> None:
    """One block a programme; with a past date, as published then or as known now. 得分 条线 is a leader's line."""
    if lines.asks(turn, rest):
        lines.show_line(turn, rest)
        return
    if person_scores.asks(turn, rest):
        person_scores.show_person(turn, rest)
        return
    moment = _moment(turn, rest)
    if isinstance(moment, RepairLine):
        turn.reply(moment)
        return
    as_of, view = moment
    for unit in units_asked(turn, rest):
        if _withheld(turn, unit):
            continue
        stages = () if as_of is not None else _stages(turn, unit)
        blocks = _points(turn, unit, as_of or turn.now, view)
        figures = () if as_of is not None else _figures(turn, unit)
        turn.reply(
            ScoreTold(
                unit=unit.name,
                now=turn.now,
                points=tuple(block for block in blocks if not _only_stages(block, stages)),
                figures=figures,
                stages=stages,
                as_of=as_of,
                view=view.value if as_of is not None else "",
            )
        )


@router.command("明细", "扣分明细", what="查看加扣分明细", roles=READERS, offered=seldom, takes_more=True)
def show_lines(turn: Turn, rest: str) -> None:
    """Every line of each account."""
    if lines.asks(turn, rest):
        lines.show_line_in_full(turn, rest)
        return
    if person_scores.asks(turn, rest):
        person_scores.show_person_in_full(turn, rest)
        return
    for unit in units_asked(turn, rest):
        if _withheld(turn, unit):
            continue
        turn.reply(ScoreLines(unit=unit.name, now=turn.now, points=_points(turn, unit, turn.now, View.KNOWN)))


@router.command("差距", "离满分差多少", what="查看指标差距", roles=READERS, offered=seldom, takes_more=True)
def show_gaps(turn: Turn, rest: str) -> None:
    """Gaps to base and full mark."""
    for unit in units_asked(turn, rest):
        if not _withheld(turn, unit):
            turn.reply(Gaps(unit=unit.name, figures=_figures(turn, unit)))


@router.command("排名", "名次", "第几", "排行", what="查看本单位名次", roles=READERS, offered=seldom, takes_more=True)
def show_rank(turn: Turn, rest: str) -> None:
    """The own place within the peer group, nobody else's."""
    if lines.asks(turn, rest):
        lines.show_ranking(turn, rest)
        return
    if _means_everybody(turn, rest):
        show_results(turn, "")
        return
    for unit in units_asked(turn, rest):
        for programme in turn.programmes:
            if programme.rulebook.account(Subject.UNIT) is None or not sees(turn, programme, unit):
                continue
            if is_withheld(turn, programme):
                turn.reply(NotTold(programme=programme.rulebook.name))
            else:
                turn.reply(published_place(turn, programme, unit) or _rank(turn, programme, unit))


@router.reader(order=50)
def read_question(turn: Turn) -> bool:
    """A unit's name with a score word anywhere: leaders do not type commands.

    A name that nobody bears is answered as one that must not be asked about (decisions 20).
    """
    if not whom.mentions(turn.roster, turn.text) and not _is_short_question(turn.text):
        return False
    for pattern, show in _QUESTIONS:
        if pattern.search(turn.text):
            show(turn, turn.text)
            return True
    return False


_QUESTIONS: Sequence[tuple[re.Pattern[str], Callable[[Turn, str], None]]] = (
    (_RANK, show_rank),
    (_GAP, show_gaps),
    (_SCORE, show_score),
    (_LINES, show_lines),
)


def units_asked(turn: Turn, text: str, *, freely: bool = False) -> list[Unit]:
    """The units asked about that the sender may see; when there is none, the answer has been given.

    `freely` where any words may follow, so that what is no unit's name is none that we do not know.
    """
    named = [mention.unit for mention in whom.mentions(turn.roster, text)]
    if not named and not freely and _names_somebody(text):
        _refuse_unknown(turn)
        return []
    asked = list(dict.fromkeys(named)) or list(turn.own_units())
    if not asked:
        if turn.actor.units(Role.OFFICE, Role.LEADER, Role.LEADER_IN_CHARGE):
            turn.reply(RepairLine(about="查询", repair=Repair.SCORE_OF_WHICH_UNIT))
        else:
            turn.reply(Refused())
        return []
    office = turn.programmes[0].office if turn.programmes else 0
    seen = [unit for unit in asked if _may_see(turn, unit, office)]
    return [unit for unit in seen if turn.may(Action.SEE_SCORE, _target(turn, unit, office), unit.name)] or _refuse(
        turn, asked, office
    )


def _means_everybody(turn: Turn, text: str) -> bool:
    """Whether the office or a leader, who has no unit of one's own, asks for places without naming a unit."""
    if turn.own_units() or whom.mentions(turn.roster, text) or _names_somebody(text):
        return False
    return any(turn.can(Action.SEE_RANKING, Target(office=p.office)) for p in turn.readable())


def _is_short_question(text: str) -> bool:
    return len(text) <= _SHORT and _AT_THE_END.search(text) is not None


def _names_somebody(text: str) -> bool:
    """Whether anything is left of a question without its score words, its date, oneself and filling words."""
    for pattern in (_DATE, _RANK, _SCORE, _LINES, _GAP, _ONESELF, _FILLING):
        text = pattern.sub("", text)
    return bool(text)


def _refuse_unknown(turn: Turn) -> None:
    """Who sees every unit is told that the name is unknown; anybody else cannot tell it from a forbidden one."""
    if turn.actor.units(Role.OFFICE, Role.LEADER):
        turn.reply(RepairLine(about="查询", repair=Repair.SCORE_OF_UNKNOWN_UNIT))
        return
    turn.record(Action.SEE_SCORE, "名册中没有的单位", allowed=False, basis="名册中没有")
    turn.reply(Refused())


def _may_see(turn: Turn, unit: Unit, office: int) -> bool:
    return turn.can(Action.SEE_SCORE, _target(turn, unit, office))


def _refuse(turn: Turn, asked: Sequence[Unit], office: int) -> list[Unit]:
    turn.may(Action.SEE_SCORE, Target(office=office, unit=asked[0].id), asked[0].name)
    return []


def _target(turn: Turn, unit: Unit, office: int) -> Target:
    own_office = next((p.office for p in turn.offices()), office)
    return Target(office=own_office, unit=unit.id)


def _points(turn: Turn, unit: Unit, as_of: datetime, view: View) -> tuple[PointsBlock, ...]:
    blocks = []
    for programme in turn.readable(as_of):
        if not sees(turn, programme, unit) or is_withheld(turn, programme):
            continue
        until = known_until(turn, programme)
        then, by = (as_of, view) if until is None else (min(as_of, until), View.PUBLISHED)
        for seen in accounts_seen(turn, programme, unit):
            block = standing.points_block(turn, programme, seen.account, then, by, only_of=seen.only_of)
            if block.lines or not block.personal:
                blocks.append(block)
    return tuple(blocks)


def _figures(turn: Turn, unit: Unit) -> tuple[FigureBlock, ...]:
    seen = [p for p in turn.readable() if sees(turn, p, unit) and not is_withheld(turn, p)]
    found = [standing.figure_block(turn, programme, unit) for programme in seen]
    return tuple(block for block in found if block is not None)


def _stages(turn: Turn, unit: Unit) -> tuple[StageBlock, ...]:
    seen = [
        programme
        for programme in turn.readable()
        if programme.rulebook.stages and sees(turn, programme, unit) and not is_withheld(turn, programme)
    ]
    found = [standing.stage_block(turn, programme, unit, known_until(turn, programme)) for programme in seen]
    return tuple(block for block in found if block is not None)


def _only_stages(block: PointsBlock, stages: Sequence[StageBlock]) -> bool:
    """Whether the score stands in the stages alone: an empty account beside them would read as 核定0分."""
    staged = any((stage.programme, stage.version) == (block.programme, block.version) for stage in stages)
    silent = not (block.base or block.lines or block.categories or block.flags or block.trial)
    return staged and silent and not (block.confirmed or block.provisional)


def _withheld(turn: Turn, unit: Unit) -> bool:
    """Say of which measures nothing is told before publication (R86); True where that leaves nothing to tell."""
    seen = [programme for programme in turn.programmes if sees(turn, programme, unit)]
    withheld = [programme for programme in seen if is_withheld(turn, programme)]
    for programme in withheld:
        turn.reply(NotTold(programme=programme.rulebook.name))
    return bool(withheld) and len(withheld) == len(seen)


def _rank(turn: Turn, programme: Programme, unit: Unit) -> OwnRank:
    if programme.rulebook.composite is not None:
        return _composite_rank(turn, programme, unit)
    peers = [other for other in turn.roster.units if other.group == unit.group and other.belongs_on(turn.today)]
    stored = scoring.standings(turn.uow, programme, [peer.id for peer in peers], turn.now)
    facts = year_facts(turn, programme)
    unknown = unsettled.without_a_year(turn.uow, programme, facts, peers)
    totals = {peer: total if peer not in unknown else None for peer, total in stored.totals.items()}
    place = own_place(unit.id, totals, {peer.id: peer.group for peer in peers})
    return OwnRank(
        unit=unit.name,
        programme=programme.rulebook.name,
        peers=unit.group,
        place=place.place if place is not None else None,
        of=len(peers),
        tied=place.tied if place is not None else False,
        total=place.total if place is not None else None,
        estimated=stored.estimated or bool(unsettled.lacking(turn.uow, programme, facts, peers)),
    )


def _composite_rank(turn: Turn, programme: Programme, unit: Unit) -> OwnRank:
    """The place by the measure's own formula, never by the ledger alone: as 考核结果 has it."""
    results = [one for one in results_now(turn, programme) if one.unit.group == unit.group]
    own = next((one for one in results if one.unit.id == unit.id), None)
    place = next((peers.places.get(unit.id) for peers in year_results.peers(results)), None)
    return OwnRank(
        unit=unit.name,
        programme=programme.rulebook.name,
        peers=unit.group,
        place=place.place if place is not None else None,
        of=len(results),
        tied=place.tied if place is not None else False,
        total=own.total if own is not None else None,
        estimated=False,
    )


def _moment(turn: Turn, rest: str) -> tuple[datetime | None, View] | RepairLine:
    """A past date in the question: 7月31日 is the end of that day, in the last such year. Without one, now."""
    found = _DATE.search(rest)
    if found is None:
        return None, View.KNOWN
    year = int(found["year"]) if found["year"] else turn.today.year
    try:
        day = date(year, int(found["month"]), int(found["day"]))
        if day > turn.today and not found["year"]:
            day = day.replace(year=year - 1)
    except ValueError:
        return RepairLine(about=found[0], repair=Repair.NO_SUCH_DAY)
    if day > turn.today:
        return RepairLine(about=found[0], repair=Repair.DAY_TO_COME)
    view = View.KNOWN if re.search(r"现在所知|现知", rest) else View.PUBLISHED
    return midnight_after(day, turn.installation.zone) - timedelta(milliseconds=1), view
