"""评定 and 核实: what the office gives of an indicator where no report can say it; bounds are the marking's."""

from collections.abc import Sequence
from typing import Any

from assessment.indicator import Indicator
from assessment.judgement import Judgement, Reading, how_to_say, in_words, read_judgement
from assessment.mark_words import in_words as mark_in_words
from assessment.notices.judging import JudgeAsk, JudgeRefused, JudgeTaken
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.settlement import settled
from assessment.worksheet import WhyNot
from handlers import whom
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import judgements, ledger, scoring, settling
from storage.programmes import Programme
from storage.year_facts import YearFacts

router = Router()

_OFFICE = (Role.OFFICE,)
_GAP = " ,，:：、"


@router.command("评定", "核实", "采用", what="评定指标、核实数据", roles=_OFFICE, offered=seldom, takes_more=True)
def judge(turn: Turn, rest: str) -> None:
    """评定 单位 指标 内容 [理由]: read by the indicator's way, refused outside its bounds, asked for confirmation."""
    offices = turn.offices()
    if not offices:
        turn.may(Action.JUDGE, Target(office=0), "评定")
        return
    unit, words = whom.leading(turn.roster, rest)
    if unit is None:
        turn.reply(JudgeRefused())
        return
    found = _indicator(turn, offices, unit, words)
    if found is None:
        known = [one.name for p in offices for one in year_facts(turn, p).may_be_judged(unit)]
        turn.reply(JudgeRefused(unit=unit.name, choices=tuple(dict.fromkeys(known))))
        return
    programme, indicator, said = found
    if not turn.may(Action.JUDGE, Target(office=programme.office, unit=unit.id), f"{unit.name} {indicator.name}"):
        return
    reading = read_judgement(indicator, said, programme.rulebook.year)
    refused = _refused(turn, programme, unit, indicator, reading)
    if refused is not None:
        turn.reply(refused)
        return
    turn.ask(
        "judge",
        {
            "programme": programme.id,
            "unit": unit.id,
            "indicator": indicator.id,
            "judgements": [judgements.to_json(one) for one in reading.kept],
            "evidence": list(turn.incoming.attachments),
        },
    )
    turn.reply(_question(turn, programme, unit, indicator, reading))


@router.confirmation("judge")
def take_judgement(turn: Turn, content: dict[str, Any]) -> None:
    """确认 puts it on record; what stood before stays and counts no more."""
    programme = turn.programme(content["programme"])
    unit, indicator = turn.roster.unit(content["unit"]), programme.rulebook.indicator(content["indicator"])
    if not turn.may(Action.JUDGE, Target(office=programme.office, unit=unit.id), f"{unit.name} {indicator.name}"):
        return
    given = [judgements.from_json(one) for one in content["judgements"]]
    for one in given:
        judgements.add(
            turn.uow,
            one,
            programme=programme.id,
            unit=unit.id,
            indicator=indicator.id,
            evidence=content["evidence"],
            by=turn.actor.person,
            at=turn.now,
        )
    account = scoring.unit_account(programme, unit.id)
    entries = ledger.entries(turn.uow, account)
    turn.reply(
        JudgeTaken(
            unit=unit.name,
            indicator=indicator.name,
            given=tuple(in_words(one, indicator.unit) for one in given),
            outcome=mark_in_words(year_facts(turn, programme).mark(unit, indicator)),
            settled=settled(entries, account, indicator.id, settling.period_of(programme)) is not None,
        )
    )


def year_facts(turn: Turn, programme: Programme) -> YearFacts:
    """What is known of the programme's year at this moment."""
    return YearFacts(turn.uow, programme, turn.roster, turn.today, turn.now)


def _indicator(
    turn: Turn, offices: Sequence[Programme], unit: Unit, words: str
) -> tuple[Programme, Indicator, str] | None:
    """The indicator that the words begin with, by the longest of its names, and what follows."""
    named = [
        (name, programme, indicator)
        for programme in offices
        for indicator in year_facts(turn, programme).may_be_judged(unit)
        for name in (indicator.name, indicator.id, *indicator.aliases)
        if words.startswith(name)
    ]
    if not named:
        return None
    name, programme, indicator = max(named, key=lambda one: len(one[0]))
    return programme, indicator, words[len(name) :].strip(_GAP)


def _refused(
    turn: Turn, programme: Programme, unit: Unit, indicator: Indicator, reading: Reading
) -> JudgeRefused | None:
    reasons: tuple[str, ...] = ()
    if reading.judgements:
        mark = year_facts(turn, programme).mark(unit, indicator, reading.kept)
        reasons = tuple(lack.what for lack in mark.lacks if lack.why is WhyNot.REFUSED)
        if not reasons:
            return None
    return JudgeRefused(unit=unit.name, indicator=indicator.name, reasons=reasons, how=how_to_say(indicator))


def _question(turn: Turn, programme: Programme, unit: Unit, indicator: Indicator, reading: Reading) -> JudgeAsk:
    mark = year_facts(turn, programme).mark(unit, indicator, reading.kept)
    return JudgeAsk(
        unit=unit.name,
        indicator=indicator.name,
        cite=indicator.cite,
        given=tuple(in_words(one, indicator.unit) for one in reading.kept),
        replaced=_replaced(turn, programme, unit, indicator, reading.kept),
        reason=reading.reason,
        evidence=turn.incoming.attachments,
        outcome=mark_in_words(mark),
        mark="◇" if mark.stand_in else "",
    )


def _replaced(
    turn: Turn, programme: Programme, unit: Unit, indicator: Indicator, given: Sequence[Judgement]
) -> tuple[str, ...]:
    """What stands of the very things that are given anew."""
    rows = judgements.of_programme(turn.uow, programme.id, unit.id)
    before = {
        (one.given, one.name): one
        for one in (judgements.judgement_of(row) for row in rows if row.indicator == indicator.id)
    }
    same = [before[one.given, one.name] for one in given if (one.given, one.name) in before]
    return tuple(in_words(one, indicator.unit) for one in same)
