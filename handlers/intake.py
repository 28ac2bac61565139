"""The one transaction of a message: seen before? → who? → answer → outbox. The caller acknowledges after the commit."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from assessment.notices import (
    Failed,
    Marked,
    NotUnderstood,
    OtherContent,
    SayInPrivate,
    TooLong,
)
from assessment.notices.closing import YearIsClosed
from assessment.rights import Actor
from handlers import answering, evidence, strangers
from handlers.answering import Answers
from handlers.incoming import Incoming
from handlers.marks import in_name, in_text
from handlers.router import Router, normal, sign_of
from handlers.turn import Turn
from storage import audit, closed_books, inbox, outbox, programmes, roster
from storage.inbox import Seen
from storage.installation import Installation
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
        spent = _spent(uow, incoming, received_at)
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
            spent=spent,
        )
        if seen in (Seen.REPEAT, Seen.TOO_MANY):
            return
        if seen is Seen.OTHER_CONTENT:
            self._ask_back(uow, incoming, received_at, proven=not spent)
            return
        person = _known(uow, incoming)
        if person is None:
            self._greet_stranger(uow, incoming, inbox_id, received_at, marked=marked)
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
            elsewhere=answering.elsewhere(uow, incoming, person),
        )
        if marked:
            turn.replies.append(Marked())
            _note(uow, turn, "涉密标志", "未存内容")
        elif len(incoming.text) > LONGEST_TEXT:
            turn.replies.append(TooLong(limit=LONGEST_TEXT))
        elif _answers(turn).only_the_group_hears:
            turn.replies.append(SayInPrivate())
        else:
            self._handle(turn)
        self._post(turn)

    def _handle(self, turn: Turn) -> None:
        try:
            with turn.uow.savepoint():
                if not evidence.is_all(turn):
                    self.router.answer(turn)
                evidence.receive(turn)
        except DBAPIError as error:
            if passes(error):
                raise  # the database runs the whole job again; nothing has been kept of it
            if closed_books.is_refusal(error):
                turn.replies[:] = [YearIsClosed()]  # 关账 came in between; nothing has been kept of this either
            else:
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
        answers, key = _answers(turn), f"reply:{turn.inbox_id}"
        if answers.only_the_group_hears:
            answers.before_all(f"{key}:group", turn.replies[0])
            return
        extra = _to_be_seen_again(turn)
        for position, notice in enumerate(turn.replies):
            answers.privately(notice, f"{key}:{position}", extra if not position else None)
        if turn.replies and not turn.incoming.private:
            answers.before_all(f"{key}:group")

    def _greet_stranger(
        self, uow: UnitOfWork, incoming: Incoming, inbox_id: int, at: datetime, *, marked: bool
    ) -> None:
        if not incoming.addressed:
            return
        notice = strangers.answer(uow, self.installation, incoming, at, marked=marked)
        Answers(uow, incoming, at, None, None).only(notice, f"reply:{inbox_id}:0")

    def _ask_back(self, uow: UnitOfWork, incoming: Incoming, at: datetime, *, proven: bool) -> None:
        person = _known(uow, incoming)
        audit.record(
            uow,
            at=at,
            person=person,
            channel=incoming.channel,
            action="同一编号内容不同" if proven else "同一签名内容不同",
            object_=incoming.message_id[:64],
            allowed=False,
            basis="已另存,未办理",
        )
        if person is not None:
            answers = Answers(uow, incoming, at, person, answering.elsewhere(uow, incoming, person))
            about = _asked_about(incoming, proven)
            answers.only(OtherContent(unproven=not proven), f"aside:{incoming.channel}:{about}")


def _spent(uow: UnitOfWork, incoming: Incoming, at: datetime) -> str:
    """The signature's digest where it has proven another body: one that covers no body proves none but the first.

    Empty where the message may be believed.
    """
    signature = incoming.signature
    if signature is None or inbox.comes_first(
        uow, channel=incoming.channel, signature=signature.digest, body=signature.body, received_at=at
    ):
        return ""
    return signature.digest


def _asked_about(incoming: Incoming, proven: bool) -> str:
    """What the sender is asked about once only; of one signature once, lest whoever has seen it can write on and on."""
    if proven or incoming.signature is None:
        return inbox.fingerprint(incoming.sender, incoming.conversation, incoming.text)
    return f"{incoming.signature.digest}:{incoming.sender}"


def _known(uow: UnitOfWork, incoming: Incoming) -> int | None:
    """Who the sender is. What takes but one answer stands beside an app of the same organisation, with its accounts."""
    person = roster.known(uow, incoming.channel, incoming.tenant, incoming.sender)
    if person is None and incoming.answered_once:
        person = roster.known_in(uow, incoming.tenant, incoming.sender)
    return person


def _answers(turn: Turn) -> Answers:
    return Answers(turn.uow, turn.incoming, turn.now, turn.actor.person, turn.elsewhere)


def _to_be_seen_again(turn: Turn) -> dict[str, str]:
    """What the platform wants to see with the answer; a pressed card is done with if this turn closed its question."""
    extra = dict(turn.incoming.extra or {})
    if extra and turn.settled and turn.settled == sign_of(turn.incoming.text):
        extra[outbox.ANSWERED] = "1"
    return extra


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
    return in_text(incoming.text, marks) or any(in_name(name, marks) for name in incoming.attachments)


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
