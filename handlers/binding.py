"""绑定: the office says whose an unknown account is. Rights come with the person's posts and with nothing else."""

from collections.abc import Sequence
from typing import Any

from assessment.notices import (
    AlreadyBound,
    BindAsk,
    BindDeclined,
    Bound,
    BoundAccount,
    BoundElsewhere,
    BoundHere,
    KnownPerson,
    NothingAsked,
    Notice,
    Refused,
    Repair,
    RepairLine,
    Stranger,
    write,
)
from assessment.rights import Action, Target
from handlers import named_person, numbers, strangers
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import bindings, outbox, phones, roster
from storage.bindings import LETTER, BindRequestRow, State
from storage.outbox import Priority
from storage.roster import IdentityRow

router = Router()


@router.command("绑定", what="登记本人账号", offered=seldom, takes_more=True)
def already_bound(turn: Turn, _rest: str) -> None:
    """Whoever is known hears as whom; who else the account should be is for the office to say."""
    turn.reply(
        AlreadyBound(
            whom=named_person.shown(turn.uow, turn.installation, turn.roster, turn.actor.person, turn.today),
            offices=tuple(dict.fromkeys(turn.roster.unit(one.office).name for one in turn.programmes)),
        )
    )


@router.command(
    "同意绑定",
    what="办理绑定申请",
    roles=OFFICE,
    offered=lambda turn: bool(bindings.undecided(turn.uow, turn.now)),
    takes_more=True,
)
def agree(turn: Turn, rest: str) -> None:
    """同意绑定 B-1008-1 [姓名 单位]: asked for confirmation; without a number, what has been asked for."""
    request, words = _request_of(turn, rest, "同意绑定")
    if request is None:
        return
    person = _whom(turn, request, words)
    if person is None or not may_concerning(turn, Action.BIND, person, request.number, about=request.number):
        return
    turn.ask("bind", {"request": request.id, "person": person})
    turn.reply(
        BindAsk(
            number=request.number,
            channel=turn.installation.platform(request.channel),
            account=request.account,
            text=request.words,
            phone=strangers.found_by(request),
            whom=named_person.shown(turn.uow, turn.installation, turn.roster, person, turn.today),
        )
    )


@router.command("不同意绑定", what="不同意绑定申请", roles=OFFICE, offered=seldom, takes_more=True)
def decline(turn: Turn, rest: str) -> None:
    """不同意绑定 B-1008-1 [理由]: the account stays unknown, and its holder hears what every stranger hears."""
    request, reason = _request_of(turn, rest, "不同意绑定")
    if request is None:
        return
    bindings.decide(turn.uow, request.id, State.DECLINED, by=turn.actor.person, at=turn.now, reason=reason)
    turn.record(Action.BIND, request.number, basis="不同意")
    if request.found_for is not None:
        phones.decline(turn.uow, request.found_for, request.channel)
    elif _holder(turn, request) is None:
        _write(turn, request.channel, request.account, Stranger(), f"bind declined:{request.id}", None)
    turn.reply(BindDeclined(number=request.number, phone=strangers.found_by(request)))


@router.confirmation("bind")
def take_binding(turn: Turn, content: dict[str, Any]) -> None:
    """确认 binds; what others decided in between, and an account that somebody is known by, is left as it is."""
    request, person = bindings.get(turn.uow, content["request"]), content["person"]
    if not request.is_open(turn.now):
        _refuse_closed(turn, request.number, request)
        return
    if not may_concerning(turn, Action.BIND, person, request.number, about=request.number):
        return
    if not turn.roster.posts_of(person, turn.today):
        _refuse(turn, request.number, Repair.BIND_WHOM)
        return
    before = roster.identities(turn.uow, person)
    bound = roster.bind(turn.uow, person, request.channel, request.tenant, request.account)
    holder = person if bound else _holder(turn, request)
    if holder != person:
        _refuse_bound(turn, request, holder)
        return
    bindings.decide(turn.uow, request.id, State.AGREED, by=turn.actor.person, at=turn.now, person=person)
    # What a number was kept for is done, also where it led to somebody else.
    phones.erase(turn.uow, {person, request.found_for or person}, request.channel)
    whom = named_person.shown(turn.uow, turn.installation, turn.roster, person, turn.today)
    if bound:
        _tell_the_person(turn, request, whom, before)
    turn.reply(Bound(number=request.number, channel=turn.installation.platform(request.channel), whom=whom))


