"""A platform that takes one answer, where it was asked, and nothing else: where each answer goes then."""

from typing import Any

import pytest
from sqlmodel import select

from assessment.notices import OtherContent, SayInPrivate, ScoreTold, Stranger, ToldPrivately, UrgeAsk, read
from bot.county import CHANNEL
from handlers.answering import Answers
from handlers.incoming import ANSWERED_AT, FileRef, Incoming
from storage import roster
from storage.files import FileRow
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import CLERK, FOUR_FIGURES, OFFICE, OFFICE_TWO, Desk

ROBOT = "robot"
EXTRA = {ANSWERED_AT: "https://platform.example/1", "chat": "g-1"}
HERE, THERE = ROBOT, CHANNEL


def to_robot(desk: Desk, who: str, text: str, **how: Any) -> Incoming:
    """A message to a robot of the organisation in whose app the people of the roster are."""
    return desk.message(who, text, **{"channel": ROBOT, "extra": EXTRA, **how})


def letters(desk: Desk, incoming: Incoming) -> list[OutboxRow]:
    before = {row.id for row in desk.letters()}
    desk.take(incoming)
    return [row for row in desk.letters() if row.id not in before and row.key.startswith(("reply:", "aside:"))]


def places(rows: list[OutboxRow]) -> list[tuple[str, str, bool, bool]]:
    """Channel, recipient, whether it is a group, and whether the one answer is used."""
    return [(row.channel, row.recipient, row.to_group, bool(row.extra)) for row in rows]


def known_to_the_robot_alone(desk: Desk, account: str) -> None:
    """Move a person's only account to the robot."""

    def move(uow: UnitOfWork) -> None:
        person = roster.known(uow, CHANNEL, CHANNEL, account)
        assert person is not None
        (identity,) = roster.identities(uow, person)
        roster.unbind(uow, identity.id)
        roster.bind(uow, person, ROBOT, CHANNEL, account)

    desk.database.write_now(move)


def test_in_private_the_answer_goes_back(desk: Desk) -> None:
    rows = letters(desk, to_robot(desk, CLERK, "得分"))

    assert places(rows) == [(HERE, CLERK, False, True)]
    assert rows[0].extra == EXTRA


def test_in_a_group_the_answer_goes_to_the_app_and_the_one_answer_is_the_short_word(desk: Desk) -> None:
    rows = letters(desk, to_robot(desk, CLERK, "得分", group=True))

    assert places(rows) == [(THERE, CLERK, False, False), (HERE, "g-1", True, True)]
    assert isinstance(read(rows[0].notice), ScoreTold)
    assert isinstance(read(rows[1].notice), ToldPrivately)


def test_what_comes_after_the_first_answer_goes_to_the_app(desk: Desk) -> None:
    video = FileRef("", "video", "https://files.example/1")
    rows = letters(desk, to_robot(desk, CLERK, "得分", files=(video,), attachments=("视频",)))

    assert places(rows) == [(HERE, CLERK, False, True), (THERE, CLERK, False, False)]


def test_without_an_address_all_goes_to_the_app(desk: Desk) -> None:
    rows = letters(desk, to_robot(desk, CLERK, "得分", extra={ANSWERED_AT: ""}))

    assert places(rows) == [(THERE, CLERK, False, False)]


def test_whoever_has_no_app_is_not_served_in_a_group(desk: Desk) -> None:
    """Nothing happens of which they could not be told; alone with the robot they are served."""
    known_to_the_robot_alone(desk, CLERK)
    rows = letters(desk, to_robot(desk, CLERK, FOUR_FIGURES, group=True))

    assert places(rows) == [(HERE, "g-1", True, True)]
    assert isinstance(read(rows[0].notice), SayInPrivate)
    assert not [row for row in desk.rows("县经贸局") if row.state != "open"]

    assert places(letters(desk, to_robot(desk, CLERK, FOUR_FIGURES))) == [(HERE, CLERK, False, True)]


def test_marked_content_is_not_asked_for_again(desk: Desk) -> None:
    known_to_the_robot_alone(desk, CLERK)
    rows = letters(desk, to_robot(desk, CLERK, "秘密★\n得分", group=True))

    assert [row.notice["kind"] for row in rows] == ["Marked"]
    assert rows[0].to_group


