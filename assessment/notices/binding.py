"""绑定 and 解绑: by which accounts a person is known. Accounts that are bound are shown masked."""

from assessment.notices.notice import Ask, Facts, Notice


class PostHeld(Facts):
    """A post as people name it."""

    unit: str
    role: str


class BoundAccount(Facts):
    """By which account on which platform a person is known; most of the account is masked."""

    platform: str
    account: str


class KnownPerson(Facts):
    """Somebody of the roster, with the posts held today and the accounts by which the person is known."""

    name: str
    posts: tuple[PostHeld, ...]
    accounts: tuple[BoundAccount, ...] = ()
    """The one for messages that we start comes first."""


class BindTaken(Notice):
    """An unknown person asked to be entered; said whether or not there is such a person."""


class BindAsked(Notice):
    """To the office: somebody unknown says who they are; what they typed proves nothing."""

    number: str = ""
    channel: str
    """The platform as people call it."""
    account: str
    text: str
    phone: str = ""
    """Set where nobody asked: the account was found by this number of the roster, which is masked."""
    whom: tuple[KnownPerson, ...] = ()
    """Who in the roster bears that name in that unit, or whose number it is."""
    new: bool = True
    """False where the office looks at it again."""


class BindAsk(Ask):
    """To the office: whose the account would be."""

    number: str
    channel: str
    account: str
    text: str
    phone: str = ""
    whom: KnownPerson


class Bound(Notice):
    """To the office: the account is bound."""

    number: str
    channel: str
    whom: KnownPerson


class BoundHere(Notice):
    """To the person, on the account that was bound."""

    whom: KnownPerson
    main: str = ""
    """The platform to which messages that we start go on to go; empty where it is this one."""


class BoundElsewhere(Notice):
    """To the person, on the accounts that were bound before: another one is theirs now."""

    account: BoundAccount
    by: str


class BindDeclined(Notice):
    """To the office: the account stays unknown."""

    number: str
    phone: str = ""
    """Set where the account was found by this number, which is masked."""


class PhoneLookedUp(Facts):
    """Whose number led to no account."""

    name: str
    units: tuple[str, ...] = ()
    number: str
    """Masked."""


class PhonesLookedUp(Notice):
    """To the office: numbers of the roster by which a platform knows nobody, and why no more are asked now."""

    platform: str
    """As people call it."""
    missed: tuple[PhoneLookedUp, ...] = ()
    stopped: str = ""


class NothingAsked(Notice):
    """To the office: nobody asks to be bound."""


class AlreadyBound(Notice):
    """To somebody known who asks to be bound: as whom."""

    whom: KnownPerson
    offices: tuple[str, ...]
    """Who is asked where that is wrong."""


class UnbindAsk(Ask):
    """To the office: which account would end, and what becomes of what waits for it."""

    whom: KnownPerson
    account: BoundAccount
    last: bool
    """The person could not be reached any more."""
    waiting: int
    """So many messages wait to leave for it."""


class Unbound(Notice):
    """To the office: the account is a stranger's now."""

    name: str
    account: BoundAccount
    moved: int
    """So many waiting messages went to where the person is reached now."""
    main: str = ""
    """Where the person is reached now; empty for nowhere."""


class UnboundTold(Notice):
    """To the person, where still known: an account of theirs has ended."""

    account: BoundAccount
    by: str