def may_concerning(turn: Turn, action: Action, person: int, what: str, *, about: str) -> bool:
    """Whether the sender's office may bind or end an account of that person; where not, the answer has been given.

    `what` is what the audit learns, `about` what the answer begins with.
    """
    if person == turn.actor.person:
        turn.record(action, what, allowed=False, basis="不得办理本人事项")
        _refuse(turn, about, Repair.BIND_BY_ANOTHER)
        return False
    return may_at_all(turn, action, what, person)


def may_at_all(turn: Turn, action: Action, what: str, person: int | None = None) -> bool:
    """Whether the sender belongs to the office of any programme that runs; where not, the refusal has been given."""
    office = next(iter(turn.offices() or turn.programmes), None)
    if office is None:
        turn.reply(Refused())
        return False
    return turn.may(action, Target(office=office.office, person=person), what)


def _request_of(turn: Turn, rest: str, word: str) -> tuple[BindRequestRow | None, str]:
    """The open request that is named and the words behind it; without one the answer has been given."""
    if not may_at_all(turn, Action.BIND, word):
        return None, ""
    wanted, words = numbers.leading(LETTER, rest, turn.today)
    if not wanted:
        _list(turn, bindings.undecided(turn.uow, turn.now))
        return None, ""
    # With its lock: a colleague may be deciding at this moment.
    request = bindings.numbered(turn.uow, wanted[0])
    if request is None or not request.is_open(turn.now):
        _refuse_closed(turn, wanted[0], request)
        return None, ""
    return request, words


def _list(turn: Turn, requests: Sequence[BindRequestRow]) -> None:
    for request in requests:
        shown = strangers.asked(turn.uow, turn.installation, turn.roster, request, turn.now, new=False)
        turn.reply(shown)
    if not requests:
        turn.reply(NothingAsked())


def _whom(turn: Turn, request: BindRequestRow, words: str) -> int | None:
    """The one person whom the office names, or the request where the office names nobody."""
    if words:
        found = named_person.in_office(turn.roster, named_person.read(turn.roster, words), turn.today)
    else:
        found = strangers.meant(turn.roster, request, turn.installation, turn.now)
    if len(found) == 1:
        return found[0]
    repair = Repair.BIND_WHICH_OF_SEVERAL if found else Repair.BIND_WHOM
    _refuse(turn, request.number, repair)
    return None


def _tell_the_person(turn: Turn, request: BindRequestRow, whom: KnownPerson, before: Sequence[IdentityRow]) -> None:
    """A greeting on the new account, and on every older one a word of warning."""
    main = turn.installation.platform(before[0].channel) if before else ""
    new = BoundAccount(
        platform=turn.installation.platform(request.channel), account=named_person.masked(request.account)
    )
    told: list[tuple[str, str, Notice]] = [(request.channel, request.account, BoundHere(whom=whom, main=main))]
    told += [(one.channel, one.account, BoundElsewhere(account=new, by=turn.name)) for one in before]
    for number, (channel, account, notice) in enumerate(told):
        _write(turn, channel, account, notice, f"bound:{request.id}:{number}", _holder(turn, request))


def _holder(turn: Turn, request: BindRequestRow) -> int | None:
    """Who is known by the account: the roster may have been brought up to date since it was asked for."""
    return roster.known(turn.uow, request.channel, request.tenant, request.account)


def _refuse_closed(turn: Turn, number: str, request: BindRequestRow | None) -> None:
    outdated = request is not None and request.state == State.OUTDATED.value
    _refuse(turn, number, Repair.NUMBER_CHANGED if outdated else Repair.NO_SUCH_REQUEST)


def _refuse_bound(turn: Turn, request: BindRequestRow, holder: int | None) -> None:
    name = turn.roster.person(holder).name if holder is not None else ""
    platform = turn.installation.platform(request.channel)
    _refuse(turn, request.number, Repair.BOUND_TO_OTHER, name=name, platform=platform)


def _write(turn: Turn, channel: str, account: str, notice: Notice, key: str, person: int | None) -> None:
    """To just that account, whoever else the person is by."""
    outbox.put(
        turn.uow,
        key=key,
        channel=channel,
        recipient=account,
        person=person,
        notice=write(notice),
        priority=Priority.ESCALATION,
        queued_at=turn.now,
    )


def _refuse(turn: Turn, about: str, repair: Repair, **facts: str) -> None:
    turn.reply(RepairLine(about=about, repair=repair, facts={"number": about, **facts}))
