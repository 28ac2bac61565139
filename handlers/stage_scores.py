"""录分: what a stage 阶段 gives a unit, in the rulebook's order; columns stand side by side and are never mixed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.notices.judging import StageAsk, StageRefused, StageTaken
from assessment.number_words import Number, scan_number
from assessment.points import ExtraPlaces, to_scaled
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import Rulebook, SignOff, Stage, Subject
from assessment.self_score_text import read_self_score, read_typed_scores
from assessment.self_scoring import ScoreDoubt, ScoreFault, doubt_in_words
from assessment.stages import Cell, OutOfOrder, StageRefusal, check_stage, next_stage
from assessment.year_rules import By
from handlers import whom
from handlers.columns import cells
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import stage_values
from storage.programmes import Programme

router = Router()

_WORDS_OF_ROLES = (Role.OFFICE, Role.HEAD, Role.DEPUTY, Role.REPORTER)
_TAKE_BACK = "撤回"
_GAP = " ,，:：、。;；"
_BELOW_NOTHING = ("-", "−")
_ENDS_A_NUMBER = re.compile(r"\s*分|[\s,，:：、。;；（(]|\Z")
_NO_VALUE = re.compile(
    r"(?:无|没有)(?:分值|得分|成绩|分)|(?:未|没有?)(?:抽到|抽中|抽查|参评|参加|评分|评定|打分|开展|安排)"
    r"|不(?:参评|参加|计分|评分)|免评|缺考"
)
"""How an office says that there is none, with the reason behind it or in it."""


@dataclass(frozen=True)
class _Said:
    """What a message gives: a value, or a reason why there is none."""

    cell: Cell
    scores: dict[str, Decimal]
    doubts: tuple[str, ...] = ()
    take_back: bool = False
    unread: str = ""
    """What stands where a value should, and is neither one nor a word that there is none."""


@router.command("录分", what="录入各阶段评分", roles=_WORDS_OF_ROLES, offered=seldom, takes_more=True)
def give(turn: Turn, rest: str) -> None:
    """录分 阶段 单位 分值 [理由], by the office or, of the unit's own stage, by whoever signs for it."""
    programmes = [p for p in turn.offices() or turn.programmes if p.rulebook.stages]
    found = _stage(programmes, turn, rest)
    if found is None:
        names = tuple(stage.name for programme in programmes for stage in programme.rulebook.stages)
        if turn.may(Action.GIVE_STAGE, Target(office=programmes[0].office if programmes else 0), "录分"):
            turn.reply(StageRefused(choices=names))
        return
    programme, stage, unit, words = found
    if not _may(turn, programme, stage, unit):
        return
    said = _read(programme, stage, words)
    refused = _refused(turn, programme, stage, unit, said)
    if refused is not None:
        turn.reply(refused)
        return
    before = cells(turn, programme, unit).get(stage.id)
    turn.ask(
        "stage value",
        {
            "programme": programme.id,
            "unit": unit.id,
            "stage": stage.id,
            "value": None if said.cell.value is None else str(said.cell.value),
            "scores": {name: str(points) for name, points in said.scores.items()},
            "reason": said.cell.reason,
            "evidence": list(turn.incoming.attachments),
            "take_back": said.take_back,
        },
    )
    turn.reply(
        StageAsk(
            unit=unit.name,
            stage=stage.name,
            cite=stage.cite,
            value=said.cell.value,
            scores=tuple(said.scores.items()),
            replaced=before.value if before is not None else None,
            reason=said.cell.reason,
            evidence=turn.incoming.attachments,
            reference_only=stage.reference_only,
            take_back=said.take_back,
        )
    )


@router.confirmation("stage value")
def take_stage_value(turn: Turn, content: dict[str, Any]) -> None:
    """确认 puts it on record, if the order of stages still allows it."""
    programme, unit = turn.programme(content["programme"]), turn.roster.unit(content["unit"])
    stage = programme.rulebook.stage(content["stage"])
    if not _may(turn, programme, stage, unit):
        return
    value = None if content["value"] is None else Decimal(content["value"])
    scores = {name: Decimal(points) for name, points in content["scores"].items()}
    said = _Said(Cell(value, content["reason"]), scores, take_back=content["take_back"])
    refused = _out_of_order(turn, programme, stage, unit, said)
    if refused is not None:
        turn.reply(refused)
        return
    stage_values.add(
        turn.uow,
        programme=programme.id,
        unit=unit.id,
        stage=stage.id,
        cell=said.cell,
        scores=scores,
        evidence=content["evidence"],
        taken_back=said.take_back,
        by=turn.actor.person,
        at=turn.now,
    )
    following = next_stage(programme.rulebook, cells(turn, programme, unit))
    turn.reply(
        StageTaken(
            unit=unit.name,
            stage=stage.name,
            value=said.cell.value,
            reason=said.cell.reason,
            next_stage=following.name if following is not None else "",
            take_back=said.take_back,
        )
    )


