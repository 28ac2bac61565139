"""The year's results: publication and grades."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from decimal import Decimal

from assessment.notices.result_lists import GroupSums, Paged, ResultGroup, ResultLine
from assessment.notices.results import (
    GradeAsk,
    GradeLine,
    GradeList,
    GradeReason,
    GradesDecided,
    NotTold,
    PublishAsk,
    Published,
    ResultsNotDone,
    ResultsRefused,
    ResultTable,
    ResultTold,
)
from assessment.points import show
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, edition, headed, listed, stand_in_explained, the_office, wide
from bot.cards.times import clock, through
from bot.channels.card import Button, Card, Style, Tone

_PUBLISH = Button("确认", "确认", Style.DANGER)


@card_of.register
def result_table(notice: ResultTable, zone: tzinfo) -> Card:
    """All results that somebody may see; before publication it is marked as prepared only."""
    lines = [line for group in notice.groups for line in _group(group)]
    lines += _more(notice.paged, "考核结果", notice.span)
    if notice.published_at is None:
        head = f"依据{edition(notice.programme, notice.version)}，截至{through(notice.as_of, zone)}："
        note = f"{_columns(notice.groups, notice.apart)}尚未公布，请勿外传。"
        title = f"{_span_so_far(notice)}（未公布）"
        return Card(title, (head, *lines), Tone.AMBER, note=note)
    head = _published(notice.programme, notice.version, notice.number, notice, zone)
    circle = (f"知悉范围：{wide(notice.circle)}，请勿外传。",) if notice.circle else ()
    note = " ".join((*circle, _explained(notice.groups))).strip()
    return Card(_title(notice.span), (head, *lines), note=note)


def _span_so_far(notice: ResultTable) -> str:
    """What nobody can call a result before the year is over: 目前得分和名次."""
    if not notice.so_far:
        return f"{wide(notice.span)}考核结果"
    return "目前得分和名次" if notice.span == "年度" else f"{wide(notice.span)}目前得分和名次"


@card_of.register
def result_told(notice: ResultTold, zone: tzinfo) -> Card:
    """One unit's own published result."""
    line = notice.line
    lines = [_published(notice.programme, notice.version, notice.number, notice, zone)]
    said = [_exact(line.total) + line.mark] if line.total is not None else []
    if line.place is not None:
        tied = "（并列）" if line.tied else ""
        said.append(f"在{wide(notice.peers) or '同类单位'}{notice.of}家中列第{line.place}名{tied}")
    said += [f"等次：{wide(line.grade)}"] if line.grade else []
    lines.append(f"{notice.unit}：{'，'.join(said) or '未评定'}。")
    lines += [f"评优：{line.standing}。"] if line.standing else []
    lines += [f"台账得分{_exact(line.ledger)}，与综合得分并列，不合并。"] if line.ledger is not None else []
    lines += [f"{wide(span)}：{_exact(points)}（参考，不计入年度）。" for span, points in line.beside]
    lines += [f"得分为暂估，{line.lacking}项指标未报或未设定。"] if line.lacking else []
    note = f"对结果有异议的，请联系{the_office(notice.office)}。{stand_in_explained(line.mark)}"
    return Card(_title(notice.span), tuple(lines), note=note)


@card_of.register
def not_told(notice: NotTold, _zone: tzinfo) -> Card:
    """Not out yet, or only within a circle; the same words whatever there is to know."""
    if notice.circle:
        return Card("该结果在规定范围内知悉，如需了解请联系考核办。")
    return Card("结果尚未公布。", (f"{edition(notice.programme, '')}的得分和名次，公布后可查询。",))


