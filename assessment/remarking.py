"""The fact behind a basis: what an entry rests on, put again as it was put to marking."""

from datetime import date

from assessment.ledger import Basis
from assessment.marking import Fact, MatterDone, MatterLate, Reported, Returned, UrgedNotReported
from assessment.rulebook import Clause, Trigger
from assessment.supervision import MatterReturned, Supervised

_NOBODY = 0
"""Whose account is concerned stands with the entry; the fact is asked for nothing but what would count."""


def fact_behind(basis: Basis, clause: Clause, until: date) -> Fact | None:
    """The fact from which `clause` made that basis; None for what an office recorded by hand or settled.

    `until` is the day up to which it is known, where the basis itself names none: of an entry the day on which it
    happened, of an open proposal today.
    """
    obligation = basis.obligation or _NOBODY
    match basis.happened:
        case Trigger.URGED_NOT_REPORTED if basis.due_day is not None and basis.first_urged is not None:
            return UrgedNotReported(
                obligation=obligation,
                unit=_NOBODY,
                due_day=basis.due_day,
                first_urged=basis.first_urged,
                reported=basis.reported,
                today=basis.counted_to or until,
            )
        case Trigger.REPORTED_ON_TIME | Trigger.REPORTED_LATE if basis.reported is not None:
            on_time = basis.happened is Trigger.REPORTED_ON_TIME
            return Reported(obligation=obligation, unit=_NOBODY, on_time=on_time, reported=basis.reported)
        case Trigger.RETURNED if basis.share is None:
            return Returned(obligation=obligation, unit=_NOBODY, times=basis.times or 1, reason=basis.reason)
        case _:
            return _of_a_matter(basis, clause, until, obligation)


def _of_a_matter(basis: Basis, clause: Clause, until: date, obligation: int) -> Fact | None:
    share, matter_class = basis.share, basis.matter_class
    if share is None or matter_class is None:
        return None
    match basis.happened:
        case Trigger.MATTER_LATE if basis.due_day is not None:
            return MatterLate(
                obligation=obligation,
                unit=_NOBODY,
                share=share,
                matter_class=matter_class,
                due_day=basis.due_day,
                done=basis.reported,
                today=basis.counted_to or until,
            )
        case Trigger.MATTER_DONE if basis.timing is not None:
            return MatterDone(
                obligation=obligation,
                unit=_NOBODY,
                share=share,
                matter_class=matter_class,
                timing=basis.timing,
                done=basis.reported,
            )
        case Trigger.RETURNED:
            return MatterReturned(obligation=obligation, unit=_NOBODY, share=share, matter_class=matter_class, nth=1)
        case Trigger.SUPERVISED:
            return Supervised(
                obligation=obligation,
                unit=_NOBODY,
                share=share,
                matter_class=matter_class,
                nth=clause.round or 1,
                letter="",
            )
        case _:
            return None
