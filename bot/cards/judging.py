"""评定, 录分, 结算: what the office gives, with the arithmetic; what settling proposes, and what is still lacking."""

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from decimal import Decimal

from assessment.notices.judging import (
    FiguresDiffer,
    JudgeAsk,
    JudgeRefused,
    JudgeTaken,
    SettleAsk,
    SettleBlock,
    SettleDone,
    SettleLine,
    StageAsk,
    StageRefused,
    StageTaken,
)
from assessment.points import show_points
from assessment.units_of_measure import PERCENT
from bot.cards.dispatch import card_of
from bot.cards.figures import bare, number
from bot.cards.phrases import (
    CANCEL,
    CONFIRM,
    change,
    clause_named,
    edition,
    headed,
    listed,
    said,
    saying,
    stand_in_explained,
    wide,
)
from bot.channels.card import Button, Card, Tone

# ── 评定 ──


@card_of.register
def judge_ask(notice: JudgeAsk, _zone: tzinfo) -> Card:
    """What is given, what it replaces, and what comes of it."""
    lines = (
        f"{notice.unit}，{clause_named(notice.cite, notice.indicator)}：{listed(notice.given)}。",
        *((f"原为{listed(notice.replaced)}，更正后原记录保留。",) if notice.replaced else ()),
        *(f"{wide(line)}。" for line in notice.outcome),
        *headed("理由或依据", notice.reason),
        *_evidence(notice.evidence),
    )
    note = "确认后登记，结算时计分。" + stand_in_explained(notice.mark)
    return Card("请确认评定", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def judge_taken(notice: JudgeTaken, _zone: tzinfo) -> Card:
    """On record, and when it counts."""
    lines = (
        f"{notice.unit}，{wide(notice.indicator)}：{listed(notice.given)}。",
        *(f"{wide(line)}。" for line in notice.outcome),
    )
    later = "该项已结算，重新结算后按此更正。" if notice.settled else "结算时计分。"
    return Card("已登记评定", lines, Tone.GREEN, note=later)


@card_of.register
def judge_refused(notice: JudgeRefused, _zone: tzinfo) -> Card:
    """Why it is not taken, and a line to copy."""
    if not notice.unit:
        return saying("请写明单位、指标和评定内容，回复“评定 单位 指标 内容”。")
    if not notice.indicator:
        known = f"可评定的有{listed(notice.choices)}。" if notice.choices else "该单位没有可评定的指标。"
        return saying(f"未能识别是{notice.unit}的哪项指标。{known}")
    lines = tuple(f"{wide(reason)}。" for reason in notice.reasons) or ("未能识别评定内容。",)
    example = f"请回复“评定 {notice.unit} {wide(notice.indicator)} {notice.how}”。"
    return Card(f"{wide(notice.indicator)}：未登记", (*lines, example), Tone.AMBER)


@card_of.register
def figures_differ(notice: FiguresDiffer, _zone: tzinfo) -> Card:
    """Both figures side by side, and a line to take one of them."""
    figures = dict.fromkeys((notice.led, notice.published))
    pair = "，".join(
        f"{unit}{bare(value, notice.unit)}"
        for unit, value in ((notice.lead, notice.led), (notice.publisher, notice.published))
    )
    measured = "" if notice.unit == PERCENT else f"（{notice.unit}）"
    ruling = f"采用 {notice.assessed} {wide(notice.indicator.removesuffix(notice.cohort))}"
    part = f" {notice.cohort}" if notice.cohort else ""
    lines = (
        f"{clause_named(notice.cite, notice.indicator)}，{wide(notice.period)}：{pair}{measured}。",
        "两数不一致，均保留；采用其中之一以前，该项不计分。",
        f"核实后请回复“{ruling}{part} 数值 理由”。",
    )
    buttons = tuple(Button(f"采用{number(value)}", f"{ruling}{part} {value:f}") for value in figures)
    return Card("数据不一致，请核", lines, Tone.AMBER, buttons=buttons)


# ── 录分 ──


@card_of.register
def stage_ask(notice: StageAsk, _zone: tzinfo) -> Card:
    """The stage's value, by category where it was given so."""
    if notice.take_back:
        lines: tuple[str, ...] = (f"{notice.unit}，{notice.stage}：撤回{_value(notice.replaced)}，原记录保留。",)
    else:
        lines = (
            f"{notice.unit}，{clause_named(notice.cite, notice.stage)}：{_value(notice.value)}。",
            *(f"{wide(name)}：{show_points(points)}分。" for name, points in notice.scores),
            *((f"原为{_value(notice.replaced)}，更正后原记录保留。",) if notice.replaced is not None else ()),
            *(("本阶段仅供参考，不进入综合得分。",) if notice.reference_only else ()),
        )
    body = (*lines, *headed("理由或依据", notice.reason), *_evidence(notice.evidence))
    return Card("请确认录分", body, Tone.AMBER, buttons=(CONFIRM, CANCEL), note="各阶段分值并列，互不折抵。")


@card_of.register
def stage_taken(notice: StageTaken, _zone: tzinfo) -> Card:
    """On record, and what comes next."""
    if notice.take_back:
        return saying(f"{notice.unit}{notice.stage}已撤回，原记录保留。")
    following = (f"下一阶段：{notice.next_stage}。",) if notice.next_stage else ()
    return Card("已录分", (f"{notice.unit}，{notice.stage}：{_value(notice.value)}。", *following), Tone.GREEN)


@card_of.register
def stage_refused(notice: StageRefused, _zone: tzinfo) -> Card:
    """The order of stages, what is lacking, or what to type."""
    if notice.choices:
        lines: tuple[str, ...] = (f"阶段有{listed(notice.choices)}。", f"请回复“录分 {notice.choices[0]} 单位 93”。")
        return Card("请写明阶段、单位和分值", lines, Tone.AMBER)
    if notice.not_yet:
        return saying(f"{notice.unit}尚未完成{notice.not_yet}，请先完成{notice.not_yet}，再录{notice.about}。")
    if notice.closed_by:
        lines = (
            f"{notice.unit}的{notice.closed_by}已录，{notice.about}不能再改。",
            f"如须更正，请先回复“录分 {notice.closed_by} {notice.unit} 撤回 理由”。",
        )
        return Card(f"{notice.about}：未录", lines, Tone.AMBER)
    if notice.take_back:
        return saying(f"请写明撤回理由，回复“录分 {notice.about} {notice.unit} 撤回 理由”。")
    if notice.unread:
        why = f"分值{said(notice.unread)}未能识别，请写明数字；没有分值的，请写“无分值”和原因。"
        return Card(f"{notice.about}：未录", (why, f"请回复“录分 {notice.about} {notice.unit} 93”。"), Tone.AMBER)
    if notice.doubts:
        return Card(f"{notice.about}：未录", tuple(f"{wide(doubt)}。" for doubt in notice.doubts), Tone.AMBER)
    if notice.lacks:
        return saying(f"{notice.about}缺{listed(notice.lacks)}，请一并附上，或写明依据。")
    return saying(f"请写明分值；没有分值的请写明原因，回复“录分 {notice.about} {notice.unit} 未抽到”。")


def _evidence(names: Sequence[str]) -> tuple[str, ...]:
    return (f"佐证：{'、'.join(map(said, names))}。",) if names else ()


def _value(value: Decimal | None) -> str:
    return "无分值" if value is None else f"{show_points(value)}分"


# ── 结算 ──


@card_of.register
def settle_ask(notice: SettleAsk, _zone: tzinfo) -> Card:
    """How many indicators get points, how many are 未报 or 未设定, and which."""
    if notice.by_ledger:
        span = wide(notice.by_ledger)
        return saying(f"没有须结算的指标，{span}得分由台账得出；核定完毕后请回复“公布 {notice.by_ledger}”。")
    if not notice.blocks:
        return saying("没有可结算的指标。")
    if notice.reference:
        return _reference(notice)
    whose = f"{notice.unit}{wide(notice.part)}" if notice.unit or notice.part else "年度"
    lines = (*(text for block in notice.blocks for text in _block(block)), *_more(notice))
    marks = stand_in_explained(*(line.mark for block in notice.blocks for line in (*block.proposed, *block.changed)))
    beside = f"{wide(notice.part)}得分单列，不计入年度。" if notice.part else ""
    if notice.nothing:
        return Card(f"{whose}结算：没有新的可结算项", lines, note=f"{beside}{marks}")
    note = f"确认后全部生成拟加拟扣，逐项或成批核定后入账。{beside}{marks}"
    return Card(f"请确认{whose}结算", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


def _reference(notice: SettleAsk) -> Card:
    lines: list[str] = []
    for block in notice.blocks:
        sizes = [block.size(kind) for kind in ("proposed", "waiting", "unset")]
        counted = "可计分{}项，未报或未评定{}项，未设定{}项".format(*sizes)
        lines.append(f"{edition(block.programme, block.version)}，按前{block.months}个月的数：{counted}。")
        lines += _listed(block.proposed, lambda line: f"{_named(line)}{change(line.points)}{line.mark}")
        lines += _listed(block.unset, lambda line: f"{_lacking(line)}")
        lines += _listed(block.waiting, lambda line: f"{_lacking(line)}")
    marks = stand_in_explained(*(line.mark for block in notice.blocks for line in block.proposed))
    title = f"{notice.unit}{wide(notice.reference)}指标得分（仅供参考）"
    note = f"不生成拟加拟扣，不入账；评定以目前登记的为准。{marks}"
    return Card(title, (*lines, *_more(notice)), note=note)


def _more(notice: SettleAsk) -> Iterable[str]:
    """Which page it is, and what to reply for the next; one page says nothing of it."""
    if notice.pages == 1:
        return
    words = " ".join(part for part in ("结算", notice.unit, notice.part or notice.reference) if part)
    page = notice.page + 1 if notice.page < notice.pages else 1
    which = "下一页" if page > 1 else "首页"
    yield f"以上第{notice.page}页，共{notice.pages}页；请回复“{words} 第{page}页”查看{which}。"


@card_of.register
def settle_done(notice: SettleDone, _zone: tzinfo) -> Card:
    """What now awaits 核定."""
    made = sum(block.size("proposed") + block.size("changed") for block in notice.blocks)
    lines = tuple(_counts(block) for block in notice.blocks)
    undone = [
        f"{line.entry}（{line.unit}，{wide(line.indicator)}）" for block in notice.blocks for line in block.changed
    ]
    rest = sum(block.size("changed") for block in notice.blocks) - len(undone)
    others = f"等{len(undone) + rest}项" if rest else ""
    changed = (f"原记分已更正：{listed(undone)}{others}。",) if undone else ()
    button = (Button("核定", "核定"),) if made else ()
    return Card(f"已结算，待核定{made}项", (*lines, *changed), Tone.GREEN, buttons=button)


def _block(block: SettleBlock) -> Iterable[str]:
    yield _counts(block)
    if block.units:
        ends = [("最多", block.highest), ("最少", block.lowest)]
        sums = "".join(f"，拟计{word}的是{end[0]}（{change(end[1])}）" for word, end in ends if end is not None)
        yield f"涉及{block.units}家单位{sums}。"
    if block.apart:
        stage = wide(block.apart)
        yield f"以上结算后记入台账；综合得分取“{stage}”的分值。办法未规定两者如何衔接，两栏并列，不合并。"
    if block.period.endswith("年度") and block.months < 12:
        yield f"年度未完，以下按已过{block.months}个月的数计；以后再结算时，有变动的更正后重新拟分。"
    elif not block.period.endswith("年度"):
        yield f"按年初至{block.months}月底的数计；评定以目前登记的为准。"
    if block.trial:
        yield "该办法正在试运行，只列出，不入账。"
    yield from _listed(block.proposed, lambda line: f"{_named(line)}{_points(line)}{_beside(line)}")
    yield from _listed(
        block.changed, lambda line: f"{_named(line)}数据有变动，更正{line.entry}，改为{_points(line)}{_beside(line)}"
    )
    yield from _listed(block.dropped, lambda line: f"{_named(line)}数已撤回，原拟分一并撤销")
    yield from _listed(
        block.by_two, lambda line: f"{_named(line)}数据有变动，须两人更正：请先回复“更正分 {line.entry} 理由”"
    )
    yield from _listed(
        block.prepared, lambda line: f"{_named(line)}数据有变动，原数已核定待审定：请先不予审定，再重新结算"
    )
    yield from _listed(block.unset, lambda line: f"{_lacking(line)}")
    yield from _listed(block.waiting, lambda line: f"{_lacking(line)}")
    if block.own:
        yield f"{listed(block.own)}是您所在单位，须由其他同志结算。"


def _counts(block: SettleBlock) -> str:
    parts = [f"可计分{block.size('proposed') + block.size('changed')}项"]
    for word, count in (
        ("未报或未评定", block.size("waiting")),
        ("未设定", block.size("unset")),
        ("待审定而有变动", block.size("prepared")),
        ("须两人更正", block.size("by_two")),
        ("此前不予核定", block.refused),
        ("此前已结算", block.same),
    ):
        if count:
            parts.append(f"{word}{count}项")
    return f"{edition(block.programme, block.version)}{wide(block.period)}：{'，'.join(parts)}。"


def _points(line: SettleLine) -> str:
    return f"{change(line.points, proposed=True)}{line.mark}"


def _beside(line: SettleLine) -> str:
    """（上半年3.97分，另计）; what stands for another period of the year."""
    if not line.beside:
        return ""
    others = "，".join(f"{wide(span)}{show_points(points)}分" for span, points in line.beside)
    return f"（{others}，单列）"


def _listed(lines: Sequence[SettleLine], say: Callable[[SettleLine], str]) -> Iterable[str]:
    yield from (f"　{wide(say(line))}。" for line in lines)


def _lacking(line: SettleLine) -> str:
    return f"{line.unit}，{line.indicator}，{'；'.join(line.reasons)}"


def _named(line: SettleLine) -> str:
    return f"{line.unit}，{wide(line.indicator)}："
