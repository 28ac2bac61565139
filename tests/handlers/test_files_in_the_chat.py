"""Files in the chat: noted with their message, attached to the report that is meant, and asked about otherwise."""

from typing import Any

import pytest
from sqlmodel import col, select

from assessment import notices
from assessment.notices import FilesHelp, FilesHomeless, FilesTaken, FilesUnsupported, FilesWhich
from handlers.evidence import LONGEST_NAME
from handlers.incoming import FileRef
from storage import files
from storage.files import FileRow
from tests.handlers.desk import CLERK, FOUR_FIGURES, LEADER, MATTER, OFFICE, PLAN, WATER_CLERK, Desk, as_read

PDF = FileRef("证明.pdf", "file", "k-1")
PHOTO = FileRef("", "image", "k-2")


def sends(desk: Desk, who: str, *sent: FileRef, text: str = "", **how: Any) -> list[notices.Notice]:
    """The answers to a message that brings files."""
    names = tuple(file.name or "图片" for file in sent)
    return desk.say(who, text, files=sent, attachments=names, **how)


def noted(desk: Desk) -> list[FileRow]:
    return desk.database.read_now(lambda uow: uow.rows(select(FileRow).order_by(col(FileRow.id))))


def titles_of(desk: Desk) -> list[str]:
    """To what each file is attached; a dash for nothing yet."""
    rows = {row.id: row.title for unit in ("县经贸局", "县环保局", "县公安局") for row in desk.rows(unit)}
    return [rows.get(row.obligation or 0, "–") for row in noted(desk)]


def test_a_file_belongs_to_the_report_just_given(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)

    (answer,) = sends(desk, CLERK, PDF)

    assert answer == FilesTaken(names=("证明.pdf",), title="1—7月进展情况", number="R-1008-1")
    assert "已收到附件“证明.pdf”，附于1—7月进展情况（R-1008-1）；文件打不开或格式不符的，另行告知。" in as_read(answer)
    (row,) = noted(desk)
    assert (row.channel, row.key, row.kind, row.name, row.status) == ("sandbox", "k-1", "file", "证明.pdf", "waiting")
    assert (row.number, row.sent_at, row.person) == ("R-1008-1", desk.clock.now(), desk.person(CLERK))


