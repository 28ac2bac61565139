"""Whatever anybody types, each message gets an answer, none of them is a failure, and nothing is done unasked."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.notices import Failed, Notice
from bot import app
from bot.cards import card_of
from bot.county import ZONE
from tests.handlers.desk import CLERK, EVERYBODY, HEAD, IN_CHARGE, LEADER, OFFICE, WATER_CLERK, Desk

COMMANDS = app.router().commands
WORDS = sorted(word for command in COMMANDS for word in command.words)
BEHIND = ["", "17", "P-1008-17、L-1008-18 理由", "全部", "县环保局 U7 -2 理由", "2月30日", "\ud83d￥%\x00"]
ODD = st.text(max_size=60) | st.lists(st.sampled_from([*WORDS, *BEHIND, " ", "，", "\n"]), max_size=6).map("".join)


def check(answers: list[Notice], what: object) -> None:
    """At least one answer, none a failure, each with wording."""
    assert answers, f"no answer to {what!r}"
    for answer in answers:
        assert not isinstance(answer, Failed), f"failed on {what!r}"
        assert card_of(answer, ZONE).text()


@pytest.mark.parametrize("who", [CLERK, HEAD, IN_CHARGE, OFFICE, LEADER])
def test_every_word(desk: Desk, entry: str, who: str) -> None:
    """With a deduction on the books, so that there is something to speak of."""
    texts = [f"{command.word} {rest}".strip() for command in COMMANDS for rest in (*BEHIND, entry)]
    texts += [alias for command in COMMANDS for alias in command.aliases]
    said = [desk.message(who, text) for each in texts for text in (each, "取消")]
    for message, answers in zip(said, desk.take_all(said), strict=True):
        check(answers, (who, message.text))


# One desk for all examples, on purpose: what one message leaves behind meets the next.
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=st.sampled_from([*EVERYBODY, WATER_CLERK, "nobody"]), text=ODD, then=st.sampled_from([None, "确认", "取消"]))
def test_any_text(desk: Desk, entry: str, who: str, text: str, then: str | None) -> None:
    check(desk.say(who, text), (who, text))
    if then is not None:
        check(desk.say(who, then), (who, text, then))
