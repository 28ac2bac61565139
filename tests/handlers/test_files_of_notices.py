"""附件 of a 通知 at the office's desk: offered, called for, added, waited for; and whose files may be called for."""

from typing import Any

from sqlmodel import col, select

from assessment import notices
from assessment.notices import (
    BroadcastAsk,
    BroadcastMade,
    BroadcastTold,
    Cancelled,
    FilesForNotice,
    FilesTaken,
    Marked,
    Repair,
    RepairLine,
)
from handlers.incoming import FileRef
from storage import files
from storage.files import FileRow, FileStatus
from tests.handlers.desk import CLERK, OFFICE, OFFICE_TWO, Desk, as_read

ORDER = "通知 县经贸局、县环保局 请抓好落实"
LIST = FileRef("任务分解表.xlsx", "file", "k-1")
PLAN = FileRef("方案", "file", "k-2")


def sends(desk: Desk, who: str, *sent: FileRef, text: str = "", **how: Any) -> list[notices.Notice]:
    """The answers to a message that brings files."""
    return desk.say(who, text, files=sent, attachments=tuple(file.name or "图片" for file in sent), **how)


def fetched(desk: Desk, status: FileStatus = FileStatus.STORED, kind: str = "xlsx") -> None:
    """What became of all files that wait."""

    def write(uow: Any) -> None:
        for row in uow.rows(select(FileRow).where(col(FileRow.status) == FileStatus.WAITING.value)):
            files.end(uow, row.id, status, at=desk.clock.now(), sha256=f"hash {row.name}", size=9, type_=kind)

    desk.database.write_now(write)


def told(desk: Desk, who: str) -> list[BroadcastTold]:
    return [notice for notice in desk.told(who) if isinstance(notice, BroadcastTold)]


def repair(answer: notices.Notice) -> Repair:
    assert isinstance(answer, RepairLine), answer
    return answer.repair


def test_the_office_is_offered_to_send_it_round(desk: Desk) -> None:
    (answer,) = sends(desk, OFFICE, LIST)

    assert answer == FilesForNotice(names=("任务分解表.xlsx",))
    assert "请回复“通知 对象 正文 附件”" in as_read(answer)
    assert "通知 对象 正文" in as_read(answer)


def test_the_word_calls_for_the_file_sent_last(desk: Desk) -> None:
    sends(desk, OFFICE, PLAN)
    sends(desk, OFFICE, LIST)
    fetched(desk)

    asked = desk.answer(OFFICE, f"{ORDER} 附件")

    assert (asked.text, asked.files) == ("请抓好落实", ("任务分解表.xlsx",))
    assert "附件“任务分解表.xlsx”随通知发出；平台不能发送的，告知收件人向县委县政府督查室索取。" in as_read(asked)
    assert isinstance(desk.answer(OFFICE, "确认"), BroadcastMade)
    desk.settle()
    (notice,) = told(desk, CLERK)
    assert [(one.name, one.kind, one.size, one.sha256) for one in notice.files] == [
        ("任务分解表.xlsx", "xlsx", 9, "hash 任务分解表.xlsx")
    ]


def test_two_are_called_for_by_their_number(desk: Desk) -> None:
    sends(desk, OFFICE, PLAN)
    sends(desk, OFFICE, LIST)
    fetched(desk)

    assert desk.answer(OFFICE, f"{ORDER} 附件2个").files == ("方案.xlsx", "任务分解表.xlsx")
    assert repair(desk.answer(OFFICE, f"{ORDER} 附件3个")) is Repair.NOTICE_FILE


def test_the_office_gives_it_a_name(desk: Desk) -> None:
    sends(desk, OFFICE, FileRef("", "image", "k-3"))
    fetched(desk, kind="jpg")

    assert desk.answer(OFFICE, f"{ORDER}\n附件：座位图").files == ("座位图.jpg",)


def test_a_name_with_a_mark_is_refused(desk: Desk) -> None:
    sends(desk, OFFICE, LIST)
    fetched(desk)

    assert isinstance(desk.answer(OFFICE, f"{ORDER}\n附件：机密_座位图"), Marked)
    assert isinstance(desk.answer(OFFICE, f"{ORDER}\n附件：计算机密码管理办法"), BroadcastAsk)


