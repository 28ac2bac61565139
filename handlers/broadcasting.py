"""通知: the office says something to many. Shown with its exact list, tried on oneself, and sent when confirmed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assessment.announcement import Announcement, Fault, Misread, read_announcement
from assessment.audience import Addressee, Known, Unclear, possible_words
from assessment.group_talk import confidential_words
from assessment.notices import (
    AudienceUnclear,
    BroadcastAsk,
    BroadcastMade,
    BroadcastTold,
    Cancelled,
    OverCap,
    Repair,
    RepairLine,
    UnclearWord,
)
from assessment.obligation import Bucket, Kind, bucket
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.typed_text import aligned, visible
from handlers import enclosing
from handlers.enclosing import Enclosures
from handlers.router import CANCEL, CONFIRM, Router
from handlers.turn import Turn
from storage import broadcast_letters, broadcasts, cases, counters, obligations
from storage.broadcasts import Enclosure, Whom, each_once
from storage.outbox import GROUP_ROBOT
from storage.programmes import Programme

router = Router()

OFFICE = (Role.OFFICE,)
QUESTION = "broadcast"
"""The kind of the question whether a notice is to go out."""
_WORD, _ALSO = "通知", "群发"
_FIRST_WORDS = re.compile(f"(?:下发|发布|{_ALSO}|发个?|下)?{_WORD}|{_ALSO}")
"""下发通知 is 通知 in other words."""
_TRY = frozenset({"试发", "试发给自己"})
_BETWEEN = " \n,，:：;；、。"
_LEADERS = (Role.LEADER_IN_CHARGE, Role.LEADER)
_REPAIRS = {
    Misread.NOBODY: Repair.NOTICE_TO_NOBODY,
    Misread.NO_TEXT: Repair.NOTICE_TEXT,
    Misread.NO_AUDIENCE: Repair.NOTICE_AUDIENCE,
    Misread.TIME: Repair.NOTICE_TIME,
    Misread.UNTIL: Repair.NOTICE_UNTIL,
    Misread.AUDIENCE_OR_TEXT: Repair.NOTICE_AUDIENCE_OR_TEXT,
}


@dataclass(frozen=True)
class Draft:
    """A notice that waits for its confirmation: what was shown is what will be sent."""

    office: int
    text: str
    send_at: datetime | None
    """As it was asked for; None for at once."""
    receipt_until: datetime | None
    units: tuple[int, ...] = ()
    """The units that the words meant; somebody may be in charge of several."""
    whom: tuple[Whom, ...] = ()
    channel: str = ""
    conversation: str = ""
    files: Enclosures = ()
    """What goes with it; perhaps still on its way from the platform."""

    def content(self) -> dict[str, object]:
        """As the question keeps it."""
        return {
            "office": self.office,
            "text": self.text,
            "send_at": self.send_at.isoformat() if self.send_at is not None else None,
            "receipt_until": self.receipt_until.isoformat() if self.receipt_until is not None else None,
            "units": list(self.units),
            "whom": [[one.unit, one.role, one.person] for one in self.whom],
            "channel": self.channel,
            "conversation": self.conversation,
            "files": [[one.file, one.name] for one in self.files],
        }

    @classmethod
    def of(cls, content: dict[str, Any]) -> "Draft":
        """From a question."""
        return cls(
            office=content["office"],
            text=content["text"],
            send_at=_moment(content["send_at"]),
            receipt_until=_moment(content["receipt_until"]),
            units=tuple(content["units"]),
            whom=tuple(Whom(unit, role, person) for unit, role, person in content["whom"]),
            channel=content["channel"],
            conversation=content["conversation"],
            files=tuple(Enclosure(file, name) for file, name in content.get("files", ())),
        )


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written is not None else None


def programme_of(turn: Turn, what: str) -> Programme | None:
    """The programme for whose office the sender speaks; None, and said so, where the sender belongs to none."""
    programme = next(iter(turn.offices() or turn.programmes[:1]), None)
    if not turn.may(Action.BROADCAST, Target(office=programme.office if programme else 0), what):
        return None
    return programme


@router.command(_WORD, _ALSO, what="向单位或人员发通知", roles=OFFICE, takes_more=True)
def announce(turn: Turn, _rest: str) -> None:
    """通知 对象 正文 [附件] [于8月9日9:00发送] [请于8月10日前回执]: nothing is guessed; then confirmed."""
    programme = programme_of(turn, _WORD)
    if programme is None:
        return
    ask_to_send(turn, programme, _typed(turn))


def ask_to_send(turn: Turn, programme: Programme, typed: str) -> None:
    """Read 对象 正文 and ask for confirmation; the sender may broadcast for that programme's office."""
    known = Known(turn.roster, turn.today, turn.actor.person, _missing(turn) if _speaks_of_missing(typed) else {})
    said = read_announcement(typed, known, turn.now, turn.installation.zone, turn.installation.calendar.add_workdays)
    match said:
        case Fault():
            repair = Repair.NOTICE_TO_WHOM if not said.written and not typed.strip() else _REPAIRS[said.kind]
            turn.reply(RepairLine(about=_WORD, repair=repair, facts={"written": said.written}))
        case Announcement():
            _propose(turn, programme, said)
        case _:
            turn.reply(AudienceUnclear(words=tuple(map(_unclear, said)), possible=possible_words(known)))


