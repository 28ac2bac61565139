"""Cases of figures: which target binds, how it is split, how far a unit has come, and self-scores."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessment.figures import figures, lagging
from assessment.indicator_facts import increment_from, last_year_from
from assessment.indicator_marks import mark_indicator
from assessment.rulebook import Rulebook
from assessment.rulebook_checks import find_warnings
from assessment.self_score_text import read_self_score
from assessment.self_scoring import beside_in_words, beside_official, doubt_in_words
from assessment.submission import Figure, Slot
from assessment.targets import SplitSum, binding_target, check_split
from assessment.worked_terms import exact_text
from tests.assessment.case_entries import NONE, Results, Written
from tests.assessment.case_results import find_indicator, indicator_facts, percent, plain


def target(rulebook: Rulebook, written: Written) -> Results:
    found = binding_target(find_indicator(rulebook, written["任务"]), rulebook.readings, unit=written.get("单位"))
    return {
        "为准": f"{found.source} {plain(found.base.value)}",
        "自定": plain(found.own),
        "下达": plain(found.assigned),
    }


def split(rulebook: Rulebook, written: Written) -> Results:
    found = check_split(find_indicator(rulebook, written["分解"]), rulebook.readings)
    return {
        "乡镇": _split_as_written(found.split),
        "部门": _split_as_written(found.dual_split),
        "提示": [warning.what for warning in find_warnings(rulebook) if warning.path[-1] == "分解"],
    }


def notices(rulebook: Rulebook, written: Written) -> Results:
    """What the office is told at loading of one top entry of the file."""
    return {"提示": [warning.what for warning in find_warnings(rulebook) if warning.path[0] == written["载入提示"]]}


def _split_as_written(found: SplitSum | None) -> str:
    if found is None:
        return "没有分解"
    if found.unset:
        return f"未设定 {'、'.join(found.unset)}"
    return f"任务{plain(found.target)} 合计{plain(found.parts)} 缺口{plain(found.gap)}"


def reached(rulebook: Rulebook, written: Written) -> Results:
    """How far a unit has come, whether or not there are points for it."""
    known = dict(written["数据"])
    found = mark_indicator(
        find_indicator(rulebook, written["完成情况"]),
        indicator_facts(known),
        rulebook.readings,
        months_passed=int(written.get("月数", 12)),
        unit=written.get("单位"),
    )
    assert not known, f"看不懂:{known}"
    pace = found.pace
    return {
        "达到": [f"{met.name} {_exactly(met.has)}/{_exactly(met.wanted)} 差{_exactly(met.short)}" for met in found.met],
        "应完成": [f"{pace.month}月底{pace.due}次 落后{pace.behind}次"] if pace is not None else [],
        "没有的月份": [str(month) for month in found.months_without],
        "重复凭据": list(found.repeated_vouchers),
        "核实减上报": [] if found.difference is None else _exactly(found.difference),
    }


def _exactly(value: Fraction | None) -> str:
    return NONE if value is None else exact_text(value).replace("−", "-")


def growth(_: Rulebook, written: Written) -> Results:
    now, rate = (Decimal(word) for word in written["增长"].split())
    before, increment = last_year_from(now, rate), increment_from(now, rate)
    if before is None or increment is None:
        return {"上年": NONE, "增量": NONE}
    return {"上年": _to_four_places(before), "增量": _to_four_places(increment)}


def _to_four_places(value: Fraction) -> str:
    return f"{Decimal(round(value * 10000)).scaleb(-4):f}"


def behind(rulebook: Rulebook, written: Written) -> Results:
    values = {
        Slot(find_indicator(rulebook, name).id, Figure.ACTUAL): Decimal(value)
        for name, value in written["落后指标"].items()
    }
    found = [
        each
        for indicator in rulebook.indicators
        for each in figures(indicator, values, months_passed=int(written["月数"]), readings=rulebook.readings)
    ]
    names = {indicator.id: indicator.name for indicator in rulebook.indicators}
    listed = [(names[each.indicator], each.by_actual.share_of_base) for each in lagging(found)]
    return {"落后": [f"{name} {NONE if share is None else percent(share)}" for name, share in listed]}


def applying(rulebook: Rulebook, written: Written) -> Results:
    """The standards of one class of units, by their first heading."""
    found: dict[str, list[str]] = {}
    for indicator in rulebook.indicators:
        if written["适用类别"] in indicator.owners:
            found.setdefault(indicator.headings[0], []).append(indicator.name)
    return {"适用": found}


def self_score(rulebook: Rulebook, written: Written) -> Results:
    found = read_self_score(written["自评"], rulebook.categories)
    results: dict[str, Any] = {
        "合计": f"{found.total:f}",
        "可送签发": "是" if found.complete else "否",
        "疑问": [doubt_in_words(doubt) for doubt in found.doubts],
    }
    if "官方" in written:
        names = [category.name for category in rulebook.categories]
        points = [Decimal(word) for word in written["官方"].split()]
        official = dict(zip(names, points[:-1], strict=True))
        listed = beside_official(found, official, points[-1], rulebook.categories)
        results["对照"] = [beside_in_words(each, "督查室") for each in listed if not each.name or each.difference]
    return results