@card_of.register
def publish_ask(notice: PublishAsk, zone: tzinfo) -> Card:
    """What would be shown, to whom, and what is still open."""
    lines = [f"依据{edition(notice.programme, notice.version)}，截至{through(notice.as_of, zone)}："]
    lines += [line for group in notice.groups for line in _group(group)]
    lines += _more(notice.paged, "公布", notice.span, circle=notice.circle)
    lines += _doubtful(notice)
    if notice.circle_said:
        lines.append(f"办法规定的知悉范围：{wide(notice.circle_said)}。")
    if notice.circle:
        lines.append(f"知悉范围：{listed(notice.circle)}，可看全部名单。")
    elif notice.circle_said:
        lines.append("未写明知悉范围，公布后各单位仍不能查询。需要各单位知悉的，请取消后再回复“公布 范围 单位、类别”。")
    else:
        lines.append(f"{notice.told}家单位各看本单位的结果。")
    if notice.undecided:
        lines.append(f"另有{notice.undecided}项加分、扣分未核定，不在其内。")
    if notice.ungraded:
        lines.append(f"未评等次：{_some(notice.ungraded)}。")
    if notice.moved:
        lines.append(f"已公布的{listed(notice.moved)}得分现有变动，参考值仍为原公布数；须更正的，请先更正公布该期。")
    if notice.before:
        lines.append(f"此前已公布{notice.before}，本次为更正公布，原公布照存。")
    note = "确认后即公布，不能撤回；有误的另行更正公布。"
    title = f"请确认公布{wide(notice.span)}考核结果"
    return Card(title, tuple(lines), Tone.AMBER, buttons=(_PUBLISH, CANCEL), note=note)


@card_of.register
def published(notice: Published, zone: tzinfo) -> Card:
    """Out, and what is to be done because of it."""
    lines = [f"{notice.number}，{clock(notice.at, zone)}，通知{notice.told}家单位。"]
    lines += [f"待办：{wide(one)}。" for one in notice.follow_ups]
    return Card(f"{wide(notice.span)}考核结果已公布", tuple(lines), Tone.GREEN)


# ── 等次 ──


@card_of.register
def grade_list(notice: GradeList, _zone: tzinfo) -> Card:
    """What is proposed, why, and what was decided."""
    lines = [f"依据{edition(notice.programme, notice.version)}，等次分为{listed(notice.grades)}。"]
    for name, found in notice.groups:
        lines += [f"{wide(name)}："] if name else []
        for line in found:
            lines += _graded(line, judged=notice.judged)
    if notice.judged:
        lines.append("等次须逐家评定，系统不推算。")
        return Card("等次", tuple(lines), note="评定请回复“评等 单位 等次 理由”。")
    note = "以上按条件列出，评定后生效，请回复“评等 全部”或“评等 单位 等次 理由”。"
    return Card("等次", tuple(lines), note=note)


@card_of.register
def grade_ask(notice: GradeAsk, _zone: tzinfo) -> Card:
    """Which unit would get which grade, and what follows."""
    lines = [f"{line.unit}：{wide(line.decided)}{_against_proposal(line)}。" for line in notice.lines]
    lines += headed("理由", notice.reason)
    when = "公布后" if notice.after_publication else "评定后"
    lines += [f"{when}须办理：{wide(one)}。" for one in notice.follow]
    lines += ["该办法正在试运行，不能评定等次。"] if notice.trial else []
    return Card("请确认评定等次", tuple(lines), Tone.AMBER, buttons=(_PUBLISH, CANCEL), note=_told_when(notice))


def _told_when(notice: GradeAsk) -> str:
    if notice.follow and not notice.after_publication:
        return "等次公布前不告知单位；须约谈、须报书面报告的，办理时告知该单位。"
    return "等次公布前不告知单位。"


@card_of.register
def grades_decided(notice: GradesDecided, _zone: tzinfo) -> Card:
    """They stand; what is to be done."""
    lines = [f"{line.unit}：{wide(line.decided)}。" for line in notice.lines]
    lines += [f"待办：{wide(one)}。" for one in notice.follow_ups]
    note = "办理情况请回复“待办”查看。" if notice.follow_ups else ""
    note = "约谈、书面报告等后续事项，在公布后列入待办。" if notice.after_publication else note
    return Card(f"已评定等次{len(notice.lines)}家", tuple(lines), Tone.GREEN, note=note)


