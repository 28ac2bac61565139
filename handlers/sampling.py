"""抽查: units drawn by a seed that comes with 确认, sealed and listed; anybody can draw them again (R114)."""

import re
import secrets
from typing import Any

from assessment.notices.results import ResultsNotDone, ResultsRefused, SampleAsk, SampleDrawn, SampleList
from assessment.number_words import Number, scan_number
from assessment.rights import Action, Target
from assessment.sampling import draw
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import counters, programmes, samples
from storage.ids import new_id
from storage.programmes import Programme
from storage.samples import SampleRow

router = Router()

LETTER = "C"
_SEED_DIGITS = 32
_HOW_MANY = re.compile(r"(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3})\s*个")


@router.command("抽查", what="抽取抽查名单", roles=OFFICE, offered=seldom, takes_more=True)
def ask_for_sample(turn: Turn, rest: str) -> None:
    """抽查 类别 2个: ask; 抽查 alone lists what was drawn."""
    programme = next(iter(turn.offices() or turn.programmes[:1]), None)
    if programme is None or not turn.may(Action.SAMPLE, Target(office=programme.office), "抽查"):
        return
    if not rest:
        rows = [row for one in turn.offices() for row in samples.of_programme(turn.uow, one.id)]
        turn.reply(SampleList(samples=tuple(_shown(turn, row) for row in rows)))
        return
    groups = {unit.group for unit in turn.roster.units if unit.group and unit.belongs_on(turn.today)}
    peers = next((name for name in sorted(groups, key=len, reverse=True) if rest.startswith(name)), None)
    wanted = _how_many(rest)
    if peers is None or wanted is None:
        listed = "、".join(sorted(groups))
        turn.reply(ResultsNotDone(about="抽查", why=ResultsRefused.SAMPLE_OF_WHOM, words=listed))
        return
    candidates = _candidates(turn, programme, peers)
    if not 0 < wanted <= len(candidates):
        words = f"{peers}{len(candidates)}个"
        turn.reply(ResultsNotDone(about="抽查", why=ResultsRefused.SAMPLE_TOO_LARGE, words=words))
        return
    turn.ask("sample", {"programme": programme.id, "peers": peers, "wanted": wanted, "drawn": _drawn(turn, programme)})
    turn.reply(SampleAsk(programme=programme.rulebook.name, peers=peers, wanted=wanted, candidates=tuple(candidates)))


@router.confirmation("sample")
def take_sample(turn: Turn, content: dict[str, Any]) -> None:
    """确认 draws the seed and with it the units; the list is sealed at once."""
    programme = turn.programme(content["programme"])
    if not turn.may(Action.SAMPLE, Target(office=programme.office), content["peers"]):
        return
    # Of two who draw at once one has drawn: a second list would be one to choose from.
    programmes.hold(turn.uow, programme.id)
    if _drawn(turn, programme) != content["drawn"]:
        turn.reply(ResultsNotDone(about="抽查", why=ResultsRefused.CHANGED_MEANWHILE))
        return
    candidates = _candidates(turn, programme, content["peers"])
    if content["wanted"] > len(candidates):
        words = f"{content['peers']}{len(candidates)}个"
        turn.reply(ResultsNotDone(about="抽查", why=ResultsRefused.SAMPLE_TOO_LARGE, words=words))
        return
    seed = f"{secrets.randbelow(10**_SEED_DIGITS):0{_SEED_DIGITS}}"
    row = SampleRow(
        id=new_id(),
        number=counters.number(turn.uow, LETTER, turn.today),
        programme=programme.id,
        peers=content["peers"],
        seed=seed,
        candidates=candidates,
        chosen=list(draw(candidates, content["wanted"], seed)),
        drawn_by=turn.actor.person,
        drawn_at=turn.now,
    )
    samples.seal(turn.uow, row)
    turn.reply(_shown(turn, row))


def _drawn(turn: Turn, programme: Programme) -> int:
    """How many lists are sealed."""
    return len(samples.of_programme(turn.uow, programme.id))


def _candidates(turn: Turn, programme: Programme, peers: str) -> list[str]:
    return [
        unit.name
        for unit in turn.roster.units
        if unit.group == peers and unit.belongs_on(turn.today) and unit.id != programme.office
    ]


def _how_many(text: str) -> int | None:
    found = _HOW_MANY.search(text)
    if found is None:
        return None
    number = scan_number(found["number"], 0)
    return int(number.value) if isinstance(number, Number) else None


def _shown(turn: Turn, row: SampleRow) -> SampleDrawn:
    return SampleDrawn(
        number=row.number,
        programme=turn.programme(row.programme).rulebook.name,
        peers=row.peers,
        seed=row.seed,
        candidates=tuple(row.candidates),
        chosen=tuple(row.chosen),
        at=row.drawn_at,
        by=turn.roster.person(row.drawn_by).name,
    )
