"""A matter as it is typed after 交办: who leads, what is to be done, by when, of which category, under which leader."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessment.dates_text import UnreadableDay, read_day
from assessment.notices import Repair, RepairLine
from assessment.roster import Role, Unit
from handlers.turn import Turn
from handlers.whom import Mention, mentions
from storage.programmes import Programme

_CO_UNITS = re.compile(r"协办\s*[:：]?\s*")
_CLASS = re.compile(r"类别\s*[:：]?\s*")
_ITEM_LEADER = re.compile(r"包抓(?:领导)?\s*[:：]?\s*(?=\S)")
_NEXT_LEAD = re.compile(r"\s*[、和及]\s*")
_DAY = re.compile(
    r"(?:于|在|限)?\s*(\S*?(?:月底|季度末|年底|前|内|[日号]|下?周[一二三四五六日天]))(?:完成|办结|反馈)?$"
)
_LEADERS = (Role.LEADER, Role.LEADER_IN_CHARGE)


@dataclass(frozen=True)
class Order:
    """A matter as it was typed."""

    title: str
    category: str
    leads: tuple[Unit, ...]
    """The first of them convenes."""
    co: tuple[Unit, ...]
    due_day: date
    leader: int | None
    """The leader of this matter 包抓领导."""


def read(turn: Turn, programme: Programme, text: str) -> Order | RepairLine:
    """The order, or the one thing that is missing in it; nothing is guessed."""
    classes = programme.rulebook.matter_classes
    category = next((name for name in sorted(classes, key=len, reverse=True) if name in text), None)
    if category is not None:
        # Cut out only where it was written as the category; elsewhere it may be a part of what is to be done.
        text = re.sub(rf"类别\s*[:：]?\s*{re.escape(category)}", " ", text, count=1)
    leader, text = _item_leader(turn, text)
    if leader is None and "包抓领导" in text:
        return RepairLine(about="交办", repair=Repair.ITEM_LEADER)
    head, *tail = _CO_UNITS.split(text, maxsplit=1)
    leads = mentions(turn.roster, head)
    if not leads or leads[0].start > 0:
        return RepairLine(about="交办", repair=Repair.LEAD_UNIT)
    together = _together(head, leads)
    lead = together[-1]
    co = tuple(found.unit for found in mentions(turn.roster, tail[0])) if tail else ()
    words = " ".join((head[lead.end :].strip(" ,，:：、"), _after_units(turn, tail[0]) if tail else "")).strip()
    found = _DAY.search(words)
    day = read_day(found[1], turn.today, turn.installation.calendar.add_workdays) if found else None
    if found is None or day is None or isinstance(day, UnreadableDay):
        return RepairLine(about="交办", repair=Repair.TIME_LIMIT)
    if day < turn.today:
        return RepairLine(about="交办", repair=Repair.TIME_LIMIT_PASSED, facts={"day": f"{day:%-m月%-d日}"})
    title = words[: found.start()].strip(" ,，;；。")
    if not title:
        return RepairLine(about="交办", repair=Repair.WHAT_TO_DO)
    if category is None:
        facts = {"classes": "、".join(classes), "order": text.strip(), "class": classes[-1]}
        return RepairLine(about="交办", repair=Repair.MATTER_CLASS, facts=facts)
    first = tuple(dict.fromkeys(mention.unit for mention in together))
    return Order(title, category, first, tuple(unit for unit in dict.fromkeys(co) if unit not in first), day, leader)


def _item_leader(turn: Turn, text: str) -> tuple[int | None, str]:
    """The leader who is named for this matter, and the order without that; among the leaders of today only."""
    found = _ITEM_LEADER.search(text)
    if found is None:
        return None, text
    leaders = {p.person for p in turn.roster.posts if p.role in _LEADERS and p.held_on(turn.today)}
    names = {turn.roster.person(leader).name: leader for leader in leaders}
    for name in sorted(names, key=len, reverse=True):
        if text.startswith(name, found.end()):
            rest = f"{text[: found.start()].rstrip(' ,，')} {text[found.end() + len(name) :].lstrip(' ,，')}"
            return names[name], rest.strip()
    return None, text


def _together(text: str, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """The units at the start that are joined by 、 or 和: they lead together, the first one convening."""
    joined = [mentions[0]]
    for mention in mentions[1:]:
        if not _NEXT_LEAD.fullmatch(text, joined[-1].end, mention.start):
            break
        joined.append(mention)
    return joined


def _after_units(turn: Turn, text: str) -> str:
    found = mentions(turn.roster, text)
    return text[found[-1].end :].strip(" ,，、") if found else text
