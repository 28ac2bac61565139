"""解绑: an account of a person ends, as when a telephone is lost."""

from collections.abc import Sequence
from typing import Any

from assessment.notices import Repair, RepairLine, UnbindAsk, Unbound, UnboundTold
from assessment.rights import Action
from handlers import named_person
from handlers.binding import may_at_all, may_concerning
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.turn import PRIVATE, Turn
from storage import bindings, conversations, forwarding, roster
from storage.roster import IdentityRow

router = Router()

_WORD = "解绑"


@router.command(_WORD, "解除绑定", what="停用某人在某平台的账号", roles=OFFICE, offered=seldom, takes_more=True)
def unbind(turn: Turn, rest: str) -> None:
    """解绑 姓名 [单位] 平台 [账号末几位]: asked for confirmation, with what becomes of what waits for it."""
    if not may_at_all(turn, Action.UNBIND, _WORD):
        return
    written, platform, ending = _parted(turn, rest)
    if platform is None:
        _refuse(turn, Repair.UNBIND_PLATFORM, platforms="、".join(turn.installation.platforms.values()))
        return
    person = _whom(turn, written, platform)
    if person is None or not may_concerning(turn, Action.UNBIND, person, f"人员{person}", about=_WORD):
        return
    theirs = roster.identities(turn.uow, person)
    ended = [one for one in theirs if one.channel == platform and one.account.endswith(ending)]
    if len(ended) != 1:
        _refuse_account(turn, person, platform, [one for one in theirs if one.channel == platform])
        return
    turn.ask("unbind", {"person": person, "identity": ended[0].id})
    turn.reply(
        UnbindAsk(
            whom=named_person.shown(turn.uow, turn.installation, turn.roster, person, turn.today),
            account=named_person.account(turn.installation, ended[0]),
            last=len(theirs) == 1,
            waiting=forwarding.waiting(turn.uow, ended[0]),
        )
    )


@router.confirmation("unbind")
def take_unbinding(turn: Turn, content: dict[str, Any]) -> None:
    """确认 ends the account at once; a question that is open there is forgotten with it."""
    person = content["person"]
    name = turn.roster.person(person).name
    ended = next((one for one in roster.identities(turn.uow, person) if one.id == content["identity"]), None)
    if ended is None:
        _refuse(turn, Repair.UNBOUND_MEANWHILE)
        return
    what = f"人员{person} {ended.channel} {named_person.masked(ended.account)}"
    if not may_concerning(turn, Action.UNBIND, person, what, about=_WORD):
        return
    bindings.end_account(turn.uow, ended, turn.now)
    moved = forwarding.forward(turn.uow, ended, at=turn.now)
    left = roster.identities(turn.uow, person)
    if not any(one.channel == ended.channel for one in left):
        _forget_question(turn, person, ended.channel)
    shown = named_person.account(turn.installation, ended)
    turn.tell([person], UnboundTold(account=shown, by=turn.name), key=f"unbound:{ended.id}")
    main = turn.installation.platform(left[0].channel) if left else ""
    turn.reply(Unbound(name=name, account=shown, moved=moved, main=main))


def _parted(turn: Turn, rest: str) -> tuple[str, str | None, str]:
    """Who, on which channel, and how the account ends; no channel where none of those in use is named."""
    words = rest.split()
    called = {title: name for name, title in turn.installation.platforms.items()}
    called |= {name: name for name in turn.installation.platforms}
    at = next((place for place, word in enumerate(words) if word in called), None)
    if at is None:
        return rest, None, ""
    return " ".join(words[:at]), called[words[at]], "".join(words[at + 1 :])


def _whom(turn: Turn, written: str, channel: str) -> int | None:
    """The one person of that name with an account there; who has left the post is known all the same."""
    named = named_person.ever(turn.roster, named_person.read(turn.roster, written))
    found = [person for person in named if any(one.channel == channel for one in roster.identities(turn.uow, person))]
    if len(found) == 1:
        return found[0]
    repair = Repair.UNBIND_WHICH_PERSON if found else Repair.UNBIND_WHOM
    _refuse(turn, repair, platform=turn.installation.platform(channel))
    return None


def _refuse_account(turn: Turn, person: int, channel: str, theirs: Sequence[IdentityRow]) -> None:
    _refuse(
        turn,
        Repair.UNBIND_WHICH_ACCOUNT,
        name=turn.roster.person(person).name,
        platform=turn.installation.platform(channel),
        accounts="、".join(named_person.masked(one.account) for one in theirs),
    )


def _forget_question(turn: Turn, person: int, channel: str) -> None:
    question = conversations.current(turn.uow, person=person, channel=channel, conversation=PRIVATE)
    if question is not None:
        conversations.close(turn.uow, question.id)


def _refuse(turn: Turn, repair: Repair, **facts: str) -> None:
    turn.reply(RepairLine(about=_WORD, repair=repair, facts=facts))