_NOT_DONE = {
    ResultsRefused.TRIAL: ("该办法正在试运行，不能办理。", ""),
    ResultsRefused.NOTHING_TO_PUBLISH: ("目前没有可以公布的结果。", ""),
    ResultsRefused.CHANGED_MEANWHILE: ("其间结果有变化，本次未办理，请重新查看后办理。", ""),
    ResultsRefused.NO_GRADES: ("所管办法没有规定等次。", ""),
    ResultsRefused.WHICH_UNIT: ("未能识别是哪个受评单位。", "评等 单位 等次 理由"),
    ResultsRefused.WHICH_GRADE: ("请写明等次：{words}。", "评等 单位 等次 理由"),
    ResultsRefused.GRADE_REASON: ("评为“{words}”须写明理由。", "评等 单位 等次 理由"),
    ResultsRefused.NOTHING_SURE: ("没有按条件可以认定的单位；需要逐家评定的，请写明单位。", "评等 单位 等次 理由"),
    ResultsRefused.NO_AWARDS: ("请写明奖项和名单{words}。", "授奖 奖项 名单"),
    ResultsRefused.NOBODY_HAS_IT: ("没有可撤回的授奖，请写明奖项和名单。", "撤回授奖 奖项 名单 理由"),
    ResultsRefused.TAKE_BACK_REASON: ("请写明撤回的理由。", "撤回授奖 {words} 理由"),
    ResultsRefused.NOT_IN_ROSTER: ("名册中没有{words}，请核对名称。", "奖励"),
    ResultsRefused.SAMPLE_OF_WHOM: ("请写明从哪一类别中抽几个，现有类别：{words}。", "抽查 类别 2个"),
    ResultsRefused.SAMPLE_TOO_LARGE: ("数量不对，现有{words}。", "抽查 类别 1个"),
    ResultsRefused.PART_NOT_OVER: ("{words}可以办理。", ""),
    ResultsRefused.NOT_BY_PART: ("办法没有规定{words}单独结算、公布，该期不能单独办理。", ""),
}


@card_of.register
def results_not_done(notice: ResultsNotDone, _zone: tzinfo) -> Card:
    """Why not, and a line to copy where there is one."""
    why, example = _NOT_DONE[notice.why]
    words = wide(notice.words)
    if notice.why is ResultsRefused.NO_AWARDS and words:
        words = f"，现有奖项：{words}"
    facts = {"words": words}
    lines = [why.format_map(facts), *([f"可回复“{example.format_map(facts)}”。"] if example else [])]
    return Card(f"{wide(notice.about)}：未办理", tuple(lines), Tone.AMBER)


def _exact(points: Decimal) -> str:
    """To the last digit: 89.995 is not 90, and nobody may take it for that (A16)."""
    return f"{'−' if points < 0 else ''}{show(abs(points), 4)}分"


def _title(kind: str) -> str:
    if kind == "上半年":
        return "【上半年督查考核通报】"
    return f"{kind}考核结果" if kind == "年度" else f"【{wide(kind)}考核通报】"


_SOME = 12
"""So many names of a long list are printed."""


def _some(names: Sequence[str]) -> str:
    return f"{listed(names[:_SOME])}等{len(names)}家" if len(names) > _SOME else listed(names)


def _doubtful(notice: PublishAsk) -> Iterable[str]:
    """What an office should know before it makes totals public."""
    if notice.lacking:
        yield f"有指标未报或未设定、得分为暂估的：{_some(notice.lacking)}。"
    if notice.apart:
        differ = f"，现有{notice.differing}家不一致" if notice.differing else ""
        stage = f"综合得分取“{wide(notice.apart)}”的分值"
        yield f"{stage}，台账得分另计，办法未规定两者如何衔接：两栏并列，不合并{differ}。"


def _columns(groups: Sequence[ResultGroup], apart: str) -> str:
    """What the columns are called in which the figures of an unpublished list stand."""
    lines = [line for group in groups for line in group.lines]
    first = "综合得分、台账得分" if apart else "得分"
    names = [first, "名次"]
    names += ["等次"] if any(line.grade for line in lines) else []
    names += ["评优资格"] if any(line.standing for line in lines) else []
    names += ["分期得分（参考）"] if any(line.beside for line in lines) else []
    names += ["未定事项"] if any(line.lacking or line.undecided or line.prepared for line in lines) else []
    return f"各栏依次为{listed(names)}。"


