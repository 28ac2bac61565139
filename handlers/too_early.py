"""A report of a period that is not asked for yet: when it will be, instead of not understanding it."""

import re
from collections.abc import Iterator
from datetime import date

from assessment.notices.reporting import NotYetOpen
from assessment.requirements import SELF_SCORE
from assessment.roster import Unit
from assessment.rulebook import Duty
from handlers.turn import Turn
from storage import event_days, opening
from storage.opening import Owed

_MONTH_OF = re.compile(r"(\d{1,2}月)份")


def said_when_it_opens(turn: Turn, text: str) -> bool:
    """Whether a text names by its title what the sender's units will owe later; then that has been answered."""
    text = as_titles_write(text)
    coming = [(owed, unit) for owed, unit in _coming(turn, text) if _title(owed) in text]
    if not coming:
        return False
    # 11月 stands in no title of 1月, but 1月 stands in 11月: the longest title is the one that is meant.
    owed, unit = max(coming, key=lambda found: len(_title(found[0])))
    _tell(turn, owed, unit)
    return True


def said_when_next_opens(turn: Turn, text: str) -> bool:
    """The same where a duty is named without its period and nothing of it is open: the next one is meant."""
    if not turn.own_units():
        return False
    coming = list(_coming(turn, text))
    if not coming:
        return False
    _tell(turn, *min(coming, key=lambda found: (found[0].opens, found[0].due.due)))
    return True


def as_titles_write(text: str) -> str:
    """9月份 as titles have it: 9月."""
    return _MONTH_OF.sub(r"\1", text)


def _may_mean(duty: Duty, text: str) -> bool:
    return duty.name in text or (duty.self_score and text.startswith(SELF_SCORE))


def _tell(turn: Turn, owed: Owed, unit: Unit) -> None:
    turn.reply(
        NotYetOpen(
            unit=unit.name,
            title=_title(owed),
            opens=owed.opens,
            due=owed.due.due,
            due_mark=owed.duty.due.mark,
        )
    )


def _title(owed: Owed) -> str:
    return owed.duty.title(owed.period)


def _coming(turn: Turn, text: str) -> Iterator[tuple[Owed, Unit]]:
    own = turn.own_units()
    for programme in turn.programmes:
        rulebook = programme.rulebook
        if turn.is_hidden(programme) or not any(_may_mean(duty, text) for duty in rulebook.duties):
            continue
        days = event_days.of_programme(turn.uow, programme.id)
        end = date(rulebook.year, 12, 31)
        for owed in opening.owed_in_year(turn.installation, rulebook, turn.roster, days, end):
            if owed.opens > turn.today and _may_mean(owed.duty, text):
                yield from ((owed, unit) for unit in own if unit in owed.units)
