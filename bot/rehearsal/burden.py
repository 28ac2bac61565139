"""减负: how many messages and minutes the year costs each post, against the caps of the rulebooks. Pure arithmetic."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assessment.roster import Role
from bot.rehearsal.facts import Message

MINUTES: Mapping[str, int] = {
    "Reminder": 1,
    "Urging": 2,
    "Escalated": 3,
    "ReportAnswered": 10,
    "SignRequest": 5,
    "Reviewed": 5,
    "Proposed": 5,
    "NotDelivered": 3,
    "FilesNotDelivered": 3,
    "BudgetAlarm": 5,
    "CalendarMissing": 10,
}
"""◇ An assumption, in minutes: reading a message and doing what it asks; a receipt stands for writing the report."""
OTHERWISE = 1
"""◇ The same of any other message."""
EXPLAINED = "提醒 1、催办 2、督办 3、报送一次（含回执）10、签发 5、审核 5、情况说明 5，其他 1"
LEADERS = frozenset((Role.DEPUTY.value, Role.HEAD.value, Role.LEADER_IN_CHARGE.value, Role.LEADER.value))


@dataclass(frozen=True)
class Load:
    """What one post has to read in one month."""

    month: str
    role: str
    post: str
    person: str
    counted: int
    """As the burden rules count: what the bot starts, and one receipt for each report."""
    minutes: int


@dataclass(frozen=True)
class Over:
    """A post above a cap."""

    post: str
    person: str
    when: str
    """A month, 2026-08, or a day, 2026-08-05."""
    counted: int
    cap: int
    receipts: int = 0
    """How many of them only acknowledge a report."""


def loads(messages: Iterable[Message]) -> list[Load]:
    """What each post has to read in each month, by month and roster's role; messages to groups are nobody's."""
    groups = _by_person(messages, "%Y-%m")
    return [
        Load(month, some[0].role, some[0].post, some[0].person, counted(some), minutes(some))
        for (month, _), some in groups.items()
    ]


def over_the_caps(messages: Sequence[Message], *, clerk_a_month: int, leader_a_day: int) -> list[Over]:
    """Reporters of punctual units above their cap of a month, leaders above theirs of a day."""
    clerks = (one for one in messages if one.role == Role.REPORTER.value and one.punctual)
    leaders = (one for one in messages if one.role in LEADERS and one.initiated)
    return [
        *_over(_by_person(clerks, "%Y-%m"), clerk_a_month),
        *_over(_by_person(leaders, "%Y-%m-%d"), leader_a_day),
    ]


def counted(messages: Iterable[Message]) -> int:
    """What the burden rules count: initiated ones, and one receipt for each obligation."""
    own, receipts = 0, set[int]()
    for message in messages:
        own += message.initiated
        receipts.update(message.receipts)
    return own + len(receipts)


def minutes(messages: Iterable[Message]) -> int:
    """What they cost ◇; a report is written once, however many messages its answer took."""
    kinds = Counter[str]()
    receipts = set[int]()
    for message in messages:
        if message.receipts:
            receipts.update(message.receipts)
        else:
            kinds[message.kind] += 1
    read = sum(MINUTES.get(kind, OTHERWISE) * number for kind, number in kinds.items())
    return read + MINUTES["ReportAnswered"] * len(receipts)


def _over(groups: Mapping[tuple[str, str], list[Message]], cap: int) -> Iterator[Over]:
    for (when, _), some in groups.items():
        number = counted(some)
        if number > cap:
            yield Over(some[0].post, some[0].person, when, number, cap, number - sum(one.initiated for one in some))


def _by_person(messages: Iterable[Message], span: str) -> dict[tuple[str, str], list[Message]]:
    found: defaultdict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in messages:
        if message.role:
            found[f"{message.at:{span}}", f"{message.channel} {message.recipient}"].append(message)
    return dict(sorted(found.items()))
