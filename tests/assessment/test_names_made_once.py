"""What is worked out once for a rulebook, however many units ask: names, who reports what, and the keys to find it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.indicator_names import IndicatorNames, Named, NamedElsewhere
from assessment.periods import Frequency, Period
from assessment.requirements import asks, items, leads, reported_by
from assessment.roster import Unit
from assessment.rulebook import Due, Duty, Indicator, Measure, Parameter, TextPart
from assessment.very_same import VerySame
from tests.assessment.cards_of_points import a_rulebook

_SIGNS = "甲乙丙"


def an_indicator(place: int, name: str, owner: str, aliases: tuple[str, ...] = ()) -> Indicator:
    return Indicator(
        id=f"i{place}", name=name, aliases=aliases, unit="家", measure=Measure.CUMULATIVE, owners=(owner,), cite="一"
    )


names = st.text(_SIGNS, min_size=1, max_size=3)
indicators = st.lists(st.tuples(names, st.sampled_from("东西"), st.lists(names, max_size=1)), max_size=6).map(
    lambda drawn: tuple(
        an_indicator(place, name, owner, tuple(aliases)) for place, (name, owner, aliases) in enumerate(drawn)
    )
)


@settings(max_examples=150, deadline=None)
@given(indicators, st.text(_SIGNS + "5", max_size=8))
def test_everybodys_indicators_serve_as_well_as_those_of_the_others(every: tuple[Indicator, ...], text: str) -> None:
    own = tuple(one for one in every if one.owners == ("东",))
    others = [one for one in every if one.owners != ("东",)]

    for start in range(len(text)):
        assert IndicatorNames(own, every).at(text, start) == IndicatorNames(own, others).at(text, start)


@settings(max_examples=150, deadline=None)
@given(indicators, st.text(_SIGNS, max_size=6))
def test_the_longest_name_is_found_and_ones_own_goes_first(every: tuple[Indicator, ...], text: str) -> None:
    own = tuple(one for one in every if one.owners == ("东",))
    found = IndicatorNames(own, every).at(text, 0)

    begins = {name for one in every for name in (one.name, *one.aliases) if text.startswith(name)}
    if not begins:
        assert found is None
        return
    assert found is not None
    longest = max(begins, key=len)
    mine = tuple(one.id for one in own if longest in (one.name, *one.aliases))
    theirs = [one.id for one in every if one not in own and longest in (one.name, *one.aliases)]
    assert found[1] == len(longest)
    assert found[0] == (Named(mine) if mine else NamedElsewhere(theirs[0]))


def test_a_name_of_the_same_indicator_in_another_programme_is_nobodys() -> None:
    own, other = an_indicator(1, "甲乙", "东"), an_indicator(1, "甲乙丙", "东")

    assert IndicatorNames((own,), (own, other)).at("甲乙丙5", 0) == (Named(("i1",)), 2)


def test_a_key_is_the_same_for_the_very_same_objects_only() -> None:
    first, second = an_indicator(1, "甲", "东"), an_indicator(2, "乙", "东")
    equal = an_indicator(1, "甲", "东")

    assert VerySame([first, second]) == VerySame((first, second))
    assert hash(VerySame([first, second])) == hash(VerySame((first, second)))
    assert VerySame([first]) != VerySame([equal])
    assert VerySame([first, second]) != VerySame([second, first])
    assert VerySame([first, second, first]) != VerySame([first, first, first])
    assert VerySame([]) == VerySame(())
    assert VerySame([first]) != (first,)


def test_who_reports_what_follows_the_rulebooks_order_by_name_alias_and_group() -> None:
    book = a_rulebook().model_copy(
        update={
            "indicators": (
                an_indicator(1, "甲", "东局"),
                an_indicator(2, "乙", "西局"),
                an_indicator(3, "丙", "东"),
                an_indicator(4, "丁", "部门"),
            )
        }
    )
    unit = Unit(1, "东局", ("东",), group="部门")

    assert [one.id for one in reported_by(book, unit)] == ["i1", "i3", "i4"]
    assert reported_by(book, unit) is reported_by(book, unit), "it is worked out once"
    assert leads(book) == ("东局", "西局", "东", "部门")


@settings(max_examples=60, deadline=None)
@given(st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["东局", "西局"]))
def test_a_duty_asks_something_where_it_has_items(figures: bool, parts: bool, scores: bool, name: str) -> None:
    book = a_rulebook().model_copy(update={"indicators": (an_indicator(1, "甲", "东局"),)})
    duty = Duty(
        id="d",
        name="月报",
        cite="一",
        frequency=Frequency.MONTH,
        due=Parameter(value=Due(day_of_next_month=5)),
        indicators=figures,
        parts=(TextPart.PROBLEMS,) if parts else (),
        self_score=scores,
        ladder="l",
    )
    unit = Unit(1, name)

    assert asks(book, duty, unit) == bool(items(book, duty, unit, Period.parse("2026-07")))
