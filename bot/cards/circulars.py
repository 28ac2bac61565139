"""督查通报: its text, what comes of each finding, and what was said of one unit."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices.circulars import (
    CircularAsk,
    CircularRecorded,
    CircularRefused,
    FindingEntry,
    FindingLine,
    FindingsOfUnit,
    NotCirculated,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, CONFIRM, change, listed, said, saying, trial_lines, wide
from bot.cards.times import clock
from bot.channels.card import Card, Tone, quoted

_EXAMPLE = "请回复“督查通报 第1期 表扬 单位 事由；批评 单位 事由”。"
_REFUSALS = {
    NotCirculated.NO_FINDING: "请写明表扬或批评的单位和事由",
    NotCirculated.NO_UNIT: "{words}没有写明名册中的单位",
    NotCirculated.NO_SUCH_CLAUSE: "办法没有可以登记的条款{words}",
    NotCirculated.NO_SUCH_DUTY: "办法没有{words}这一报送任务",
}


@card_of.register
def circular_ask(notice: CircularAsk, _zone: tzinfo) -> Card:
    """The whole text, and which findings propose points."""
    lines = (*quoted(notice.text), *_outcomes(notice.lines), *trial_lines(notice.trial))
    note = "确认后登记；发送另请回复“发通报”。"
    return Card("请确认督查通报", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def circular_recorded(notice: CircularRecorded, _zone: tzinfo) -> Card:
    """On record; the proposals wait for 核定 like any other."""
    how = f"发送请回复“发通报 {notice.number} 对象”，确认前可试发。"
    return Card(f"督查通报{notice.number}已登记", (*quoted(notice.text), *_outcomes(notice.lines), how), Tone.GREEN)


@card_of.register
def circular_refused(notice: CircularRefused, zone: tzinfo) -> Card:
    """What is off, and what to type."""
    if notice.finding is not None and notice.at is not None:
        text = f"：{wide(notice.finding.text)}" if notice.finding.text else ""
        what = f"{notice.finding.sign}{notice.finding.unit}{text}"
        line = f"{what}，已于{clock(notice.at, zone)}登记（{notice.words}），未重复登记。"
        return Card(
            "这一期通报此前已登记", (line, "确属另一期的，请写明期号，回复“督查通报 期号 表扬 单位 事由”。"), Tone.AMBER
        )
    if notice.why is NotCirculated.NO_CIRCULAR:
        return Card("没有这一督查通报", (_EXAMPLE,), Tone.AMBER)
    if notice.why is NotCirculated.TO_WHOM:
        return Card("请写明发给谁", (f"请回复“发通报 {notice.words} 对象”。",), Tone.AMBER)
    if notice.why is NotCirculated.OF_WHOM:
        return Card("请写明单位", ("请回复“通报情况 单位”。",), Tone.AMBER)
    why = _REFUSALS[notice.why].format(words=said(notice.words) if notice.words else "")
    return Card(f"{why}，未登记。", (_EXAMPLE,), Tone.AMBER)


@card_of.register
def findings_of_unit(notice: FindingsOfUnit, zone: tzinfo) -> Card:
    """Both signs stand beside each other (R47)."""
    if not notice.entries:
        return saying(f"{notice.unit}没有督查通报记录。")
    lines = tuple(_entry(entry, zone) for entry in notice.entries)
    return Card(
        f"{notice.unit}：表扬{notice.praised}、批评{notice.criticised}", lines, note="表扬和批评各记各的，互不抵消。"
    )


def _entry(entry: FindingEntry, zone: tzinfo) -> str:
    text = f"：{wide(entry.text)}" if entry.text else ""
    return f"{entry.sign}（{entry.issue}{entry.number}，{clock(entry.at, zone)}）{text}。"


def _outcomes(lines: Iterable[FindingLine]) -> Iterable[str]:
    only: list[str] = []
    for line in lines:
        if line.points is not None:
            number = f"，编号{line.number}" if line.number else ""
            yield f"{line.sign}{line.unit}：{change(line.points, proposed=True)}（{wide(line.cite)}）{number}。"
        elif line.clauses:
            yield f"{line.sign}{line.unit}：有{listed(line.clauses)}等条，未写明按哪条，只登记不计分。"
        else:
            only.append(f"{line.sign}{line.unit}")
    if only:
        yield f"只登记不计分：{listed(tuple(dict.fromkeys(only)))}。"
