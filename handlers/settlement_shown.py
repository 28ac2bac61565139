"""A settlement as people are shown it: what it would do, indicator by indicator, and one page of that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessment.mark_words import in_words
from assessment.notices.judging import SettleBlock, SettleLine
from assessment.periods import Frequency, Period
from assessment.roster import Unit
from assessment.stages import apart_from_ledger
from handlers.spans import PAGE, pages_of
from storage.programmes import Programme
from storage.settling import Outcome, SettledLine
from storage.year_facts import YearFacts

_KINDS = ("proposed", "changed", "dropped", "by_two", "prepared", "unset", "waiting")
"""The kinds of lines of a block, in the order in which they are shown."""


@dataclass(frozen=True)
class Looked:
    """What settling one programme would do, before anybody confirms it."""

    programme: Programme
    facts: YearFacts
    lines: tuple[SettledLine, ...]
    own: tuple[Unit, ...]
    """Units that the sender may not settle."""


def shown(found: Looked) -> SettleBlock:
    """All of it, by what becomes of each line."""

    def those(outcome: Outcome) -> tuple[SettleLine, ...]:
        return tuple(_line(line) for line in found.lines if line.outcome is outcome)

    apart = apart_from_ledger(found.programme.rulebook) if found.facts.part is None else None
    return _block(found).model_copy(
        update={
            "proposed": those(Outcome.NEW),
            "unset": those(Outcome.UNSET),
            "waiting": those(Outcome.WAITING),
            "dropped": tuple(_line(line) for line in found.lines if line.falls),
            "changed": those(Outcome.CHANGED),
            "prepared": those(Outcome.PREPARED),
            "by_two": those(Outcome.BY_TWO),
            "refused": sum(line.outcome is Outcome.REFUSED for line in found.lines),
            "same": sum(line.outcome is Outcome.SAME for line in found.lines),
            "own": tuple(unit.name for unit in found.own),
            "apart": apart.name if apart is not None else "",
        }
    )


def reference(found: Looked) -> SettleBlock:
    """What the figures come to, whatever stands already: nothing of it is entered."""
    worked = [line for line in found.lines if line.proposal is not None]
    return _block(found).model_copy(
        update={
            "proposed": tuple(_line(line) for line in worked if line.mark.points is not None),
            "unset": tuple(_line(line) for line in worked if line.mark.points is None),
            "waiting": tuple(_line(line) for line in found.lines if line.proposal is None),
        }
    )


def cut_to_page(blocks: Iterable[SettleBlock], page: int) -> tuple[tuple[SettleBlock, ...], int]:
    """One page of the lines of all blocks, and how many pages there are; what fits on one stays as it is."""
    listed = list(blocks)
    pages = pages_of(sum(len(getattr(block, kind)) for block in listed for kind in _KINDS))
    if pages == 1:
        return tuple(listed), 1
    first = (min(page, pages) - 1) * PAGE
    before, found = 0, []
    for block in listed:
        cut: dict[str, object] = {}
        for kind in _KINDS:
            lines = getattr(block, kind)
            cut[kind] = lines[max(first - before, 0) : max(first + PAGE - before, 0)]
            before += len(lines)
        sizes = {kind: len(getattr(block, kind)) for kind in _KINDS}
        found.append(block.model_copy(update=cut | {"sizes": sizes} | _in_short(block)))
    return tuple(found), pages


def _block(found: Looked) -> SettleBlock:
    rulebook = found.programme.rulebook
    part = found.facts.part
    return SettleBlock(
        programme=rulebook.name,
        version=rulebook.version,
        period=f"{rulebook.year}年度" if part is None else f"{rulebook.year}年{part.label()}",
        months=found.facts.months_passed,
        trial=found.programme.trial,
    )


def _line(line: SettledLine) -> SettleLine:
    proposal = line.proposal
    return SettleLine(
        unit=line.unit.name,
        indicator=line.indicator.name,
        points=proposal.points if proposal is not None else None,
        mark="◇" if proposal is not None and proposal.stand_in else "",
        reasons=in_words(line.mark)[-len({lack.why for lack in line.mark.lacks}) :] if line.mark.lacks else (),
        entry=line.old.number if line.old is not None else "",
        beside=tuple((_span(name), points) for name, points in line.beside),
    )


def _span(name: str) -> str:
    period = Period.parse(name)
    return f"{name}年度" if period.frequency is Frequency.YEAR else period.label()


def _in_short(block: SettleBlock) -> dict[str, object]:
    """Whose lines they are, and who would get most and least by them."""
    sums: dict[str, Decimal] = {}
    for line in (*block.proposed, *block.changed):
        if line.points is not None:
            sums[line.unit] = sums.get(line.unit, Decimal(0)) + line.points
    units = {line.unit for kind in _KINDS for line in getattr(block, kind)}
    ranked: Sequence[tuple[str, Decimal]] = sorted(sums.items(), key=lambda one: -one[1])
    ends = {"highest": ranked[0], "lowest": ranked[-1]} if len(ranked) > 1 else {}
    return {"units": len(units), **ends}
