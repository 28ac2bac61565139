"""The arithmetic of 减负: what counts, what it costs, who is above a cap; and the page that says so."""

import json
from datetime import date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.county import ZONE
from bot.rehearsal import report
from bot.rehearsal.burden import MINUTES, OTHERWISE, counted, loads, minutes, over_the_caps
from bot.rehearsal.conflicts import Conflict, Rest
from bot.rehearsal.facts import Calls, Message, Points, Rehearsed, UnitEnd


def message(day: str, kind: str = "Reminder", **how: object) -> Message:
    values: dict[str, object] = {
        "at": datetime.strptime(f"2026-{day}", "%Y-%m-%d").replace(hour=9, tzinfo=ZONE),
        "channel": "sandbox",
        "recipient": "wang",
        "person": "王芳",
        "post": "甲局填报人",
        "role": "填报人",
        "unit": "甲局",
        "kind": kind,
        "title": "提醒",
        "reason": "1月月报：临近报送截止",
        "initiated": kind != "ReportAnswered",
        "punctual": True,
    }
    return Message(**(values | how))  # type: ignore[arg-type]


def receipt(day: str, obligation: int, **how: object) -> Message:
    return message(day, "ReportAnswered", receipts=(obligation,), **how)


def rehearsed(*messages: Message, **how: object) -> Rehearsed:
    values: dict[str, object] = {
        "year": 2026,
        "start": datetime(2026, 8, 3, tzinfo=ZONE),
        "until": datetime(2027, 2, 1, tzinfo=ZONE),
        "programmes": ("某县督查工作考核办法",),
        "units": 3,
        "clerk_a_month": 3,
        "leader_a_day": 1,
        "messages": messages,
        "typed": (),
        "calls": (),
        "ends": (),
        "rests": (),
        "conflicts": (),
    }
    return Rehearsed(**(values | how))  # type: ignore[arg-type]


def test_what_the_bot_starts_counts_and_one_receipt_for_each_report() -> None:
    month = [
        message("08-04"),
        receipt("08-04", 7),
        receipt("08-04", 7),
        message("08-05", "ScoreTold", initiated=False),
        message("08-20"),
    ]

    assert counted(month) == 3


def test_minutes_count_a_report_once_however_many_answers_it_took() -> None:
    month = [message("08-04"), receipt("08-04", 7), receipt("08-04", 7), message("08-05", "ScoreTold")]

    assert minutes(month) == MINUTES["Reminder"] + MINUTES["ReportAnswered"] + OTHERWISE == 12


def test_a_month_is_a_load_of_its_own_and_so_is_a_person() -> None:
    found = loads([message("08-04"), message("08-31"), message("09-01"), message("08-05", recipient="li", person="李")])

    assert [(load.month, load.person, load.counted) for load in found] == [
        ("2026-08", "李", 1),
        ("2026-08", "王芳", 2),
        ("2026-09", "王芳", 1),
    ]


def test_a_clerk_is_measured_by_the_month() -> None:
    three = [message("08-04"), message("08-20"), receipt("08-04", 7), message("09-01"), message("09-02")]
    assert over_the_caps(three, clerk_a_month=3, leader_a_day=1) == []

    (over,) = over_the_caps([*three, receipt("08-20", 8)], clerk_a_month=3, leader_a_day=1)

    assert (over.post, over.when, over.counted, over.cap) == ("甲局填报人", "2026-08", 4, 3)


def test_whoever_is_late_has_brought_it_about() -> None:
    urged = [message(f"08-{day:02}", "Urging", punctual=False) for day in range(10, 20)]

    assert over_the_caps(urged, clerk_a_month=3, leader_a_day=1) == []


def test_a_leader_is_measured_by_the_day_and_answers_do_not_count() -> None:
    leader = {"role": "分管领导", "recipient": "he", "post": "甲局分管领导", "punctual": False}
    day = [message("08-10", "Escalated", **leader), message("08-10", "ScoreTold", **leader, initiated=False)]
    assert over_the_caps([*day, message("08-11", "Escalated", **leader)], clerk_a_month=3, leader_a_day=1) == []

    (over,) = over_the_caps([*day, *day], clerk_a_month=3, leader_a_day=1)

    assert (over.post, over.when, over.counted) == ("甲局分管领导", "2026-08-10", 2)


def test_above_a_cap_the_page_names_post_and_month_and_fails() -> None:
    found = rehearsed(*(message("08-04", receipts=()) for _ in range(4)))

    assert report.faults(found) == ["2026年8月 4 条，上限 3 条：甲局填报人（王芳）"]
    assert "  ✗ 2026年8月 4 条，上限 3 条：甲局填报人（王芳）" in report.text(found)
    assert "  ✓ 均未超过上限" in report.text(rehearsed(message("08-04")))


