"""附件 at the end of a notice: when it is the word that encloses a file, and when it is a part of the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.announcement import Announcement, Enclosed
from assessment.evidence import KINDS, with_ending
from tests.assessment.test_announcement import announced, read

ONE = Enclosed()


def said(typed: str) -> Announcement:
    return announced(f"全体 {typed}")


@pytest.mark.parametrize(
    ("typed", "text", "enclosed"),
    [
        ("明天开会 附件", "明天开会", ONE),
        ("明天开会，附件", "明天开会", ONE),
        ("明天开会。附文件。", "明天开会。", ONE),
        ("明天开会\n附件", "明天开会", ONE),
        ("明天开会 附件2个", "明天开会", Enclosed(2)),
        ("明天开会 附件两份", "明天开会", Enclosed(2)),
        ("明天开会 附件 3 件", "明天开会", Enclosed(3)),
        ("明天开会\n附件：任务分解表", "明天开会", Enclosed(name="任务分解表")),
        ("明天开会 附件: 任务分解表.xlsx", "明天开会", Enclosed(name="任务分解表.xlsx")),
        ("请按附件抓好落实", "请按附件抓好落实", None),
        ("请抓好落实，详见附件", "请抓好落实，详见附件", None),
        ("请抓好落实（附件）", "请抓好落实（附件）", None),
        ("附件请于会前看完", "附件请于会前看完", None),
        ("附件：任务分解表\n请抓好落实", "附件：任务分解表\n请抓好落实", None),
    ],
)
def test_the_word_at_the_end_encloses(typed: str, text: str, enclosed: Enclosed | None) -> None:
    found = said(typed)

    assert (found.text, found.enclosed) == (text, enclosed)


@pytest.mark.parametrize(
    "typed",
    [
        "明天开会 附件，请于8月10日前回执",
        "明天开会，请于8月10日前回执 附件",
        "明天开会，请于8月10日前回执。附件",
    ],
)
def test_it_stands_before_or_behind_the_times(typed: str) -> None:
    found = said(typed)

    assert (found.text, found.enclosed) == ("明天开会", ONE)
    assert found.receipt_until is not None


def test_times_before_and_behind_it() -> None:
    found = said("明天开会，于8月9日9:00发送 附件，请于8月10日前回执")

    assert (found.text, found.enclosed) == ("明天开会", ONE)
    assert found.send_at is not None
    assert found.receipt_until is not None


@settings(deadline=None, max_examples=100)
@given(st.text(st.sampled_from("开会附件文2个：: \n，。名单x"), max_size=30))
def test_nothing_of_the_text_is_lost(typed: str) -> None:
    """Whatever is cut off is the word with its count or name; without it the text stays as it is."""
    found = read(f"全体：{typed}")
    if isinstance(found, Announcement):
        assert found.text in typed
        if found.enclosed is None:
            assert found.text == typed.strip(" \n,，;；:：、")
        else:
            cut = typed[typed.index(found.text) + len(found.text) :].strip(" \n,，;；:：、")
            assert cut.startswith(("附件", "附文件"))


@pytest.mark.parametrize(
    ("name", "kind", "called"),
    [
        ("名单.xlsx", "xlsx", "名单.xlsx"),
        ("名单.XLSX", "xlsx", "名单.XLSX"),
        ("名单", "pdf", "名单.pdf"),
        ("图片", "jpg", "图片.jpg"),
        ("照片.jpeg", "jpg", "照片.jpeg"),
        ("名单.exe", "pdf", "名单.exe.pdf"),
        ("1.名单", "doc", "1.名单.doc"),
        ('名\\单/a:b*c?"d"<e>|f', "doc", "名单abcdef.doc"),
    ],
)
def test_a_name_bears_the_ending_of_what_it_is(name: str, kind: str, called: str) -> None:
    assert with_ending(name, kind) == called


@given(st.text(max_size=40), st.sampled_from(KINDS))
def test_a_name_is_fit_for_every_machine(name: str, kind: str) -> None:
    called = with_ending(name, kind)

    assert called.lower().endswith((f".{kind}", ".jpeg"))
    assert not set(called) & set('\\/:*?"<>|\r\n\0')
