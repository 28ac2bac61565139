"""交接: to whoever takes over a post, what is open and what was left unfinished."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices import HandedOver, OwedLine
from bot.cards.dispatch import card_of
from bot.cards.phrases import BY_UNIT, is_one_text, listed, named, wide
from bot.cards.times import deadline
from bot.channels.card import Button, Card


@card_of.register
def handed_over(notice: HandedOver, zone: tzinfo) -> Card:
    """One message; what was reported, and the history, belong to the post and stay."""
    head = f"{notice.unit}填报工作由{listed(notice.predecessors)}交接给您，已报内容和历史记录随岗位保留。"
    lines = tuple(
        f"（{number}）{'；'.join(_of_one(line, notice, zone))}。" for number, line in enumerate(notice.lines, 1)
    )
    return Card(
        f"{notice.unit}：填报工作交接",
        (head, *(lines or (f"{BY_UNIT}目前没有待办事项。",))),
        buttons=(Button("我的任务", "我的任务"),),
    )


def _of_one(line: OwedLine, notice: HandedOver, zone: tzinfo) -> Iterable[str]:
    what = f"交办事项{line.number}{named(line.title)}" if line.number else wide(line.title)
    yield f"{what}：截止{deadline(line.due, zone, line.due_mark)}"
    if line.waiting_for:
        yield f"待{line.waiting_for}签署" if line.letter else f"已报，待{line.waiting_for}签发"
    elif line.returned:
        yield "所报已退回，尚未重报"
    elif line.reported and line.owed:
        yield f"已报{line.reported}/{line.required}，还缺{listed(line.owed)}"
    elif line.owed and not is_one_text(line.title, line.owed):
        yield f"尚有{len(line.owed)}项未报：{listed(line.owed)}"
    if line.title in notice.unanswered:
        yield "有一处曾请前任核实，尚未答复，请重新报送该处"
