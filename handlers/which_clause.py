"""Which clause is meant when the office records points by hand: by number, by citation, or as the measure calls it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessment.notices import Repair, RepairLine
from assessment.rulebook import Clause, Trigger
from handlers.turn import Turn
from storage.programmes import Programme

_SHORTEST_PIECE = 2
_SHOWN = 8


@dataclass(frozen=True)
class Meant:
    """A clause of one of the measures that the sender's office runs."""

    programme: Programme
    clause: Clause


@dataclass(frozen=True)
class Understood:
    """What fits the words of a clause, those words, and what stands behind them."""

    fitting: tuple[Meant, ...]
    word: str
    rest: str


def recordable(turn: Turn, sign: int) -> list[Meant]:
    """Every clause that a person records for (1) or against (-1) a unit, of all measures of the sender's office."""
    return [
        Meant(programme, clause)
        for programme in turn.offices()
        for clause in programme.rulebook.clauses
        if clause.trigger is Trigger.RECORDED and direction(clause) in (0, sign)
    ]


def understood(text: str, among: Sequence[Meant]) -> Understood:
    """Read the clause at the start of a text, behind the measure's name where that is written first."""
    named = [each for each in among if _behind_measure(text, each.programme) is not None]
    if named:
        among, text = named, _behind_measure(text, named[0].programme) or ""
    word, _, rest = text.strip().partition(" ")
    exact = [each for each in among if word in (each.clause.id, each.clause.cite)]
    if exact:
        return Understood(tuple(exact), word, rest)
    called = [each for each in among if text.startswith(each.clause.name)]
    if called:
        name = max((each.clause.name for each in called), key=len)
        return Understood(tuple(m for m in called if m.clause.name == name), name, text.removeprefix(name).strip())
    part = [each for each in among if len(word) >= _SHORTEST_PIECE and word in each.clause.name]
    if part:
        return Understood(tuple(part), word, rest)
    return Understood(tuple(each for each in among if each.clause.name in text), word, text)


def which_clause(found: Understood, among: Sequence[Meant], word: str, unit: str) -> RepairLine:
    """Nothing fits, or several do: what can be recorded, each as it is to be typed."""
    choices = found.fitting or among
    several = len({each.programme.id for each in choices}) > 1
    facts = {"word": word, "unit": unit, "asked": found.word, "clauses": "、".join(_shown(choices, measure=several))}
    if not choices:
        return RepairLine(about=found.word or word, repair=Repair.NO_SUCH_CLAUSE, facts=facts)
    repair = Repair.ONE_OF_THESE_CLAUSES if found.fitting else Repair.CLAUSES_TO_RECORD
    return RepairLine(about=found.word or word, repair=repair, facts=facts)


def direction(clause: Clause) -> int:
    """-1 for a deduction, 1 for an addition, 0 where the measure prints no value or a range that goes both ways."""
    printed = clause.points.value
    values = [] if printed is None else [printed]
    if clause.discretion is not None:
        values += [clause.discretion.lowest, clause.discretion.highest]
    if not values or min(values) < 0 < max(values):
        return 0
    return 1 if max(values) > 0 else -1


def _behind_measure(text: str, programme: Programme) -> str | None:
    """What stands behind the name of the measure, in 《》 or without; None where it is not written first."""
    for name in (f"《{programme.rulebook.name}》", programme.rulebook.name):
        if text.startswith(name):
            return text.removeprefix(name).strip()
    return None


def _shown(choices: Iterable[Meant], *, measure: bool) -> Iterable[str]:
    listed = list(choices)
    for each in listed[:_SHOWN]:
        name = f"《{each.programme.rulebook.name}》" if measure else ""
        yield f"{name}{each.clause.id}（{each.clause.name}）"
    if len(listed) > _SHOWN:
        yield f"等{len(listed)}条"