def test_a_stranger(desk: Desk) -> None:
    alone = letters(desk, to_robot(desk, "nobody", "得分"))
    before_all = letters(desk, to_robot(desk, "nobody", "得分", group=True))

    assert places(alone) == [(HERE, "nobody", False, True)]
    assert isinstance(read(alone[0].notice), Stranger)
    assert places(before_all) == [(HERE, "g-1", True, True)]
    assert isinstance(read(before_all[0].notice), SayInPrivate)


def test_another_organisation_s_account_of_that_name_is_a_stranger(desk: Desk) -> None:
    rows = letters(desk, to_robot(desk, CLERK, "得分", tenant="another"))

    assert isinstance(read(rows[0].notice), Stranger)


def test_an_account_that_would_be_two_people_is_a_stranger(desk: Desk) -> None:
    desk.database.write_now(lambda uow: roster.add_person(uow, "另一人", "other app", CHANNEL, CLERK))
    rows = letters(desk, to_robot(desk, CLERK, "得分"))

    assert isinstance(read(rows[0].notice), Stranger)


def test_other_platforms_know_nobody_by_an_account_elsewhere(desk: Desk) -> None:
    rows = letters(desk, desk.message(CLERK, "得分", channel="second app"))

    assert isinstance(read(rows[0].notice), Stranger)


@pytest.mark.parametrize("group", [False, True])
def test_another_content_under_a_known_number(desk: Desk, group: bool) -> None:
    first = to_robot(desk, CLERK, "得分", group=group, message_id="m-known")
    letters(desk, first)
    rows = letters(desk, to_robot(desk, CLERK, "排名", group=group, message_id="m-known"))

    assert [type(read(row.notice)) for row in rows] == [OtherContent]
    assert places(rows) == [(THERE, CLERK, False, False) if group else (HERE, CLERK, False, True)]


@pytest.mark.parametrize(
    ("asked_in_group", "answered_at"), [(True, THERE), (True, HERE), (False, HERE), (False, THERE)]
)
def test_a_question_is_the_person_s_whichever_of_the_two_chats_it_is_answered_in(
    desk: Desk, asked_in_group: bool, answered_at: str
) -> None:
    desk.wind(8, 6, 9, 30)
    asked = letters(desk, to_robot(desk, OFFICE, "催报 进展情况", group=asked_in_group))
    assert isinstance(read(asked[0].notice), UrgeAsk)

    extra = EXTRA if answered_at == HERE else None
    (answer, *_) = letters(desk, desk.message(OFFICE, "取消", channel=answered_at, extra=extra))

    assert answer.notice["kind"] == "Cancelled"


def test_another_s_question_is_not_answered(desk: Desk) -> None:
    desk.wind(8, 6, 9, 30)
    letters(desk, to_robot(desk, OFFICE, "催报 进展情况", group=True))
    (answer, *_) = letters(desk, to_robot(desk, OFFICE_TWO, "取消"))

    assert answer.notice["kind"] == "NoQuestion"


def test_files_are_fetched_from_where_they_were_sent(desk: Desk) -> None:
    picture = FileRef("", "image", "https://files.example/1")
    letters(desk, to_robot(desk, CLERK, "", files=(picture,), attachments=("图片",)))

    (kept,) = desk.database.read_now(lambda uow: uow.rows(select(FileRow)))
    assert (kept.channel, kept.key) == (ROBOT, picture.key)


def test_platforms_that_take_every_answer_are_answered_as_before(desk: Desk) -> None:
    rows = letters(desk, desk.message(CLERK, "得分", group=True, extra={"response_code": "c-1"}))

    assert places(rows) == [(CHANNEL, CLERK, False, True), (CHANNEL, "g-1", True, False)]


def test_only_such_a_group_is_out_of_reach(desk: Desk) -> None:
    for incoming, alone in [
        (to_robot(desk, CLERK, "得分", group=True), True),
        (to_robot(desk, CLERK, "得分"), False),
        (desk.message(CLERK, "得分", group=True), False),
    ]:
        uow: UnitOfWork = None  # type: ignore[assignment]  # nothing is written
        answers = Answers(uow, incoming, desk.clock.now(), None, None)
        assert answers.only_the_group_hears is alone
