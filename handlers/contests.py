"""数据不一致: the office is told when a second unit's figure for one indicator differs from the first one's (R72)."""

from assessment.notices.judging import FiguresDiffer
from assessment.obligation import Kind
from assessment.requirements import asked_of
from assessment.roster import Role
from handlers.turn import Turn
from storage.contested import Contested, contested
from storage.obligations import ObligationRow
from storage.programmes import Programme


def tell_of_differences(turn: Turn, programme: Programme, row: ObligationRow) -> None:
    """Both figures, once for each pair of them; both stay on record, and neither counts until the office rules."""
    if row.kind != Kind.DUTY.value or not programme.rulebook.duty(row.ref).indicators:
        return
    for indicator in asked_of(programme.rulebook, turn.roster.unit(row.unit)):
        found = contested(turn.uow, programme, turn.roster, turn.today, indicator)
        if found is not None:
            _tell(turn, programme, found)


def _tell(turn: Turn, programme: Programme, found: Contested) -> None:
    indicator = found.indicator
    turn.tell(
        turn.roster.holders(programme.office, (Role.OFFICE,), turn.today),
        FiguresDiffer(
            indicator=f"{indicator.name}{found.cohort or ''}",
            unit=indicator.unit,
            period=found.period.label(cumulative=found.cumulative),
            lead=found.lead.name,
            led=found.led,
            publisher=found.publisher.name,
            published=found.published,
            assessed=programme.rulebook.assessed or found.lead.name,
            cite=indicator.cite,
            cohort=found.cohort or "",
        ),
        key=f"contested:{programme.id}:{indicator.id}:{found.cohort}:{found.period.name}:{found.led}:{found.published}",
        not_before=turn.office_time(programme),
    )
