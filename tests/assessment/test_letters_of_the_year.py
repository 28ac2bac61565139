"""责任书: who signs, by when, and what stands in it."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from assessment import rulebook_file
from assessment.letters import content, due_of_letter, signing_units
from assessment.roster import Roster, Unit
from assessment.rulebook import Rulebook
from assessment.targets import TargetFrom
from assessment.workdays import WorkCalendar

RULEBOOKS = Path(rulebook_file.__file__).parent / "rulebooks"
SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
OFFICE, FIRST, SECOND, OTHER = (
    Unit(1, "县考核办"),
    Unit(2, "县经发局", group="指标承担部门"),
    Unit(3, "县统计局", group="指标承担部门"),
    Unit(4, "县广电局", group="其他"),
)
PEOPLE = Roster((OFFICE, FIRST, SECOND, OTHER), (), ())
LETTER = "责任书: {名称: 目标责任书, 截止: {日期: 2009-03-31}, 依据: 二}\n"
SPLIT = "    下达任务: 1.74\n    分解: [{单位: 县经发局, 基本任务: 0.9}, {单位: 县统计局, 基本任务: 0.84}]\n"


def rulebook(*changes: tuple[str, str]) -> Rulebook:
    text = (RULEBOOKS / "county-2009.yaml").read_text("utf-8") + LETTER
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return rulebook_file.load(text, "county-2009.yaml").rulebook


def test_every_unit_that_the_measure_makes_responsible_signs_but_not_the_office() -> None:
    """R81: the list of signatures."""
    assert signing_units(rulebook(), PEOPLE, date(2009, 3, 1)) == (FIRST, SECOND)


def test_own_and_assigned_target_both_stand_in_it_and_the_stricter_binds() -> None:
    """R76, R117."""
    line = next(line for line in content(rulebook(), FIRST).targets if line.name == "财政收入")

    assert (line.base, line.own, line.assigned) == (Decimal("1.74"), Decimal("1.69"), Decimal("1.74"))
    assert line.lead
    assert not content(rulebook(), SECOND).targets[0].lead


def test_of_a_target_that_is_split_each_unit_finds_its_part() -> None:
    split = rulebook(("    下达任务: 1.74\n", SPLIT))

    parts = [content(split, unit).targets[0] for unit in (FIRST, SECOND)]

    assert [part.base for part in parts] == [Decimal("0.9"), Decimal("0.84")]
    assert {part.source for part in parts} == {TargetFrom.SPLIT}


def test_what_is_not_set_is_named_once() -> None:
    unset = content(rulebook(), FIRST).unset

    assert "生产总值" in unset
    assert "工作落实情况报告" in unset
    assert "财政收入" not in unset
    assert len(unset) == len(set(unset))


def test_a_unit_without_a_part_in_the_measure_has_an_empty_letter() -> None:
    assert content(rulebook(), OTHER).targets == ()
    assert content(rulebook(), OTHER).duties == ()


def test_the_office_s_word_on_the_day_goes_before_the_measure_s() -> None:
    printed = due_of_letter(rulebook(), CALENDAR, SHANGHAI, None)
    said = due_of_letter(rulebook(), CALENDAR, SHANGHAI, date(2009, 4, 10))
    unset = due_of_letter(rulebook((" 截止: {日期: 2009-03-31},", "")), CALENDAR, SHANGHAI, None)

    assert printed is not None
    assert said is not None
    assert (printed.due_day, said.due_day, unset) == (date(2009, 3, 31), date(2009, 4, 10), None)