def _more(paged: Paged, command: str, span: str, circle: Sequence[str] = ()) -> Iterable[str]:
    """Which page it is, and what to reply for another; one page says nothing of it."""
    if paged.pages == 1:
        return
    page = paged.page + 1 if paged.page < paged.pages else 1
    said = [command, *([span] if span != "年度" else []), f"第{page}页"]
    said += [f"范围 {'、'.join(circle)}"] if 0 < len(circle) <= _SOME else []
    yield f"以上第{paged.page}页，共{paged.pages}页；请回复“{' '.join(said)}”查看{'下一页' if page > 1 else '首页'}。"


def _published(programme: str, version: str, number: str, notice: ResultTable | ResultTold, zone: tzinfo) -> str:
    out = f"，{clock(notice.published_at, zone)}公布" if notice.published_at is not None else ""
    return f"{number}{out}，依据{edition(programme, version)}，截至{through(notice.as_of, zone)}："


def _group(group: ResultGroup) -> Iterable[str]:
    if group.sums is not None:
        yield f"{wide(group.name)}{_summed(group.sums)}："
    elif group.name:
        yield f"{wide(group.name)}："
    yield from map(_line, group.lines)
    if group.last:
        yield f"（仅领导）末位：{listed(group.last)}。"


def _line(line: ResultLine) -> str:
    said = [_exact(line.total) + line.mark] if line.total is not None else [] if line.grade else ["未定"]
    if line.place is not None:
        said.append(f"第{line.place}名{'（并列）' if line.tied else ''}")
    said += [wide(line.grade)] if line.grade else []
    said += [line.standing] if line.standing else []
    said += [f"台账{_exact(line.ledger)}"] if line.ledger is not None else []
    said += [f"{wide(span)}{_exact(points)}（参考）" for span, points in line.beside]
    said += [f"暂估（{line.lacking}项未报或未设定）"] if line.lacking else []
    said += [f"待核定{line.undecided}项"] if line.undecided else []
    said += [f"待审定{line.prepared}项"] if line.prepared else []
    return f"{line.name}：{'，'.join(said)}。"


def _summed(sums: GroupSums) -> str:
    """共30家，最高95.5分，最低60分，未定2家."""
    said = [f"共{sums.units}家"]
    if sums.highest is not None and sums.lowest is not None:
        said += [f"最高{_exact(sums.highest)}", f"最低{_exact(sums.lowest)}"]
    said += [f"未定{sums.unknown}家"] if sums.unknown else []
    return "，".join(said)


def _explained(groups: Sequence[ResultGroup]) -> str:
    return stand_in_explained(*(line.mark for group in groups for line in group.lines))


def _graded(line: GradeLine, *, judged: bool) -> Iterable[str]:
    decided = f"已评定{wide(line.decided)}" if line.decided else "待评定"
    if judged:
        yield f"{line.unit}：{decided}。"
        return
    stands = [_exact(line.total) if line.total is not None else "得分未定"]
    stands += [f"第{line.place}名"] if line.place is not None else []
    if line.estimated:
        stands.append("有指标未报或未结算，暂不能按条件判定")
    elif line.undecided:
        stands.append(f"加分、扣分未核定{line.undecided}项，暂不能按条件判定")
    elif line.open:
        stands.append(f"是否评为“{wide(line.proposed)}”，请研究决定")
    else:
        stands.append(f"符合“{wide(line.proposed)}”的条件" if line.proposed else "不符合各等次的条件")
    stands += [decided] if line.decided else []
    yield f"{line.unit}：{'，'.join(stands)}。"
    for reason in line.reasons:
        yield f"　{_reason(reason)}。"


def _reason(reason: GradeReason) -> str:
    wanted = f"{reason.condition}{reason.wanted}" if reason.wanted else f"{reason.condition}未设定"
    found = f"（现为{reason.found}）" if reason.found else ""
    tied = f"，与{listed(reason.tied)}同分" if reason.tied and reason.holds == "待定" else ""
    return f"{wide(reason.grade)}：{wanted}{found}，{reason.holds}{tied}"


def _against_proposal(line: GradeLine) -> str:
    if not line.proposed or (line.proposed == line.decided and not line.open):
        return ""
    grade = f"“{wide(line.proposed)}”"
    return f"（按条件是否评为{grade}待定）" if line.open else f"（按条件为{grade}）"
