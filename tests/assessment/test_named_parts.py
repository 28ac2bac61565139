"""Parts that a duty asks for by name are found where people really write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.named_parts import cut_named

NAMES = ("整改措施", "整改时限", "责任领导")


@pytest.mark.parametrize(
    ("text", "parts", "rest"),
    [
        ("整改措施：补建台账\n整改时限：3月底前", {"整改措施": "补建台账", "整改时限": "3月底前"}, ""),
        ("整改措施:补建台账;整改时限:3月底前", {"整改措施": "补建台账", "整改时限": "3月底前"}, ""),
        ("一、整改措施：补建台账。二、整改时限：3月底前。", {"整改措施": "补建台账。", "整改时限": "3月底前。"}, ""),
        ("已开会研究。\n责任领导：分管副镇长", {"责任领导": "分管副镇长"}, "已开会研究。"),
        ("整改措施：\n整改时限：3月底前", {"整改时限": "3月底前"}, ""),
        ("我们的整改措施已经写好", {}, "我们的整改措施已经写好"),
        ("整改时限：3月底前\n\n其他情况另报", {"整改时限": "3月底前"}, "\n\n其他情况另报".strip("\n")),
    ],
)
def test_as_people_write(text: str, parts: dict[str, str], rest: str) -> None:
    left, found = cut_named(text, NAMES)
    assert found == parts
    assert left.strip() == rest.strip()


def test_without_names_nothing_is_cut() -> None:
    assert cut_named("整改措施：补建台账", ()) == ("整改措施：补建台账", {})


WORDS = st.text(alphabet="补建台账开会研究已经完成", min_size=1, max_size=12)


@given(said=st.dictionaries(st.sampled_from(NAMES), WORDS, min_size=1), colon=st.sampled_from([":", "："]))
def test_what_is_written_under_each_heading_comes_back(said: dict[str, str], colon: str) -> None:
    text = "\n".join(f"{name}{colon}{words}" for name, words in said.items())
    assert cut_named(text, NAMES) == ("", said)
