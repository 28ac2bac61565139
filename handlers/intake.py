"""The one transaction of a message: seen before? → who? → answer → outbox. The caller acknowledges after the commit."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from assessment.notices import (
    BindAsked,
    BindTaken,
    Failed,
    Marked,
    Notice,
    NotUnderstood,
    OtherContent,
    Stranger,
    ToldPrivately,
    TooLong,
    write,
)
from assessment.rights import Actor
from assessment.roster import Role
from handlers.incoming import Incoming
from handlers.router import Router, normal
from handlers.turn import Turn
from storage import audit, inbox, outbox, programmes, roster
from storage.inbox import Seen
from storage.installation import Installation
from storage.outbox import Priority
from storage.transactions import passes
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

EARLIEST_STAMP = timedelta(hours=8)
LATEST_STAMP = timedelta(minutes=5)
LONGEST_TEXT = 4000
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps: NUL, and half a character. A message must not be lost because it holds one."""


@dataclass(frozen=True)
class Intake:
    """Takes messages in; holds the words and the installation, no state."""

    router: Router
    installation: Installation

    def take(self, uow: UnitOfWork, incoming: Incoming, received_at: datetime) -> None:
        """Give one message its one effect. A repeat has none; a failed handler's message is parked and told."""
        incoming = _storable(incoming)
        incoming = replace(incoming, text=_UNKEEPABLE.sub("\ufffd", incoming.text))
        late_stamp = not received_at - EARLIEST_STAMP <= incoming.sent_at <= received_at + LATEST_STAMP
        marked = bears_mark(incoming, self.installation.classification_marks)
        seen, inbox_id = inbox.admit(
            uow,
            channel=incoming.channel,
            message_id=incoming.message_id,
            sender=incoming.sender,
            conversation=incoming.conversation,
            text=incoming.text,
            keep_text=not marked,
            sent_at=incoming.sent_at,
            received_at=received_at,
            late_stamp=late_stamp,
        )
        if seen is Seen.REPEAT:
            return
        if seen is Seen.OTHER_CONTENT:
            self._ask_back(uow, incoming, received_at)
            return
        person = roster.known(uow, incoming.channel, incoming.tenant, incoming.sender)
        if person is None:
            self._greet_stranger(uow, incoming, inbox_id, received_at)
            return
        people = roster.whole(uow)
        day = self.installation.day(received_at)
        turn = Turn(
            incoming=incoming,
            inbox_id=inbox_id,
            uow=uow,
            installation=self.installation,
            roster=people,
            programmes=programmes.running(uow),
            actor=Actor(person, people.posts_of(person, day)),
            now=received_at,
            said_at=received_at if late_stamp else incoming.sent_at,
            late_stamp=late_stamp,
            text=normal(incoming.text[:LONGEST_TEXT]),
            typed=incoming.text[:LONGEST_TEXT],
        )
        if marked:
            turn.replies.append(Marked())
            _note(uow, turn, "涉密标志", "未存内容")
        elif len(incoming.text) > LONGEST_TEXT:
            turn.replies.append(TooLong(limit=LONGEST_TEXT))
        else:
            self._handle(turn)
        self._post(turn)

    def _handle(self, turn: Turn) -> None:
        try:
            with turn.uow.savepoint():
                self.router.answer(turn)
        except DBAPIError as error:
            if passes(error):
                raise  # the database runs the whole job again; nothing has been kept of it
            self._park(turn, error)
        except Exception as error:  # noqa: BLE001 - one poison message must not stop the rest; it is parked with an alarm
            self._park(turn, error)
        if turn.incoming.addressed and not turn.replies:
            # Nobody who speaks to the bot is left without a word.
            turn.replies.append(NotUnderstood())

    def _park(self, turn: Turn, error: Exception) -> None:
        log.error("handler failed", inbox=turn.inbox_id, channel=turn.incoming.channel, exc_info=error)
        inbox.park(turn.uow, turn.inbox_id)
        turn.replies[:] = [Failed()]

    def _post(self, turn: Turn) -> None:
        """Answers go to the sender privately; a group hears one short word and never a score."""
        incoming = turn.incoming
        for position, notice in enumerate(turn.replies):
            self._put(turn.uow, incoming, notice, f"reply:{turn.inbox_id}:{position}", turn.now, turn.actor.person)
        if turn.replies and not incoming.private:
            outbox.put(
                turn.uow,
                key=f"reply:{turn.inbox_id}:group",
                channel=incoming.channel,
                recipient=incoming.conversation,
                to_group=True,
                notice=write(ToldPrivately()),
                priority=Priority.ANSWER,
                queued_at=turn.now,
            )

    def _greet_stranger(self, uow: UnitOfWork, incoming: Incoming, inbox_id: int, at: datetime) -> None:
        if not incoming.addressed:
            return
        audit.record(
            uow,
            at=at,
            person=None,
            channel=incoming.channel,
            action="未登记人员来信",
            object_="",
            allowed=False,
            basis="名册中没有此账号",
        )
        asks = incoming.private and normal(incoming.text[:LONGEST_TEXT]).startswith("绑定")
        if asks:
            self._tell_offices(uow, incoming, at)
        self._put(uow, incoming, BindTaken() if asks else Stranger(), f"reply:{inbox_id}:0", at, None)

    def _tell_offices(self, uow: UnitOfWork, incoming: Incoming, at: datetime) -> None:
        """Once a day for an account, in office hours: whoever is unknown cannot flood an office."""
        people, day = roster.whole(uow), self.installation.day(at)
        asked = BindAsked(channel=incoming.channel, account=incoming.sender[:64], text=incoming.text[:200])
        for programme in programmes.running(uow):
            when = self.installation.calendar.office_time(at, programme.rulebook.office_hours, self.installation.zone)
            for person in people.holders(programme.office, (Role.OFFICE,), day)[:1]:
                outbox.tell(
                    uow,
                    person,
                    write(asked),
                    key=f"bind:{incoming.channel}:{incoming.sender}:{day}:{person}",
                    priority=Priority.BULK,
                    queued_at=at,
                    not_before=when,
                )

    def _ask_back(self, uow: UnitOfWork, incoming: Incoming, at: datetime) -> None:
        person = roster.known(uow, incoming.channel, incoming.tenant, incoming.sender)
        audit.record(
            uow,
            at=at,
            person=person,
            channel=incoming.channel,
            action="同一编号内容不同",
            object_=incoming.message_id[:64],
            allowed=False,
            basis="已另存,未办理",
        )
        if person is not None:
            mark = inbox.fingerprint(incoming.sender, incoming.conversation, incoming.text)
            self._put(uow, incoming, OtherContent(), f"aside:{incoming.channel}:{mark}", at, person)

    def _put(
        self, uow: UnitOfWork, incoming: Incoming, notice: Notice, key: str, at: datetime, person: int | None
    ) -> None:
        outbox.put(
            uow,
            key=key,
            channel=incoming.channel,
            recipient=incoming.sender,
            person=person,
            notice=write(notice),
            priority=Priority.ANSWER,
            queued_at=at,
        )


