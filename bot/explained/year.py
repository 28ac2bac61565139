"""What a measure says of the year as a whole: stages, grades and what follows, awards, letters, extensions."""

from collections.abc import Iterator

from assessment.parameter import Parameter
from assessment.rulebook import Award, Consequence, Due, Rulebook, Stage
from assessment.year_rules import Grade
from bot.cards.phrases import wide
from bot.explained.duties import due_rule
from bot.explained.layout import indented
from bot.explained.values import UNSET, identity, parameter, rest, spoken
from bot.explained.words import explained

_TOLD_OF_STAGES = ("id", "name", "cite", "by", "sign_off", "required", "due", "reference_only")
_TOLD_OF_GRADES = ("name", "at_least", "rank_within", "quota", "without")
_TOLD_OF_CONSEQUENCES = ("id", "cite", "text", "grade", "flag", "after", "published", "act", "name", "days", "required")
_TOLD_OF_AWARDS = ("name", "to", "grade", "quota", "amount", "currency", "every_years", "from_year", "cite")


def stages(rulebook: Rulebook) -> Iterator[str]:
    """The steps in their order, and whether their values are made into one."""
    for at, stage in enumerate(rulebook.stages, start=1):
        yield f"第{at}步　{wide(stage.name)}{identity(stage.id)}"
        yield indented(f"{'；'.join(_stage(stage))}。")
    if rulebook.stages or rulebook.composite is not None:
        yield f"综合：{_composite(rulebook)}"


def grades(rulebook: Rulebook) -> Iterator[str]:
    """The grades, best first, and in whose hands they are."""
    grading = rulebook.grading
    if grading is None:
        return
    yield f"方式：{explained(grading.by)}"
    for grade in grading.grades:
        yield indented(f"{wide(grade.name)}：{'；'.join(_grade(grade)) or '没有另写条件'}。")
    circle = wide(grading.circle) if grading.circle else "公布后各受评单位可看本单位的结果"
    yield f"知悉范围：{circle}"
    yield from rest(grading, ("by", "grades", "circle", "cite"))
    if grading.cite:
        yield f"依据：{spoken(grading.cite)}"


def consequences(rulebook: Rulebook) -> Iterator[str]:
    """What follows from a grade or a flag, with its time limit and its source text."""
    for consequence in rulebook.consequences:
        yield f"{wide(consequence.name)}{identity(consequence.id)}"
        yield indented(f"{'；'.join(_consequence(consequence, rulebook))}。")
        yield indented(f"原文：{consequence.text}")


def awards(rulebook: Rulebook) -> Iterator[str]:
    """The awards with their number and money."""
    for award in rulebook.awards:
        yield f"{wide(award.name)}：{'；'.join(_award(award))}。"


def rectification(rulebook: Rulebook) -> Iterator[str]:
    """What an item of rectification must say, and who closes it."""
    rules = rulebook.rectification
    if rules is None:
        return
    if rules.kinds:
        yield f"问题的类型：{spoken(rules.kinds)}"
    if rules.required:
        yield f"每一项须逐一明确：{spoken(rules.required)}；缺一项的请补齐"
    if rules.unattainable is not None:
        yield f"“{wide(rules.unattainable)}”的，不再催完成，只催说明"
    if rules.ladder is not None:
        yield f"逾期的按阶梯“{rules.ladder}”办理"
    yield "单位报完成的转待核验，由考核办核定后销号"
    yield from rest(rules, ("kinds", "required", "unattainable", "ladder", "cite"))
    if rules.cite:
        yield f"依据：{spoken(rules.cite)}"


def letter(rulebook: Rulebook) -> Iterator[str]:
    """What the heads sign when the year opens."""
    if rulebook.letter is not None:
        yield f"{wide(rulebook.letter.name)}：由各单位主要负责人签署；最迟{_by_when(rulebook.letter.due)}"
        yield from rest(rulebook.letter, ("name", "due", "cite"))
        if rulebook.letter.cite:
            yield f"依据：{spoken(rulebook.letter.cite)}"


def extension(rulebook: Rulebook) -> Iterator[str]:
    """How often and for how long one item may be put off."""
    rules = rulebook.extension
    if rules is None:
        return
    longest = f"每次最多延{rules.longest_days}个日历日" if rules.longest_days is not None else "日数由考核办定"
    yield f"同一项最多准予延期{rules.times}次；{longest}"
    yield from rest(rules, ("times", "longest_days", "cite"))
    if rules.cite:
        yield f"依据：{spoken(rules.cite)}"