def _stage(programmes: Sequence[Programme], turn: Turn, rest: str) -> tuple[Programme, Stage, Unit, str] | None:
    """The stage and the unit, in either order, and what follows; a unit's own people need not name it."""
    unit, words = whom.leading(turn.roster, rest)
    named = [
        (name, programme, stage)
        for programme in programmes
        for stage in programme.rulebook.stages
        for name in (stage.name, stage.id)
        if words.startswith(name)
    ]
    if not named:
        return None
    name, programme, stage = max(named, key=lambda one: len(one[0]))
    words = words[len(name) :].strip(_GAP)
    if unit is None:
        unit, words = whom.leading(turn.roster, words)
    own = turn.own_units()
    unit = unit or (own[0] if len(own) == 1 else None)
    return None if unit is None else (programme, stage, unit, words)


def _may(turn: Turn, programme: Programme, stage: Stage, unit: Unit) -> bool:
    """A unit's own stage is given by whoever signs for it, everything else by the office (also from paper)."""
    what = f"{stage.name} {unit.name}"
    if stage.by is not By.UNIT or unit not in turn.own_units():
        return turn.may(Action.GIVE_STAGE, Target(office=programme.office, unit=unit.id), what)
    target = Target(office=programme.office, unit=unit.id, head_must_sign=stage.sign_off is SignOff.HEAD)
    return turn.may(Action.REPORT if stage.sign_off is SignOff.NONE else Action.SIGN, target, what)


def _read(programme: Programme, stage: Stage, words: str) -> _Said:
    if words.startswith(_TAKE_BACK):
        return _Said(Cell(None, words.removeprefix(_TAKE_BACK).strip(_GAP)), {}, take_back=True)
    categories = programme.rulebook.categories
    typed = read_typed_scores(words, categories)
    if typed.numbers or typed.without_task:
        score = read_self_score(words, categories)
        doubts = tuple(doubt_in_words(doubt) for doubt in score.doubts)
        return _Said(Cell(score.total), {row.category: row.points for row in score.rows}, doubts)
    below = words.startswith(_BELOW_NOTHING)
    number = scan_number(words, int(below))
    if not words or _NO_VALUE.match(words):
        return _Said(Cell(None, words), {})
    if not isinstance(number, Number) or _ENDS_A_NUMBER.match(words, number.end) is None:
        return _Said(Cell(None, words), {}, unread=words)
    reason = words[number.end :].lstrip().removeprefix("分").strip(_GAP)
    value = -number.value if below else number.value
    doubts = tuple(map(doubt_in_words, _doubts(programme.rulebook, stage, value)))
    return _Said(Cell(value, reason), {}, doubts)


def _doubts(rulebook: Rulebook, stage: Stage, value: Decimal) -> Iterator[ScoreDoubt]:
    """A total beyond the full marks that the rulebook knows is not taken."""
    account = rulebook.account(Subject.UNIT)
    full = sum((category.full for category in rulebook.categories), Decimal(0)) or (account and account.cap)
    if value < 0:
        yield ScoreDoubt(ScoreFault.BELOW_NOTHING, stage.name, value)
    if full and value > full:
        yield ScoreDoubt(ScoreFault.ABOVE_FULL, stage.name, value, full)
    try:
        to_scaled(value)
    except ExtraPlaces:
        yield ScoreDoubt(ScoreFault.EXTRA_PLACES, stage.name, value)


def _refused(turn: Turn, programme: Programme, stage: Stage, unit: Unit, said: _Said) -> StageRefused | None:
    about = StageRefused(about=stage.name, unit=unit.name)
    if said.unread:
        return about.model_copy(update={"unread": said.unread})
    if said.doubts:
        return about.model_copy(update={"doubts": said.doubts})
    if said.take_back and not said.cell.reason:
        return about.model_copy(update={"take_back": True})
    proven = turn.incoming.attachments or turn.incoming.files or said.cell.reason
    if stage.by is By.UNIT and stage.required and not (said.take_back or proven):
        return about.model_copy(update={"lacks": stage.required})
    return _out_of_order(turn, programme, stage, unit, said)


def _out_of_order(turn: Turn, programme: Programme, stage: Stage, unit: Unit, said: _Said) -> StageRefused | None:
    cell = Cell(Decimal(0)) if said.take_back else said.cell
    refusal = check_stage(programme.rulebook, cells(turn, programme, unit), stage.id, cell)
    return None if refusal is None else _in_notice(refusal, stage, unit)


def _in_notice(refusal: StageRefusal, stage: Stage, unit: Unit) -> StageRefused:
    other = refusal.stage.name if refusal.stage is not None else ""
    return StageRefused(
        about=stage.name,
        unit=unit.name,
        not_yet=other if refusal.why is OutOfOrder.NOT_YET else "",
        closed_by=other if refusal.why is OutOfOrder.CLOSED else "",
    )