def test_of_what_is_above_a_cap_the_receipts_are_told_apart() -> None:
    found = rehearsed(message("08-04"), *(receipt("08-05", number) for number in range(3)))

    assert report.faults(found) == ["2026年8月 4 条（其中回执 3 条），上限 3 条：甲局填报人（王芳）"]


def test_the_january_after_is_not_taken_for_this_one() -> None:
    after = message("01-05", at=datetime(2027, 1, 5, 9, tzinfo=ZONE))

    page = "\n".join(report.text(rehearsed(message("01-04"), after)))

    assert "1月 次1月" in page


def test_where_nothing_is_owed_it_says_so() -> None:
    page = report.text(rehearsed(units=0))

    assert "  没有发出消息。" in page
    assert "  没有须报送或签署的单位，请核对办法的截止日、承担单位和名册。" in page


def test_every_message_is_a_line_of_the_table() -> None:
    heading, *lines = report.messages_table(whole()).splitlines()

    assert heading == "时间,姓名,岗位,渠道,账号,标题,事由,性质"
    assert lines[0] == "2026-08-04 09:00,王芳,甲局填报人,sandbox,wang,提醒,1月月报：临近报送截止,主动发出"
    assert lines[1].endswith(",回执")


def test_a_budget_fails_where_reminders_would_stop() -> None:
    fits, beyond = Calls("ding", "2026-08", 4000, 5000), Calls("ding", "2026-09", 4001, 5000)

    assert report.faults(rehearsed(calls=(fits, Calls("wecom", "2026-08", 10**6, None)))) == []
    assert report.faults(rehearsed(calls=(fits, beyond))) == [
        "ding 2026年9月调用 4001 次，超过额度 5000 次的 80%，其后当月提醒停发"
    ]


def whole() -> Rehearsed:
    points = (Points("甲局", "迟报", "一1", 3, Decimal("-1.5")), Points("王芳", "催报未报", "三", 2, None))
    return rehearsed(
        message("08-04"),
        receipt("12-04", 7),
        calls=(Calls("sandbox", "2026-08", 2, None),),
        ends=(
            UnitEnd("不报", "甲局", {"未提交": 5}, {"催办": 5}, points),
            UnitEnd("按时", "乙局", {"按时": 5}, {}, ()),
        ),
        rests=(Rest(date(2026, 10, 5), "9月月报", 2, "法定节假日"),),
        conflicts=tuple(Conflict(f"第{number}项" + "很长的说明" * 30, number) for number in range(1, 15)),
    )


def test_the_page_says_everything_in_a_hundred_columns() -> None:
    lines = report.text(whole())

    assert max(map(report.columns, lines)) <= 100
    page = "\n".join(lines)
    assert "2026 年度预演：8月3日 至 2027年1月31日" in page
    assert "    甲局：迟报（一1）3 次，-1.5 分" in lines
    assert "    王芳：催报未报（三）2 次，未设定" in lines
    assert "    没有加减分" in lines
    assert "  △ 2026年10月5日 9月月报（2 个单位）：法定节假日" in lines
    assert "  另有 2 项，用 --data 可得全部" in lines
    assert "◇ 分钟数为估算，每条按：提醒 1、催办 2" in page


def test_the_data_holds_everything_exactly() -> None:
    read = json.loads(json.dumps(report.data(whole()), ensure_ascii=False))

    assert read["messages"][0]["at"] == "2026-08-04T09:00:00+08:00"
    assert read["ends"][0]["points"][0]["points"] == "-1.5"
    assert len(read["conflicts"]) == 14
    assert read["minutes_assumed"]["otherwise"] == OTHERWISE
    assert [load["counted"] for load in read["loads"]] == [1, 1]
    assert read["faults"] == []


kinds = st.sampled_from(["Reminder", "Urging", "ScoreTold"])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 28), kinds, st.booleans()), max_size=12), st.integers(1, 5))
def test_a_cap_is_exceeded_by_whoever_counts_more(said: list[tuple[int, str, bool]], cap: int) -> None:
    month = [message(f"08-{day:02}", kind, initiated=own) for day, kind, own in said]

    overs = over_the_caps(month, clerk_a_month=cap, leader_a_day=1)

    assert bool(overs) == (sum(own for _, _, own in said) > cap)
    assert sum(load.minutes for load in loads(month)) == minutes(month)