def test_the_newer_of_two_reports_is_meant(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    desk.pass_minutes(5)
    desk.say(CLERK, PLAN)

    sends(desk, CLERK, PDF)

    assert titles_of(desk) == ["8月工作计划"]


def test_a_report_that_is_still_asked_about_is_meant(desk: Desk) -> None:
    """Nothing of it could be stored yet, but it is what the two are talking about."""
    desk.say(CLERK, PLAN)
    desk.pass_minutes(5)
    desk.say(CLERK, "亩均总产值85亿元")

    (answer,) = sends(desk, CLERK, PDF)

    assert answer == FilesTaken(names=("证明.pdf",), title="1—7月进展情况")
    assert "（尚未报送）" in as_read(answer)
    assert desk.answer(CLERK, "确认").number is not None, "the question about it is still open"


def test_words_beside_a_file_are_understood_as_ever(desk: Desk) -> None:
    report, taken = sends(desk, CLERK, PHOTO, text=FOUR_FIGURES)

    assert isinstance(report, notices.ReportAnswered)
    assert taken == FilesTaken(names=("图片",), title="1—7月进展情况", number=report.number or "")


def test_with_one_thing_open_there_is_nothing_to_ask(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    desk.wind(8, 5, 10, 0)

    sends(desk, CLERK, PDF)

    assert titles_of(desk) == ["8月工作计划"]


def test_with_several_open_it_is_asked(desk: Desk) -> None:
    """Nothing is attached before the answer; files sent one after the other wait for one answer together."""
    (asked,) = sends(desk, CLERK, PDF)
    assert isinstance(asked, FilesWhich)
    assert asked.titles == ("8月工作计划", "1—7月进展情况")
    assert titles_of(desk) == ["–"]
    (again,) = sends(desk, CLERK, PHOTO)
    assert isinstance(again, FilesWhich)
    assert again.names == ("证明.pdf", "图片")

    answer = desk.answer(CLERK, "第2项")

    assert answer == FilesTaken(names=("证明.pdf", "图片"), title="1—7月进展情况")
    assert titles_of(desk) == ["1—7月进展情况"] * 2


@pytest.mark.parametrize("word", ["2", "②", "第2项", "附于第2项", "1—7月进展情况"])
def test_how_people_answer(desk: Desk, word: str) -> None:
    sends(desk, CLERK, PDF)

    desk.say(CLERK, word)

    assert titles_of(desk) == ["1—7月进展情况"]


def test_another_number_is_no_answer(desk: Desk) -> None:
    sends(desk, CLERK, PDF)

    desk.say(CLERK, "第7项")

    assert titles_of(desk) == ["–"]
    assert desk.answer(CLERK, "第2项") == FilesTaken(names=("证明.pdf",), title="1—7月进展情况")


def test_a_report_given_meanwhile_is_meant_by_the_next_file(desk: Desk) -> None:
    """The old question stays with the old file."""
    sends(desk, CLERK, PDF)
    desk.pass_minutes(1)
    desk.say(CLERK, PLAN)

    sends(desk, CLERK, PHOTO)

    assert titles_of(desk) == ["–", "8月工作计划"]


def test_what_was_taken_back_is_not_meant(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    desk.say(CLERK, "撤回 1—7月进展情况")
    desk.say(CLERK, "确认")

    (answer,) = sends(desk, CLERK, PDF)

    assert isinstance(answer, FilesWhich)


def test_a_matter_that_was_done_gets_its_evidence(desk: Desk) -> None:
    desk.say(OFFICE, MATTER)
    desk.say(OFFICE, "确认")
    desk.say(WATER_CLERK, "办结 方案已送达")

    (answer,) = sends(desk, WATER_CLERK, PHOTO)

    assert isinstance(answer, FilesTaken)
    assert (answer.matter, answer.number[:2]) == (True, "S-")


def test_what_the_office_entered_gets_the_evidence_it_was_handed(desk: Desk) -> None:
    desk.say(OFFICE, "代录 县公安局 8月4日8:30 电话 8月工作计划：整治交通秩序")
    desk.say(OFFICE, "确认")

    (answer,) = sends(desk, OFFICE, PDF)

    assert isinstance(answer, FilesTaken)
    assert answer.title == "8月工作计划"
    assert titles_of(desk) == ["8月工作计划"]


def test_who_has_nothing_to_report_is_told_so(desk: Desk) -> None:
    (answer,) = sends(desk, LEADER, PDF)

    assert answer == FilesHomeless(names=("证明.pdf",))
    assert noted(desk) == [], "what belongs to nothing is not fetched"


def test_a_picture_with_a_deduction_goes_with_its_record(desk: Desk) -> None:
    asked, taken = sends(desk, OFFICE, PHOTO, text="扣分 县经贸局 U3c 通报批评")

    assert isinstance(asked, notices.RecordAsk)
    assert taken == FilesTaken(names=("图片",), title="")
    assert titles_of(desk) == ["–"]


def test_the_reviewer_sees_what_is_attached(desk: Desk) -> None:
    """Names only; what was refused or lost is not there."""
    desk.say(OFFICE, MATTER)
    desk.say(OFFICE, "确认")
    desk.say(WATER_CLERK, "办结 方案已送达")
    sends(desk, WATER_CLERK, PDF, PHOTO, FileRef("旧表.xls", "file", "k-3"))
    lost = noted(desk)[2]
    desk.database.write_now(lambda uow: files.end(uow, lost.id, files.FileStatus.LOST, at=desk.clock.now()))

    review = desk.answer(OFFICE, "待审")

    assert review.lines[0].files == ("证明.pdf", "图片")
    assert "附件2个（“证明.pdf”、“图片”）" in as_read(review)


# ── what is not taken ──


def test_a_file_with_a_mark_in_its_name_is_never_asked_for(desk: Desk) -> None:
    (answer,) = sends(desk, CLERK, FileRef("汇总表（秘密）.xlsx", "file", "k-1"))

    assert isinstance(answer, notices.Marked)
    assert noted(desk) == []


@pytest.mark.parametrize("kind", ["video", "voice"])
def test_sound_and_film_are_no_evidence(desk: Desk, kind: str) -> None:
    (answer,) = sends(desk, CLERK, FileRef("", kind, "k-1"))

    assert isinstance(answer, FilesUnsupported)
    assert "主管单位代录" in as_read(answer)
    assert noted(desk) == []


def test_a_voice_that_came_with_its_words_is_only_its_words(desk: Desk) -> None:
    (answer,) = sends(desk, CLERK, FileRef("", "voice", "k-1"), text="我的任务")

    assert isinstance(answer, notices.TaskList)
    assert noted(desk) == []


def test_where_the_platform_tells_a_name_only_it_is_said_how_to_hand_in(desk: Desk) -> None:
    (answer,) = desk.say(CLERK, "", attachments=("汇总表.xlsx",))

    assert answer == FilesUnsupported(names=("汇总表.xlsx",))


@pytest.mark.parametrize("text", ["附件", "附件怎么交？", "佐证材料怎么报", "怎么发附件"])
def test_how_evidence_is_handed_in_can_be_asked(desk: Desk, text: str) -> None:
    assert desk.answer(CLERK, text) == FilesHelp()


def test_a_stranger_s_file_is_nobody_s(desk: Desk) -> None:
    sends(desk, "nobody", PDF)

    assert noted(desk) == []


def test_in_a_group_a_file_is_not_ours_unless_it_is_said_to_us(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)

    assert sends(desk, CLERK, PHOTO, group=True, addressed=False) == []
    assert noted(desk) == []
    assert isinstance(sends(desk, CLERK, PHOTO, group=True)[0], FilesTaken)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\证明.pdf", "证明.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("证\0明\n.pdf", "证明 .pdf"),
        ("\ud800.pdf", "\ufffd.pdf"),
        ("/", "文件"),
        ("长" * 300 + ".docx", "长" * (LONGEST_NAME - 9) + "…" + "长长长.docx"),
    ],
    ids=range(7),
)
def test_a_name_is_a_label_and_harmless(desk: Desk, name: str, label: str) -> None:
    desk.say(CLERK, FOUR_FIGURES)

    desk.say(CLERK, "", files=(FileRef(name, "file", "k"),))

    assert [row.name for row in noted(desk)] == [label]


def test_the_same_message_twice_is_one_file(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    message = desk.message(CLERK, "", files=(PDF,), attachments=("证明.pdf",))

    desk.take(message)
    desk.take(message)

    assert len(noted(desk)) == 1