def doubts(rulebook: Rulebook) -> Iterator[str]:
    """Where the source contradicts itself or leaves open what it means, and what is done about it."""
    for doubt in rulebook.doubts:
        yield f"{doubt.id}　{wide(doubt.what)}"
        yield indented(f"处理：{wide(doubt.handling)}")
        yield indented(f"依据：{spoken(doubt.cite)}")
        yield from map(indented, rest(doubt, ("id", "what", "handling", "cite")))


def _stage(stage: Stage) -> Iterator[str]:
    yield f"由{explained(stage.by)}给分"
    if "sign_off" in stage.model_fields_set:
        yield f"签发：{explained(stage.sign_off)}"
    if stage.required:
        yield f"须一并报送：{spoken(stage.required)}"
    yield f"截止：{_by_when(stage.due)}"
    if stage.reference_only:
        yield "仅供参考，只并列显示，不进入综合得分"
    yield from rest(stage, _TOLD_OF_STAGES)
    yield f"依据{spoken(stage.cite)}"


def _by_when(due: Parameter[Due]) -> str:
    if due.value is None:
        return "由考核办另定"
    reason = f"（代入：{due.stand_in.strip()}）" if due.stand_in else ""
    return f"{due_rule(due.value)}{due.mark}{reason}"


def _composite(rulebook: Rulebook) -> str:
    composite = rulebook.composite
    if composite is None:
        return "各栏并列，不合成"
    names = {stage.id: wide(stage.name) for stage in rulebook.stages}
    if composite.take is not None:
        how = f"以“{names.get(composite.take, composite.take)}”（{composite.take}）的分为准"
    else:
        shares = [
            f"“{names.get(each.stage, each.stage)}”（{each.stage}）{parameter(each.weight)}"
            for each in composite.weights
        ]
        how = f"加权：{'、'.join(shares)}"
    cite = f"依据{spoken(composite.cite)}" if composite.cite else ""
    return "；".join(filter(None, (how, *rest(composite, ("take", "weights", "cite")), cite)))


def _grade(grade: Grade) -> Iterator[str]:
    written = grade.model_fields_set
    if "at_least" in written:
        yield f"得分不低于{parameter(grade.at_least, '分')}"
    if "rank_within" in written:
        yield f"名次在前{parameter(grade.rank_within, '名')}（含）"
    if "quota" in written:
        yield f"名额{parameter(grade.quota, '个')}"
    if grade.without:
        yield f"不得有标记：{'、'.join(map(explained, grade.without))}"
    yield from rest(grade, _TOLD_OF_GRADES)


def _consequence(consequence: Consequence, rulebook: Rulebook) -> Iterator[str]:
    if consequence.grade is not None:
        yield f"评为“{wide(consequence.grade)}”的"
    if consequence.flag is not None:
        yield f"有标记“{explained(consequence.flag)}”的"
    if consequence.after is not None:
        names = {each.id: wide(each.name) for each in rulebook.consequences}
        yield f"“{names.get(consequence.after, consequence.after)}”（{consequence.after}）办结之后"
    if consequence.published:
        yield "年度结果公布之后，只办一次"
    yield f"办理：{explained(consequence.act)}"
    if consequence.days.value is not None:
        yield f"期限：起算之日后第{parameter(consequence.days)}日24:00前"
    else:
        yield f"期限：{UNSET}，由考核办设定"
    if consequence.required:
        yield f"必须写明：{spoken(consequence.required)}，缺一退回"
    yield from rest(consequence, _TOLD_OF_CONSEQUENCES)
    yield f"依据{spoken(consequence.cite)}"


def _award(award: Award) -> Iterator[str]:
    yield f"授予{wide(award.to)}"
    if award.grade is not None:
        yield f"授予评为“{wide(award.grade)}”的"
    if "quota" in award.model_fields_set:
        yield f"名额{parameter(award.quota, '个')}"
    if "amount" in award.model_fields_set:
        amount = parameter(award.amount, award.currency)
        yield f"每个奖{amount}" if award.amount.is_set else f"金额{amount}"
    if award.every_years > 1:
        yield f"每{award.every_years}年评一次，从{award.from_year}年起算"
    yield from rest(award, _TOLD_OF_AWARDS)
    yield f"依据{spoken(award.cite)}"
