"""回执: whatever became of the letters, the counts add up to the recipients."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.receipt_tally import Stand, stand, tally

FATES = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=200)


@settings(max_examples=100, deadline=None)
@given(FATES)
def test_the_counts_add_up(fates: list[tuple[bool, bool, bool]]) -> None:
    counted = tally(stand(signed=signed, delivered=sent, waiting=waits) for signed, sent, waits in fates)

    assert counted.signed + counted.silent + counted.waiting + counted.unreached == counted.total == len(fates)
    assert counted.delivered == counted.signed + counted.silent
    assert counted.signed == sum(signed for signed, _, _ in fates)
    assert counted.delivered == sum(signed or sent for signed, sent, _ in fates)


def test_who_signs_has_got_it_and_who_is_given_up_has_not() -> None:
    assert stand(signed=True, delivered=False, waiting=True) is Stand.SIGNED
    assert stand(signed=False, delivered=True, waiting=False) is Stand.SILENT
    assert stand(signed=False, delivered=False, waiting=True) is Stand.WAITING
    assert stand(signed=False, delivered=False, waiting=False) is Stand.UNREACHED
