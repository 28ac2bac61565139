"""What the cases of indicators, grades, stages, consequences and awards come to, as the cases write it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from assessment.awarding import reward_table
from assessment.consequences import DueAct, after_end, after_flag, after_grade, after_publication
from assessment.figures import Figures, Standing, figures
from assessment.grading import Candidate, ProposedGrade, propose_grades
from assessment.indicator_facts import IndicatorFacts, Voucher
from assessment.indicator_marks import IndicatorMark, mark_indicator
from assessment.ledger import AccountKey
from assessment.mark_words import step_in_words
from assessment.points import show, tidy
from assessment.rulebook import Flag, Indicator, Rulebook, Subject
from assessment.stages import Cell, compose, next_stage
from assessment.submission import Figure, Slot
from tests.assessment.case_files import Case

UNKNOWN = "未定"
NONE = "无"


def find_indicator(rulebook: Rulebook, name: str) -> Indicator:
    found = [indicator for indicator in rulebook.indicators if name in (indicator.id, indicator.name)]
    assert len(found) == 1, f"指标“{name}”对上 {len(found)} 项"
    return found[0]


# Figures of an indicator during the year


def figures_of(case: Case) -> Figures:
    indicator, written = find_indicator(case.rulebook, case.written["指标"]), case.written
    cohort = written.get("分组")
    values = {
        Slot(indicator.id, figure, cohort): Decimal(written[key])
        for key, figure in (("完成", Figure.ACTUAL), ("预测", Figure.FORECAST))
        if key in written
    }
    months, readings = int(written["月数"]), case.rulebook.readings
    found = figures(indicator, values, months_passed=months, readings=readings, unit=written.get("单位"))
    return next(one for one in found if one.cohort == cohort)


def standing_as_written(standing: Standing | None, *, mark: str) -> dict[str, str] | str:
    """A standing as the cases write it."""
    if standing is None:
        return "不适用"
    if standing.value is None:
        return "未报"
    return {
        "比": NONE if standing.share_of_base is None else percent(standing.share_of_base),
        "离基本差": plain(standing.short_of_base),
        "离满分差": plain(standing.short_of_full),
        "区间": standing.band or NONE,
        "得分": NONE if standing.points is None else f"{show(rounded(standing.points))}{mark}",
    }


def plain(value: Decimal | None) -> str:
    return NONE if value is None else f"{tidy(value):f}"


def rounded(value: Any) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def percent(share: Any) -> str:
    return f"{show(rounded(share * 100))}%"


# What an indicator earns


def indicator_facts(written: dict[str, Any]) -> IndicatorFacts:
    """What is known of an indicator, taking out of `written` what was understood."""

    def number(name: str) -> Decimal | None:
        return Decimal(written.pop(name)) if name in written else None

    def by_name(name: str) -> dict[str, str]:
        return dict(written.pop(name, {}))

    return IndicatorFacts(
        value=number("完成"),
        verified=number("核实"),
        last_year=number("上年"),
        by_month={int(month): int(times) for month, times in by_name("各月").items()},
        parts={name: Decimal(value) for name, value in by_name("其中").items()},
        choice=written.pop("选", None),
        given=number("给分"),
        reason=written.pop("理由", ""),
        occurrences=int(written.pop("次数", 0)),
        tasks=int(written.pop("任务数")) if "任务数" in written else None,
        done=date.fromisoformat(written.pop("办结")) if "办结" in written else None,
        vouchers=tuple(
            Voucher(number, Decimal(quantity))
            for number, quantity in (voucher.rsplit(" ", 1) for voucher in written.pop("凭据", ()))
        ),
    )


def mark_of(case: Case) -> IndicatorMark:
    written = dict(case.written["数据"])
    found = mark_indicator(
        find_indicator(case.rulebook, case.written["指标"]),
        indicator_facts(written),
        case.rulebook.readings,
        months_passed=int(case.written.get("月数", 12)),
        unit=case.written.get("单位"),
    )
    assert not written, f"看不懂:{written}"
    return found


def mark_as_written(mark: IndicatorMark) -> dict[str, Any]:
    return {
        "得分": NONE if mark.points is None else f"{mark.points}{'◇' if mark.stand_in else ''}",
        "算式": [step_in_words(step) for step in mark.steps],
        "缺": [f"{lack.why} {lack.what}" for lack in mark.lacks],
    }


# Grades


def grades_of(case: Case) -> dict[str, str]:
    assert case.rulebook.grading is not None, "办法没有写等次"
    names = list(case.written["各单位"])
    candidates = [candidate(number, case.written["各单位"][name].split()) for number, name in enumerate(names)]
    return {names[found.holder]: graded(found) for found in propose_grades(case.rulebook.grading, candidates)}


def candidate(number: int, words: list[str]) -> Candidate:
    """得分 and flags, with a blank between: 96 否决."""
    total = None if words[0] == UNKNOWN else Decimal(words[0])
    return Candidate(holder=number, total=total, flags=frozenset(Flag(word) for word in words[1:]))


def graded(found: ProposedGrade) -> str:
    return f"{found.grade or NONE}{' 待定' if found.open else ''}"


# Stages


def composite_of(case: Case) -> dict[str, Any]:
    rulebook = case.rulebook
    ids = {name: stage.id for stage in rulebook.stages for name in (stage.name, stage.id)}
    columns = {ids[name]: cell(text) for name, text in case.written["各阶段"].items()}
    found, following = compose(rulebook, columns), next_stage(rulebook, columns)
    return {
        "综合": NONE if found.value is None else f"{found.value:f}{'◇' if found.stand_in else ''}",
        "缺": [f"{lack.why} {lack.stage.name}" if lack.stage else lack.why.value for lack in found.lacking],
        "并列": [stage.name for stage in found.beside],
        "下一环节": following.name if following else NONE,
    }


def cell(text: str) -> Cell:
    """A value, or 无 and the reason why there is none: 无 未抽到."""
    first, _, reason = text.partition(" ")
    return Cell(None, reason) if first == NONE else Cell(Decimal(first))


# Consequences and awards


def consequences_of(case: Case) -> list[str]:
    cause = dict(case.written["起因"])
    day, rulebook = date.fromisoformat(cause.pop("日期")), case.rulebook
    account = AccountKey("考核", Subject.UNIT, 11)
    ((kind, name),) = cause.items()
    if kind == "公布":
        return list(acts_as_written(after_publication(rulebook, day)))
    if kind == "等次":
        return list(acts_as_written(after_grade(rulebook, account, name, day)))
    if kind == "标记":
        return list(acts_as_written(after_flag(rulebook, account, Flag(name), day)))
    assert kind == "办结", f"看不懂:{kind}"
    ended = next(consequence for consequence in rulebook.consequences if consequence.id == name)
    due = DueAct(
        key="",
        account=account,
        year=rulebook.year,
        act=ended.act,
        name=ended.name,
        cite=ended.cite,
        consequence=ended.id,
        counted_from=day,
        due_day=None,
    )
    return list(acts_as_written(after_end(rulebook, due, day)))


def acts_as_written(due: Iterable[DueAct]) -> Iterable[str]:
    """办理 名称 期限, and behind it what a report must say."""
    for act in due:
        until = "先设定期限" if act.office_sets_day else f"{act.due_day}" if act.due_day else "没有期限"
        required = f" 必写{'、'.join(act.required)}" if act.required else ""
        yield f"{act.act} {act.name} {until}{'◇' if act.stand_in else ''}{required}"


def rewards_of(case: Case) -> dict[str, Any]:
    winners: Mapping[str, list[str]] = case.written["获奖"]
    numbered = {award: list(range(len(names))) for award, names in winners.items()}
    table = reward_table(case.rulebook, numbered, year=int(case.written.get("年度", case.rulebook.year)))
    return {
        "合计": [f"{one.total:f}{one.currency}{'◇' if table.stand_in else ''}" for one in table.sums],
        "金额未设定": list(table.unset),
        "超出名额": [f"{row.award.name} {row.over_quota}" for row in table.rows if row.over_quota],
    }
