"""Cases of days: when something is due, how it is urged, and where one report stands after what was done with it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from assessment.consequences import DueAct, after_end, after_grade, missing_contents, with_day_set
from assessment.due import due_times
from assessment.ladder import plan
from assessment.ledger import AccountKey
from assessment.named_parts import cut_named
from assessment.obligation import Kind, Obligation, accept, bucket, send_back, sign, submit, withdraw
from assessment.periods import Period
from assessment.report_parts import split_parts
from assessment.rulebook import Duty, Rulebook, Subject, TextPart
from tests.assessment.case_entries import Results, Written
from tests.assessment.ladders import CALENDAR, SHANGHAI


def due_days(rulebook: Rulebook, written: Written) -> Results:
    duty = _duty(rulebook, written["截止日"])
    event = date.fromisoformat(written["事件"]) if "事件" in written else None
    found = {}
    for period in written["截止"]:
        due = due_times(duty, Period.parse(period), CALENDAR, SHANGHAI, event)
        found[period] = "没有设定" if due is None else f"{due.due_day}{'◇' if due.stand_in else ''}"
    return {"截止": found}


def steps(rulebook: Rulebook, written: Written) -> Results:
    duty = _duty(rulebook, written["催办"])
    due = due_times(duty, Period.parse(written["报告期"]), CALENDAR, SHANGHAI)
    assert due is not None
    planned = plan(rulebook.ladder(duty.ladder), due, CALENDAR, rulebook.office_hours, SHANGHAI)
    return {"各步": [f"{each.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} {each.kind} {each.audience}" for each in planned]}


def life(rulebook: Rulebook, written: Written) -> Results:
    """What was done with one report, in order, and the column in which it stands at 现在."""
    duty, period = _duty(rulebook, written["报送经过"]), Period.parse(written["报告期"])
    due = due_times(duty, period, CALENDAR, SHANGHAI)
    assert due is not None
    owed = Obligation(
        id=1,
        programme=1,
        kind=Kind.DUTY,
        ref=duty.id,
        unit=1,
        period=str(period),
        title=duty.name,
        due=due.due,
        grace_end=due.grace_end,
        sign_off=duty.sign_off,
        review=duty.review,
    )
    for act, at in (line.split(" ", 1) for line in written["经过"]):
        owed = _ACTS[act](owed, _moment(at))
    return {"栏": bucket(owed, _moment(written["现在"])).value, "按时": "是" if owed.on_time else "否"}


_ACTS: Mapping[str, Callable[[Obligation, datetime], Obligation]] = {
    "报送": submit,
    "签发": sign,
    "撤回": withdraw,
    "退回": lambda owed, _: send_back(owed),
    "通过": lambda owed, _: accept(owed),
}


def written_report(rulebook: Rulebook, written: Written) -> Results:
    """A consequence's report: from when it is counted, until when it is due, and what it still has to say."""
    day, account = date.fromisoformat(written["自"]), AccountKey("考核", Subject.UNIT, 1)
    wanted = next(each for each in rulebook.consequences if each.id == written["书面报告"])
    if wanted.grade is not None:
        acts = after_grade(rulebook, account, wanted.grade, day)
    else:
        ended = next(each for each in rulebook.consequences if each.id == wanted.after)
        acts = after_end(rulebook, _an_act(rulebook, ended.id, account, day), day)
    (due,) = (act for act in acts if act.consequence == wanted.id)
    office_sets = due.office_sets_day
    if "考核办定" in written:
        due = with_day_set(due, date.fromisoformat(written["考核办定"]))
    late = (date.fromisoformat(written["收到"]) - due.due_day).days if "收到" in written and due.due_day else 0
    return {
        "期限": f"{due.due_day}" if due.due_day else "先设定期限" if office_sets else "没有期限",
        "缺": list(missing_contents(due, written.get("写了", ()))),
        "晚": f"{max(0, late)}天",
    }


def _an_act(rulebook: Rulebook, consequence: str, account: AccountKey, day: date) -> DueAct:
    found = next(each for each in rulebook.consequences if each.id == consequence)
    return DueAct(
        key="",
        account=account,
        year=rulebook.year,
        act=found.act,
        name=found.name,
        cite=found.cite,
        consequence=found.id,
        counted_from=day,
        due_day=None,
    )


def missing_parts(rulebook: Rulebook, written: Written) -> Results:
    """What a text still has to say: as a duty's report, or as an item of the 整改台账."""
    if written["缺项"] == "整改台账":
        assert rulebook.rectification is not None
        wanted: tuple[str, ...] = rulebook.rectification.required
    else:
        duty = _duty(rulebook, written["缺项"])
        wanted = (*(part.value for part in duty.parts), *duty.required)
    rest, named = cut_named(written["文字"], [part for part in wanted if part not in set(TextPart)])
    _, parts = split_parts(rest, lambda _: False)
    return {"缺": [part for part in wanted if part not in {*named, *parts}]}


def _duty(rulebook: Rulebook, name: str) -> Duty:
    return next(duty for duty in rulebook.duties if name in (duty.id, duty.name))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