def _storable(incoming: Incoming) -> Incoming:
    """Half characters and NUL, which no database keeps, are shown as unreadable; a message is never lost over one."""
    return replace(
        incoming,
        text=_readable(incoming.text),
        sender=_readable(incoming.sender),
        conversation=_readable(incoming.conversation),
        message_id=_readable(incoming.message_id),
        attachments=tuple(map(_readable, incoming.attachments)),
    )


def _readable(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "\ufffd")


def bears_mark(incoming: Incoming, marks: tuple[str, ...]) -> bool:
    """Whether the text or a file's name bears a classification mark that stands alone (decisions 24).

    Alone: on its own line, in brackets, before ★, or as a part of a file name. 计算机密码 is no mark.
    """
    if not marks:
        return False
    words = "|".join(map(re.escape, sorted(marks, key=len, reverse=True)))
    alone = re.compile(rf"(?:^[ \t]*|[(\[【〔《「“\"])(?:{words})(?=[ \t]*$|[)\]】〕》」”\"]|[ \t]*★)", re.MULTILINE)
    in_name = re.compile(rf"(?:^|[^\w]|_)(?:{words})(?:[^\w]|_|★|$)")
    text = unicodedata.normalize("NFKC", incoming.text)
    names = [unicodedata.normalize("NFKC", name) for name in incoming.attachments]
    return bool(alone.search(text) or re.search(rf"(?:{words})[ \t]*★", text)) or any(map(in_name.search, names))


def _note(uow: UnitOfWork, turn: Turn, action: str, basis: str) -> None:
    audit.record(
        uow,
        at=turn.now,
        person=turn.actor.person,
        channel=turn.incoming.channel,
        action=action,
        object_="",
        allowed=False,
        basis=basis,
    )
