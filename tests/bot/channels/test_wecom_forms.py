"""The pretend WeCom is strict: a wrong template card is refused, so that none of ours can be wrong unseen."""

import pytest

from bot.channels.card import Button, Card
from bot.channels.wecom.cards import template_card
from bot.platforms.wecom_forms import as_cut, refusal
from tests.bot.channels.wecom_subject import AGENT

CARD = Card("请核对", ("7月月报共4项。",), buttons=(Button("确认", "确认 #1234"), Button("改第4项", "改 4 #1234")))
GOOD_CARD = template_card(CARD, "t-1")["template_card"]
BUTTON = GOOD_CARD["button_list"][0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"card_type": "text_notice"},
        {"main_title": {"title": ""}},
        {"main_title": {"title": "标" * 37}},
        {"sub_title_text": "字" * 161},
        {"sub_title": "x"},
        {"horizontal_content_list": [{"keyname": "得分", "value": "1"}] * 7},
        {"horizontal_content_list": [{"keyname": "六个字的名称", "value": "1"}]},
        {"horizontal_content_list": [{"keyname": "得分", "value": "值" * 31}]},
        {"horizontal_content_list": [{"keyname": "得分", "value": ""}]},
        {"task_id": ""},
        {"task_id": "任务"},
        {"task_id": "t" * 129},
        {"button_list": []},
        {"button_list": [{**BUTTON, "key": str(number)} for number in range(7)]},
        {"button_list": [BUTTON, BUTTON]},
        {"button_list": [{**BUTTON, "text": "字" * 11}]},
        {"button_list": [{**BUTTON, "text": ""}]},
        {"button_list": [{**BUTTON, "key": "字" * 342}]},
        {"button_list": [{**BUTTON, "style": 5}]},
        {"button_list": [{"text": "确认", "style": 1}]},
    ],
    ids=repr,
)
def test_cards_that_are_refused(wrong: dict[str, object]) -> None:
    letter = {
        "touser": "z",
        "agentid": AGENT,
        "msgtype": "template_card",
        "enable_id_trans": 0,
        "enable_duplicate_check": 1,
    }

    assert refusal({**letter, "template_card": GOOD_CARD}, AGENT) == 0
    assert refusal({**letter, "template_card": {**GOOD_CARD, **wrong}}, AGENT) in {42014, 42027}


def test_a_long_text_is_cut_between_characters() -> None:
    assert as_cut("字" * 700) == "字" * 682
    assert as_cut("字" * 682) == "字" * 682
