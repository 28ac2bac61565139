"""The tests are tested: each probe holds of the product, and fails as soon as its fault is put in."""

import pytest
from structlog.testing import capture_logs

from tests.handlers.desk import Desk
from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import Mutant, Probe

PROBES = sorted({mutant.probe for mutant in MUTANTS}, key=lambda probe: probe.__name__)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__)
def test_the_product_keeps_it(probe: Probe, desk: Desk) -> None:
    probe(desk)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_fault_is_noticed(mutant: Mutant, desk: Desk) -> None:
    """By an assertion of its probe, not by an accident of the fault itself."""
    with mutant.at_large(), capture_logs(), pytest.raises(AssertionError):
        mutant.probe(desk)


def test_every_invariant_has_its_mutants() -> None:
    assert {mutant.invariant for mutant in MUTANTS} >= set(range(1, 9))
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
