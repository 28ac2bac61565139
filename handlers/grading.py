"""等次, 评等: grades are proposed by conditions where the measure has them, and decided by people in any case.

Where people judge (评定) nothing is ever derived from a score (R41). A tie across the line is left to people (R53).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.consequences import DueAct, after_grade
from assessment.grading import Candidate, ProposedGrade, Reason, propose_grades
from assessment.notices.following_up import FollowUpLine
from assessment.notices.results import (
    GradeAsk,
    GradeLine,
    GradeList,
    GradeReason,
    GradesDecided,
    ResultsNotDone,
    ResultsRefused,
)
from assessment.points import show
from assessment.rights import Action, Target
from assessment.rulebook import Flag, Grading
from assessment.stages import apart_from_ledger
from assessment.year_rules import GradedBy
from handlers import whom
from handlers.follow_up_shown import line_of, preview
from handlers.judging import year_facts
from handlers.points import OFFICE
from handlers.results_now import results_now
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import falling_away, following, grades, programmes, scoring, unsettled, year_results
from storage.follow_ups import FollowUpRow
from storage.programmes import Programme
from storage.year_results import Peers, Result

router = Router()


@dataclass(frozen=True)
class Candidacy:
    """One unit with what the conditions come to and what was decided."""

    result: Result
    proposed: ProposedGrade | None
    line: GradeLine


@router.command("等次", what="查看等次评定情况", roles=OFFICE, offered=seldom)
def show_grades(turn: Turn, _rest: str) -> None:
    """What is proposed, with the reasons, and what was decided."""
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.GRADE, Target(office=programme.office), "等次"):
            return
    graded = [programme for programme in turn.offices() if programme.rulebook.grading is not None]
    if not graded:
        turn.reply(ResultsNotDone(about="等次", why=ResultsRefused.NO_GRADES))
    for programme in graded:
        grading = _grading(programme)
        turn.reply(
            GradeList(
                programme=programme.rulebook.name,
                version=programme.rulebook.version,
                judged=grading.by is GradedBy.JUDGEMENT,
                grades=tuple(grade.name for grade in grading.grades),
                groups=tuple(
                    (name, tuple(one.line for one in listed)) for name, listed in _candidacies(turn, programme)
                ),
            )
        )


@router.command("评等", "评定等次", what="评定等次", roles=OFFICE, offered=seldom, takes_more=True)
def grade(turn: Turn, rest: str) -> None:
    """评等 单位 等次 [理由], or 评等 全部 for all that the conditions settle; asked for confirmation."""
    programmes = turn.offices() or turn.programmes[:1]
    for programme in programmes:
        if not turn.may(Action.GRADE, Target(office=programme.office), "评等"):
            return
    graded = [programme for programme in programmes if programme.rulebook.grading is not None]
    if not graded:
        turn.reply(ResultsNotDone(about="评等", why=ResultsRefused.NO_GRADES))
    elif rest.startswith("全部"):
        _grade_all_sure(turn, graded[0])
    else:
        _grade_one(turn, graded, rest)


@router.confirmation("grade")
def take_grades(turn: Turn, content: dict[str, Any]) -> None:
    """确认 keeps the decisions, unless what they rest on has changed; what follows is put on the list."""
    programme = turn.programme(content["programme"])
    # Two who grade take turns: what the second was shown is judged by what the first has made of it.
    programmes.hold(turn.uow, programme.id)
    if programme.trial:
        turn.reply(ResultsNotDone(about="评等", why=ResultsRefused.TRIAL))
        return
    now = {one.result.unit.id: one for _, listed in _candidacies(turn, programme) for one in listed}
    lines: list[GradeLine] = []
    opened: list[FollowUpRow] = []
    for unit, wanted, seen in content["grades"]:
        name = turn.roster.unit(unit).name
        if not turn.may(Action.GRADE, Target(office=programme.office, unit=unit), name):
            continue
        if unit not in now or _basis(now[unit]) != seen:
            turn.reply(ResultsNotDone(about=f"评等 {name}", why=ResultsRefused.CHANGED_MEANWHILE))
            continue
        opened += _decide(turn, programme, now[unit], wanted, content["reason"])
        lines.append(now[unit].line.model_copy(update={"decided": wanted}))
    if lines:
        turn.reply(
            GradesDecided(
                programme=programme.rulebook.name,
                lines=tuple(lines),
                follow_ups=tuple(_follow_up(line_of(turn, one)) for one in opened),
                after_publication=programme.rulebook.embargo and bool(programme.rulebook.consequences),
            )
        )


def _decide(turn: Turn, programme: Programme, one: Candidacy, wanted: str, reason: str) -> tuple[FollowUpRow, ...]:
    """Keep one decision; return what follows at once. Of a measure kept secret it follows upon publication (0022)."""
    uow, unit, before = turn.uow, one.result.unit.id, one.line.decided
    by, at = turn.actor.person, turn.now
    grades.decide(uow, programme=programme.id, unit=unit, grade=wanted, reason=reason, by=by, at=at)
    if before and before != wanted:
        falling_away.drop_of_grade(uow, turn.installation, programme, unit, before, by=by, now=at)
    if programme.rulebook.embargo:
        return ()
    account = scoring.unit_account(programme, unit)
    return following.after_grade_of(uow, turn.installation, programme, account, wanted, now=at)


def _grade_all_sure(turn: Turn, programme: Programme) -> None:
    """Every unit whose grade the conditions settle and which has not been given it."""
    sure = [
        (one, one.proposed.grade)
        for _, listed in _candidacies(turn, programme)
        for one in listed
        if one.proposed is not None and one.proposed.grade is not None and not one.proposed.open
        if one.line.decided != one.proposed.grade
    ]
    if not sure:
        turn.reply(ResultsNotDone(about="评等", why=ResultsRefused.NOTHING_SURE))
        return
    _ask(turn, programme, sure, "")


def _grade_one(turn: Turn, programmes: Sequence[Programme], rest: str) -> None:
    unit, words = whom.leading(turn.roster, rest)
    if unit is None:
        turn.reply(ResultsNotDone(about="评等", why=ResultsRefused.WHICH_UNIT))
        return
    wanted, _, reason = words.partition(" ")
    fitting = [p for p in programmes if wanted in {grade.name for grade in _grading(p).grades}]
    if not fitting:
        names = dict.fromkeys(grade.name for p in programmes for grade in _grading(p).grades)
        turn.reply(ResultsNotDone(about=f"评等 {unit.name}", why=ResultsRefused.WHICH_GRADE, words="、".join(names)))
        return
    programme = fitting[0]
    if not turn.may(Action.GRADE, Target(office=programme.office, unit=unit.id), unit.name):
        return
    known = {one.result.unit.id: one for _, listed in _candidacies(turn, programme) for one in listed}
    if unit.id not in known:
        turn.reply(ResultsNotDone(about="评等", why=ResultsRefused.WHICH_UNIT))
        return
    one, reason = known[unit.id], reason.strip().removeprefix("理由").strip(" ：:")
    settled = one.proposed is not None and not one.proposed.open and one.proposed.grade == wanted
    if not settled and not reason:
        turn.reply(ResultsNotDone(about=f"评等 {unit.name}", why=ResultsRefused.GRADE_REASON, words=wanted))
        return
    _ask(turn, programme, [(one, wanted)], reason)


def _ask(turn: Turn, programme: Programme, chosen: Sequence[tuple[Candidacy, str]], reason: str) -> None:
    turn.ask(
        "grade",
        {
            "programme": programme.id,
            "grades": [[one.result.unit.id, wanted, _basis(one)] for one, wanted in chosen],
            "reason": reason,
        },
    )
    follow = [
        line
        for one, wanted in chosen
        for line in preview(turn, _follows(turn, programme, one.result.unit.id, wanted), f"等次{wanted}")
    ]
    turn.reply(
        GradeAsk(
            programme=programme.rulebook.name,
            lines=tuple(one.line.model_copy(update={"decided": wanted}) for one, wanted in chosen),
            reason=reason,
            follow=tuple(f"{line.account}：{line.name}" for line in follow),
            after_publication=programme.rulebook.embargo,
            trial=programme.trial,
        )
    )


def _follows(turn: Turn, programme: Programme, unit: int, wanted: str) -> tuple[DueAct, ...]:
    return after_grade(programme.rulebook, scoring.unit_account(programme, unit), wanted, turn.today)


def _candidacies(turn: Turn, programme: Programme) -> list[tuple[str, list[Candidacy]]]:
    decided = {unit: row.grade for unit, row in grades.of_programme(turn.uow, programme.id).items()}
    results = results_now(turn, programme)
    estimated = _estimated(turn, programme, results)
    by_stages = apart_from_ledger(programme.rulebook) is not None
    undecided = {} if by_stages else unsettled.undecided(turn.uow, programme)
    return [
        (
            peers.name,
            [
                _candidacy(turn, programme, peers, one, proposed, decided, estimated, undecided)
                for one, proposed in listed
            ],
        )
        for peers in year_results.peers(results)
        if (listed := _proposed(programme, peers, decided, {*estimated, *undecided}))
    ]


def _estimated(turn: Turn, programme: Programme, results: Sequence[Result]) -> Collection[int]:
    """Whose total is 暂估 yet: what is unreported or unsettled may move it over a line, so nothing holds of it."""
    if apart_from_ledger(programme.rulebook) is not None:
        return ()
    return unsettled.lacking(turn.uow, programme, year_facts(turn, programme), [one.unit for one in results])


def _proposed(
    programme: Programme, peers: Peers, decided: dict[int, str], uncertain: Collection[int]
) -> list[tuple[Result, ProposedGrade | None]]:
    """What the conditions come to in one peer group; where nothing of it is known there is nothing to grade.

    Of whom something lacks or is not decided on yet, no total is certain: it may still move over a line.
    """
    grading = _grading(programme)
    if grading.by is GradedBy.JUDGEMENT:
        return [(one, None) for one in peers.results]
    if all(one.total is None and one.unit.id not in decided for one in peers.results):
        return []
    found = propose_grades(grading, [_candidate(one, uncertain) for one in peers.results])
    return list(zip(peers.results, found, strict=True))


def _candidate(one: Result, uncertain: Collection[int]) -> Candidate:
    flags = frozenset(flagged.flag for flagged in one.eligibility.because)
    raised = frozenset(flagged.flag for flagged in one.flags if flagged.flag is not Flag.RECOMMEND_INELIGIBLE)
    total = one.total if one.unit.id not in uncertain else None
    return Candidate(holder=one.unit.id, total=total, flags=raised | flags)


def _candidacy(
    turn: Turn,
    programme: Programme,
    peers: Peers,
    one: Result,
    proposed: ProposedGrade | None,
    decided: dict[int, str],
    estimated: Collection[int],
    undecided: Mapping[int, int],
) -> Candidacy:
    place = peers.places.get(one.unit.id)
    judged = _grading(programme).by is GradedBy.JUDGEMENT
    line = GradeLine(
        unit=one.unit.name,
        total=None if judged else one.total,
        place=place.place if place is not None and not judged else None,
        proposed=proposed.grade or "" if proposed is not None else "",
        open=proposed.open if proposed is not None else False,
        reasons=tuple(_reasons(turn, proposed.reasons)) if proposed is not None else (),
        estimated=one.unit.id in estimated,
        undecided=undecided.get(one.unit.id, 0),
        decided=decided.get(one.unit.id, ""),
    )
    return Candidacy(one, proposed, line)


def _reasons(turn: Turn, reasons: Iterable[Reason]) -> Iterable[GradeReason]:
    for reason in reasons:
        yield GradeReason(
            grade=reason.grade,
            condition=reason.condition.value,
            holds=reason.holds.value,
            wanted=_shown(reason.wanted),
            found=_shown(reason.found),
            tied=tuple(turn.roster.unit(holder).name for holder in reason.tied),
        )


def _shown(value: Decimal | Flag | None) -> str:
    if value is None:
        return ""
    return value.value if isinstance(value, Flag) else show(value, 4)


def _basis(one: Candidacy) -> str:
    """What a decision rests on: where this has changed, it is asked for again."""
    return f"{one.line.total}/{one.line.proposed}/{one.line.open}/{one.line.decided}"


def _follow_up(line: FollowUpLine) -> str:
    return f"{line.number} {line.account}{line.name}"


def _grading(programme: Programme) -> Grading:
    assert programme.rulebook.grading is not None, "only measures with grades are asked about"
    return programme.rulebook.grading