@router.question(QUESTION)
def take_answer(turn: Turn, content: dict[str, Any], text: str) -> bool:
    """确认 orders it, 试发 shows it to the asker alone and asks again, 取消 drops it; anything else is no answer."""
    draft = Draft.of(content)
    if text in CANCEL:
        turn.reply(Cancelled())
    elif text in _TRY | CONFIRM and (hindrance := enclosing.hindrance(turn, draft.files, _WORD)) is not None:
        # What is still on its way is waited for; of what is lost another has to be sent.
        if hindrance.repair is Repair.NOTICE_FILE_COMING:
            turn.ask(QUESTION, draft.content())
        turn.reply(hindrance)
    elif text in _TRY:
        turn.reply(_trial(turn, draft))
        turn.ask(QUESTION, draft.content())
        turn.reply(_question(turn, _programme_of(turn, draft), draft))
    elif text in CONFIRM:
        _order(turn, draft)
    else:
        return False
    return True


def may_enclose(turn: Turn) -> bool:
    """Whether the sender's files may be meant to go with a notice."""
    return any(turn.can(Action.BROADCAST, Target(office=programme.office)) for programme in turn.offices())


def enclose(turn: Turn, content: dict[str, Any], file_ids: Iterable[int]) -> None:
    """Files that come while a notice waits for its confirmation go with it; it is shown and asked about anew.

    The first ones stay: of what is too much it is said that it does not go, and what tells of points stays out of a
    group.
    """
    draft = Draft.of(content)
    added = tuple(Enclosure(file, "") for file in file_ids)
    if draft.conversation and _tells_of_points(turn, _names(turn, added)):
        added = ()
    room = enclosing.MOST_FILES - len(draft.files)
    draft = replace(draft, files=(*draft.files, *added[:room]))
    turn.ask(QUESTION, draft.content())
    question = _question(turn, _programme_of(turn, draft), draft)
    turn.reply(question.model_copy(update={"left_out": _names(turn, added[room:])}))


def _names(turn: Turn, enclosed: Enclosures) -> tuple[str, ...]:
    return tuple(one.name for one in enclosing.final(turn, enclosed))


def _tells_of_points(turn: Turn, texts: Iterable[str]) -> bool:
    """Whether something speaks of points or places, which no group may read; then it is said that it does not go."""
    words = confidential_words(" ".join(texts))
    if words:
        facts = {"words": "、".join(f"“{word}”" for word in words)}
        turn.reply(RepairLine(about="通知工作群", repair=Repair.POINTS_IN_A_GROUP, facts=facts))
    return bool(words)


def _programme_of(turn: Turn, draft: Draft) -> Programme:
    return next(programme for programme in turn.programmes if programme.office == draft.office)


def _propose(turn: Turn, programme: Programme, said: Announcement) -> None:
    if said.audience is None and _tells_of_points(turn, [said.text]):
        return
    enclosed = enclosing.called_for(turn, said.enclosed, _WORD)
    if enclosed is None or (said.audience is None and _tells_of_points(turn, _names(turn, enclosed))):
        return
    draft = Draft(
        office=programme.office,
        text=said.text,
        send_at=said.send_at,
        receipt_until=said.receipt_until,
        units=tuple(dict.fromkeys(one.unit for one in _addressees(said))),
        whom=_whom(said),
        channel=turn.incoming.channel if said.audience is None else "",
        conversation=_group(turn) if said.audience is None else "",
        files=enclosed,
    )
    turn.ask(QUESTION, draft.content())
    turn.reply(_question(turn, programme, draft))


def _order(turn: Turn, draft: Draft) -> None:
    if not turn.may(Action.BROADCAST, Target(office=draft.office), _WORD):
        return
    send_at = _leaves(turn, _programme_of(turn, draft), draft)
    if draft.receipt_until is not None and draft.receipt_until <= send_at:
        facts = {"written": f"{turn.installation.local(draft.receipt_until):%-m月%-d日 %H:%M}"}
        turn.reply(RepairLine(about=_WORD, repair=Repair.NOTICE_UNTIL, facts=facts))
        return
    number = counters.number(turn.uow, "T", turn.today)
    broadcasts.order(
        turn.uow,
        number=number,
        office=draft.office,
        ordered_by=turn.actor.person,
        ordered_at=turn.now,
        send_at=send_at,
        words=draft.text,
        receipt_until=draft.receipt_until,
        whom=draft.whom,
        channel=draft.channel,
        conversation=draft.conversation,
        files=enclosing.final(turn, draft.files),
    )
    reached = broadcast_letters.addresses(turn.uow, _people(draft.whom))
    turn.reply(
        BroadcastMade(
            number=number,
            people=len(reached),
            to_group=bool(draft.conversation),
            send_at=send_at if send_at > turn.now else None,
        )
    )