def test_without_a_file_nothing_is_asked(desk: Desk) -> None:
    answer = desk.answer(OFFICE, f"{ORDER} 附件")

    assert repair(answer) is Repair.NOTICE_FILE
    assert "请先在单独会话中发送文件" in as_read(answer)


def test_the_file_of_yesterday_is_not_meant(desk: Desk) -> None:
    sends(desk, OFFICE, LIST)
    fetched(desk)
    desk.pass_minutes(24 * 60 + 1)

    assert repair(desk.answer(OFFICE, f"{ORDER} 附件")) is Repair.NOTICE_FILE


def test_nobody_elses_file_is_meant(desk: Desk) -> None:
    sends(desk, OFFICE_TWO, LIST)
    sends(desk, CLERK, PLAN)
    fetched(desk)

    assert repair(desk.answer(OFFICE, f"{ORDER} 附件")) is Repair.NOTICE_FILE


def test_what_was_refused_is_not_meant(desk: Desk) -> None:
    sends(desk, OFFICE, LIST)
    fetched(desk, FileStatus.REFUSED)

    assert repair(desk.answer(OFFICE, f"{ORDER} 附件")) is Repair.NOTICE_FILE


def test_what_is_on_its_way_is_waited_for(desk: Desk) -> None:
    """The notice waits for another 确认; neither trial nor notice leaves without its file."""
    sends(desk, OFFICE, LIST)
    desk.say(OFFICE, f"{ORDER} 附件")

    for word in ("试发", "确认"):
        answer = desk.answer(OFFICE, word)
        assert repair(answer) is Repair.NOTICE_FILE_COMING
        assert "附件“任务分解表.xlsx”正在接收，通知尚未发出" in as_read(answer)
    fetched(desk)
    assert isinstance(desk.answer(OFFICE, "确认"), BroadcastMade)


def test_what_is_lost_on_its_way_stops_the_notice(desk: Desk) -> None:
    sends(desk, OFFICE, LIST)
    desk.say(OFFICE, f"{ORDER} 附件")
    fetched(desk, FileStatus.LOST)

    assert repair(desk.answer(OFFICE, "确认")) is Repair.NOTICE_FILE_LOST
    desk.settle()
    assert told(desk, CLERK) == []


def test_files_that_come_while_it_waits_are_added(desk: Desk) -> None:
    asked = desk.answer(OFFICE, f"{ORDER}，详见附件")
    assert (asked.files, asked.file_missed) == ((), True)
    assert "正文提到附件，但未附文件" in as_read(asked)

    (again,) = sends(desk, OFFICE, PLAN)
    assert isinstance(again, BroadcastAsk)
    assert (again.files, again.file_missed) == (("方案",), False)
    sends(desk, OFFICE, LIST)
    fetched(desk)
    trial, asked = desk.say(OFFICE, "试发")
    assert isinstance(trial, BroadcastTold)
    assert [one.name for one in trial.files] == ["方案.xlsx", "任务分解表.xlsx"]
    assert isinstance(desk.answer(OFFICE, "取消"), Cancelled)
    desk.settle()
    assert told(desk, CLERK) == []


def test_a_file_beside_the_words_goes_with_them(desk: Desk) -> None:
    for words in (ORDER, f"{ORDER} 附件"):
        asked, again = sends(desk, OFFICE, LIST, text=words)

        assert isinstance(asked, BroadcastAsk)
        assert isinstance(again, BroadcastAsk)
        assert (asked.files, again.files) == ((), ("任务分解表.xlsx",))


def test_what_belongs_to_a_report_goes_out_when_it_is_called_for(desk: Desk) -> None:
    """An office that entered something today is still understood."""
    desk.say(OFFICE, "代录 县公安局 8月4日8:30 电话 8月工作计划：整治交通秩序")
    desk.say(OFFICE, "确认")
    (taken,) = sends(desk, OFFICE, LIST)
    assert isinstance(taken, FilesTaken)
    fetched(desk)

    assert desk.answer(OFFICE, f"{ORDER} 附件").files == ("任务分解表.xlsx",)


def test_a_notice_without_files_says_nothing_of_them(desk: Desk) -> None:
    assert "附件" not in as_read(desk.answer(OFFICE, ORDER))
    desk.say(OFFICE, "确认")
    desk.settle()

    (notice,) = told(desk, CLERK)
    assert notice.files == ()
    assert "附件" not in as_read(notice)
