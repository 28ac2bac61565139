"""Sayings of the conversation itself."""

from assessment.notices.notice import Facts, Notice


class Stranger(Notice):
    """The sender is not in the roster; nothing else is revealed."""


class Refused(Notice):
    """One wording for unknown and forbidden (decisions 20)."""


class Marked(Notice):
    """The message bears a classification mark; it was not kept."""


class TooLong(Notice):
    """The text is longer than a report can be."""

    limit: int


class Failed(Notice):
    """Our own fault; the message is kept and a person will look at it."""


class OtherContent(Notice):
    """A known message id came with other content; it was not executed."""

    unproven: bool = False
    """Not the id was known but the signature, from another message: it may be somebody else's writing."""


class ToldPrivately(Notice):
    """All that a group hears of an answer."""


class SayInPrivate(Notice):
    """Nothing was done: said in a group on a platform that reaches the sender nowhere else."""


class NoQuestion(Notice):
    """An answer came although nothing is open."""


class Lapsed(Notice):
    """The answer is to a question that is no longer open: nothing was done."""


class Cancelled(Notice):
    """The open question was dropped at the person's word."""


class Choice(Facts):
    """One possible meaning, and what to type for it."""

    label: str
    command: str


class NotUnderstood(Notice):
    """Nothing fits; at most three likely meanings."""

    choices: tuple[Choice, ...] = ()


class MenuLine(Facts):
    """One thing that this person can do now."""

    word: str
    what: str


class Menu(Notice):
    """帮助: only what this person can do now."""

    lines: tuple[MenuLine, ...]