def _question(turn: Turn, programme: Programme, draft: Draft) -> BroadcastAsk:
    people = _people(draft.whom)
    reached = broadcast_letters.addresses(turn.uow, people)
    leaves = _leaves(turn, programme, draft)
    return BroadcastAsk(
        office=turn.roster.unit(draft.office).name,
        text=draft.text,
        units=_named(turn, draft.units),
        roles=tuple(dict.fromkeys(one.role for one in draft.whom)),
        people=cases.names(turn.roster, [person for person in people if person in reached]),
        vacant=_named(turn, (one.unit for one in draft.whom if one.person is None)),
        unreachable=cases.names(turn.roster, [person for person in people if person not in reached]),
        to_group=bool(draft.conversation),
        send_at=leaves if leaves > turn.now else None,
        put_off=leaves > max(draft.send_at or turn.now, turn.now),
        receipt_until=draft.receipt_until,
        over_cap=_over_caps(turn, programme, draft, reached),
        files=_names(turn, draft.files),
        file_missed=not draft.files and any(word in draft.text for word in ("附件", "附后")),
    )


def _trial(turn: Turn, draft: Draft) -> BroadcastTold:
    return BroadcastTold(
        number="",
        office=turn.roster.unit(draft.office).name,
        text=draft.text,
        told_at=max(draft.send_at or turn.now, turn.now),
        receipt_until=draft.receipt_until,
        to_group=bool(draft.conversation),
        trial=True,
        files=enclosing.facts(turn, draft.files),
    )


def _leaves(turn: Turn, programme: Programme, draft: Draft) -> datetime:
    """The time asked for, or the next office hours."""
    wanted = max(draft.send_at or turn.now, turn.now)
    hours = programme.rulebook.office_hours
    return turn.installation.calendar.office_time(wanted, hours, turn.installation.zone)


def _over_caps(turn: Turn, programme: Programme, draft: Draft, reached: Iterable[int]) -> tuple[OverCap, ...]:
    """Whom it would bring above a burden cap: leaders by the day, all others by the month."""
    burden = programme.rulebook.burden
    leaders = {one.person for one in draft.whom if one.role in _LEADERS}
    midnight = turn.installation.local(turn.now).replace(hour=0, minute=0, second=0, microsecond=0)
    found = (
        _over(turn, [one for one in reached if one in leaders], midnight, burden.leader_a_day, a_day=True),
        _over(turn, [one for one in reached if one not in leaders], midnight.replace(day=1), burden.clerk_a_month),
    )
    return tuple(over for over in found if over is not None)


def _over(turn: Turn, people: Sequence[int], since: datetime, cap: int, *, a_day: bool = False) -> OverCap | None:
    had = broadcast_letters.initiated(turn.uow, people, since)
    over = {person: had.get(person, 0) + 1 for person in people if had.get(person, 0) + 1 > cap}
    if not over:
        return None
    return OverCap(people=cases.names(turn.roster, list(over)), messages=max(over.values()), cap=cap, a_day=a_day)


def _typed(turn: Turn) -> str:
    """What follows the word, as it was typed: a notice keeps its own signs and widths."""
    whole = visible(turn.typed)
    word = _FIRST_WORDS.match(aligned(whole))
    return whole[word.end() if word is not None else 0 :].lstrip(_BETWEEN)


def _speaks_of_missing(typed: str) -> bool:
    return any(word in typed for word in ("未报", "缺报", "没报"))


def _missing(turn: Turn) -> dict[str, tuple[int, ...]]:
    """What is overdue in the programmes of the sender's office, with the units that owe it."""
    found: dict[str, list[int]] = {}
    for programme in turn.offices():
        for row in obligations.of_programme(turn.uow, programme.id, kind=Kind.DUTY):
            if bucket(row.facts(), turn.now) is Bucket.MISSING:
                found.setdefault(row.title, []).append(row.unit)
    return {title: tuple(units) for title, units in found.items()}


def _group(turn: Turn) -> str:
    """The group in which it was asked for; from a private chat, the group behind the channel's own robot."""
    return GROUP_ROBOT if turn.incoming.private else turn.incoming.conversation


def _addressees(said: Announcement) -> tuple[Addressee, ...]:
    return said.audience.addressees if said.audience is not None else ()


def _whom(said: Announcement) -> tuple[Whom, ...]:
    """Each person once, each vacant post by itself."""
    return tuple(
        each_once(
            Whom(addressee.unit, addressee.role.value, person)
            for addressee in _addressees(said)
            for person in (addressee.people or (None,))
        )
    )


def _people(whom: Iterable[Whom]) -> list[int]:
    return [one.person for one in whom if one.person is not None]


def _named(turn: Turn, units: Iterable[int]) -> tuple[str, ...]:
    return tuple(turn.roster.unit(unit).name for unit in dict.fromkeys(units))


def _unclear(word: Unclear) -> UnclearWord:
    return UnclearWord(written=word.written, meanings=word.meanings, near=word.near)
