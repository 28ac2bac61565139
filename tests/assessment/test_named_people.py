"""What is sealed holds ids instead of names, and reads as it was written."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.ledger import Basis
from assessment.named_people import named, unnamed
from assessment.roster import Person, Roster
from assessment.rulebook import Trigger

PEOPLE = (Person(7, "王晨曦"), Person(8, "王晨"), Person(9, "陈静怡"), Person(10, "王"))


def roster(*people: Person) -> Roster:
    return Roster(units=(), people=people, posts=())


def basis(reason: str, *evidence: str) -> Basis:
    return Basis(happened=Trigger.RECORDED, reason=reason, evidence=evidence)


def test_the_longest_name_counts_and_digits_stay_apart() -> None:
    sealed = unnamed(basis("王晨曦3次、王晨1次未到", "陈静怡的记录.pdf"), PEOPLE)

    assert sealed.reason == "@person:7;3次、@person:8;1次未到"
    assert sealed.evidence == ("@person:9;的记录.pdf",)


def test_the_name_of_today_is_shown_and_a_person_unknown_stays_an_id() -> None:
    assert named("@person:7;未到", roster(Person(7, "王辰曦"))) == "王辰曦未到"
    assert named("@person:7;未到", roster()) == "@person:7;未到"


def test_typing_the_mark_names_nobody() -> None:
    sealed = unnamed(basis("见@person:9;的说明"), PEOPLE)

    assert named(sealed.reason or "", roster(*PEOPLE)) == "见@ person:9;的说明"


def test_without_people_nothing_changes() -> None:
    assert unnamed(basis("王晨曦未到"), ()) == basis("王晨曦未到")
    assert unnamed(Basis(happened=Trigger.RECORDED), PEOPLE).reason is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["王晨曦", "王晨", "陈静怡", "王", "未到", "3次", "；", ";", "@", "曦"])).map("".join))
def test_it_reads_as_it_was_written(reason: str) -> None:
    sealed = unnamed(basis(reason), PEOPLE).reason or ""

    assert not [one.name for one in PEOPLE if len(one.name) > 1 and one.name in sealed]
    assert named(sealed, roster(*PEOPLE)) == reason
