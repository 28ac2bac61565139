"""Words to handlers: commands, questions that only read, answers to the one open question, and reports.

Order: the open question's answers, then commands (longest word first), then a report of own indicators, then a
unit's name with a score word anywhere, then the short menu. Acts on other people match only at the start (ux-guide 2).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from assessment.notices import Cancelled, Choice, Lapsed, Menu, MenuLine, NoQuestion, NotUnderstood, ToldPrivately
from assessment.roster import Role
from assessment.typed_text import plain
from handlers.said_otherwise import said_otherwise
from handlers.turn import PRIVATE, Turn
from handlers.word_order import other_orders
from storage import conversations

Handler = Callable[[Turn, str], None]
Taker = Callable[[Turn, dict[str, Any], str], bool]
Reader = Callable[[Turn], bool]
Act = Callable[[Turn, dict[str, Any]], None]

CONFIRM = frozenset({"确认", "是", "是的", "全部确认", "对", "确定"})
CANCEL = frozenset({"取消", "算了", "不用了"})
ANSWERS = CONFIRM | CANCEL
QUESTION_LIVES = timedelta(hours=24)
"""An answer that comes later could be to anything."""

_SIGN = re.compile(r"\s*#([0-9]{4})\s*$")

_SOFTENER = "一下"
"""催报一下 is 催报."""
_AFTER_WORD = re.compile(r"[\s,，:：;；、。.]+|(?=[0-9A-Za-z一二三四五六七八九十百〇零全])")


def sign_of(text: str) -> str:
    """The sign of the question that a button bears in its text; empty for what a person typed."""
    found = _SIGN.search(normal(text))
    return found[1] if found else ""


@dataclass(frozen=True)
class Command:
    """One word that people type, its aliases, who may use it, and what it does."""

    word: str
    aliases: tuple[str, ...]
    what: str
    roles: tuple[Role, ...]
    run: Handler
    offered: Callable[[Turn], bool]
    """Whether 帮助 names it to this person now."""
    takes_more: bool
    """Whether anything may follow the word; otherwise the whole message is the word."""

    @property
    def words(self) -> tuple[str, ...]:
        """The word and its aliases."""
        return (self.word, *self.aliases)


def always(_turn: Turn) -> bool:
    """Offered whenever the role fits."""
    return True


def seldom(_turn: Turn) -> bool:
    """Understood, but named where it is needed and not in the menu."""
    return False


@dataclass
class Router:
    """What one module of handlers declares; app.py mounts them into one."""

    commands: list[Command] = field(default_factory=list)
    takers: dict[str, Taker] = field(default_factory=dict)
    readers: list[tuple[int, Reader]] = field(default_factory=list)

    def command(
        self,
        word: str,
        *aliases: str,
        what: str,
        roles: Iterable[Role] = (),
        offered: Callable[[Turn], bool] = always,
        takes_more: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare a word. `roles` and `offered` decide only who sees it in 帮助; leave is asked by the handler."""

        def declare(run: Handler) -> Handler:
            self.commands.append(Command(word, aliases, what, tuple(roles), run, offered, takes_more))
            return run

        return declare

    def question(self, kind: str) -> Callable[[Taker], Taker]:
        """Declare who takes the answer to a question of that kind; it returns False for what is no answer."""

        def declare(take: Taker) -> Taker:
            self.takers[kind] = take
            return take

        return declare

    def confirmation(self, kind: str) -> Callable[[Act], Act]:
        """Declare what 确认 does; 取消 drops the question, and anything else is no answer to it."""

        def declare(act: Act) -> Act:
            def take(turn: Turn, content: dict[str, Any], text: str) -> bool:
                if text in CANCEL:
                    turn.reply(Cancelled())
                elif text in CONFIRM:
                    act(turn, content)
                return text in ANSWERS

            self.takers[kind] = take
            return act

        return declare

    def reader(self, order: int) -> Callable[[Reader], Reader]:
        """Declare what recognises a message without a command word; lower `order` is asked first."""

        def declare(read: Reader) -> Reader:
            self.readers.append((order, read))
            return read

        return declare

    def mount(self, *others: "Router") -> "Router":
        """Take in other modules' declarations; ValueError when two claim one word."""
        for other in others:
            self.commands += other.commands
            self.takers |= other.takers
            self.readers += other.readers
        self.readers.sort(key=lambda pair: pair[0])
        words = [word for command in self.commands for word in command.words]
        doubled = {word for word in words if words.count(word) > 1}
        if doubled:
            raise ValueError(f"two commands claim {sorted(doubled)}")
        return self

    def answer(self, turn: Turn) -> None:
        """Answer one message. In a group only when addressed, and there nothing but a short word."""
        if not turn.incoming.addressed:
            return
        self._answer(turn)

    def menu(self, turn: Turn) -> Menu:
        """What this person can do now."""
        held = {post.role for post in turn.actor.posts}
        mine = [c for c in self.commands if not c.roles or held.intersection(c.roles)]
        return Menu(lines=tuple(MenuLine(word=c.word, what=c.what) for c in mine if c.offered(turn)))

    def word_in(self, text: str) -> str | None:
        """The command that `text` begins with, under its own name; None where it begins with none."""
        found = self._command(normal(_SIGN.sub("", text)))
        return found[0].word if found is not None else None

    def _answer(self, turn: Turn) -> None:
        if self._answer_question(turn):
            return
        found = self._command(turn.text)
        if found is not None and (_fits(turn, found[0]) or not self._read(turn)):
            found[0].run(turn, found[1])
            return
        if found is not None or self._read(turn) or self._run_in_another_order(turn) or self._run_as_meant(turn):
            return
        turn.reply(NotUnderstood(choices=self._likely(turn)))

    def _run_in_another_order(self, turn: Turn) -> bool:
        """What nothing has understood: a command with its unit or number first, or without a blank."""
        words = [word for command in self.commands if command.takes_more for word in command.words]
        for text in other_orders(turn.text, words, turn.roster):
            found = self._command(text)
            if found is not None and _fits(turn, found[0]):
                turn.text = text
                found[0].run(turn, found[1])
                return True
        return False

    def _run_as_meant(self, turn: Turn) -> bool:
        """A greeting, or a question in other words than the command's."""
        meant = said_otherwise(turn.text, turn.roster)
        found = self._command(meant) if meant is not None else None
        if found is None or meant is None:
            return False
        turn.text = meant
        found[0].run(turn, found[1])
        return True

    def _read(self, turn: Turn) -> bool:
        return any(read(turn) for _, read in self.readers)

    def _answer_question(self, turn: Turn) -> bool:
        question = conversations.current(
            turn.uow,
            person=turn.actor.person,
            channel=turn.asked_on,
            conversation=PRIVATE,
        )
        signed = _SIGN.search(turn.text)
        if signed is not None:
            turn.text, turn.typed = turn.text[: signed.start()].strip(), _SIGN.sub("", turn.typed).strip()
        lapsed = question is not None and turn.now - question.asked_at > QUESTION_LIVES
        if question is not None and lapsed:
            conversations.close(turn.uow, question.id)
        meant = question is not None and not lapsed and (signed is None or signed[1] == conversations.sign(question.id))
        if (signed is not None and not meant) or (lapsed and turn.text in ANSWERS):
            turn.reply(Lapsed())
            return True
        if question is not None and not lapsed:
            # Closed first, so that a taker may open the next one; an answer that is none leaves it open again.
            if self.takers[question.kind](turn, {**question.content, "_id": question.id}, turn.text):
                conversations.close(turn.uow, question.id)
                turn.settled = conversations.sign(question.id)
                return True
            return False
        if turn.text in ANSWERS:
            turn.reply(NoQuestion())
            return True
        return False

    def _command(self, text: str) -> tuple[Command, str] | None:
        candidates = sorted(
            ((word, command) for command in self.commands for word in command.words),
            key=lambda pair: -len(pair[0]),
        )
        plain_text = text.rstrip(" ?？。.!！~")
        for word, command in candidates:
            if plain_text == word:
                return command, ""
            if command.takes_more and text.startswith(word):
                after = _AFTER_WORD.match(text, len(word))
                if after is not None:
                    return command, text[after.end() :].strip().removeprefix(_SOFTENER).strip()
        return None

    def _likely(self, turn: Turn) -> tuple[Choice, ...]:
        held = {post.role for post in turn.actor.posts}
        found = [
            command
            for command in self.commands
            if (not command.roles or held.intersection(command.roles))
            and any(word in turn.text for word in command.words)
        ]
        return tuple(Choice(label=command.what, command=command.word) for command in found[:3])


def _fits(turn: Turn, command: Command) -> bool:
    """Whether the command is for one of the sender's roles; 通过12项措施 from a clerk is no act of review."""
    return not command.roles or any(post.role in command.roles for post in turn.actor.posts)


def normal(text: str) -> str:
    """The message as commands are looked for in it: one width, no invisible signs, ② as a list sign and no figure."""
    return plain(text)


def group_word(turn: Turn) -> ToldPrivately | None:
    """What a group hears when an answer went to the sender privately."""
    return None if turn.incoming.private else ToldPrivately()
