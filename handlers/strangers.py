"""Whoever is in no roster: told how to be entered, and nothing else. What they ask goes to the office."""

import re
from datetime import datetime

from assessment.notices import BindAsked, BindTaken, Notice, Stranger, write
from assessment.roster import Role, Roster
from assessment.typed_text import plain
from handlers import named_person
from handlers.incoming import Incoming
from storage import audit, bindings, outbox, programmes, roster
from storage.bindings import BindRequestRow
from storage.installation import Installation
from storage.outbox import Priority
from storage.unit_of_work import UnitOfWork

LONGEST_REQUEST = 200
_ASKS = re.compile(r"绑定[\s,，:：]*(?=\S)")
_WORD = "绑定"


def answer(uow: UnitOfWork, installation: Installation, incoming: Incoming, at: datetime, *, marked: bool) -> Notice:
    """What a stranger is answered. It is the same whoever is in the roster and however often it is asked.

    `marked`: the message bears a classification mark, so nothing of it is kept.
    """
    _note(uow, incoming, at, "未登记人员来信", "名册中没有此账号")
    words = plain(incoming.text[:LONGEST_REQUEST])
    asked = _ASKS.match(words)
    if asked is None or marked or not incoming.private:
        return Stranger()
    _ask(uow, installation, incoming, words[asked.end() :], at)
    return BindTaken()


def asked(
    uow: UnitOfWork,
    installation: Installation,
    people: Roster,
    request: BindRequestRow,
    at: datetime,
    *,
    new: bool = True,
) -> BindAsked:
    """What the office is shown of a request, with whom in the roster it means at that moment."""
    day = installation.day(at)
    return BindAsked(
        number=request.number,
        channel=installation.platform(request.channel),
        account=request.account,
        text=request.words,
        phone=found_by(request),
        whom=tuple(
            named_person.shown(uow, installation, people, person, day)
            for person in meant(people, request, installation, at)
        ),
        new=new,
    )


def meant(people: Roster, request: BindRequestRow, installation: Installation, at: datetime) -> tuple[int, ...]:
    """Those in office whom a request names, or whose number led to it, by the roster as it is now."""
    if request.found_for is not None:
        posts = people.posts_of(request.found_for, installation.day(at))
        return (request.found_for,) if posts else ()
    written = named_person.read(people, f"{request.name} {request.unit}")
    return named_person.in_office(people, written, installation.day(at))


def found_by(request: BindRequestRow) -> str:
    """The masked number by which the account was found; empty where somebody asked from it."""
    return request.words if request.found_for is not None else ""


def found(
    uow: UnitOfWork,
    installation: Installation,
    at: datetime,
    *,
    channel: str,
    tenant: str,
    account: str,
    person: int,
    number: str,
) -> None:
    """Ask the office whether an account that a platform has found by a person's number is that person's.

    `number` is masked. Nobody is told on the account itself: whose it is has not been said yet.
    """
    request = bindings.found(
        uow,
        channel=channel,
        tenant=tenant,
        account=account,
        person=person,
        words=number,
        now=at,
        day=installation.day(at),
    )
    if request is None:
        return
    audit.record(
        uow,
        at=at,
        person=None,
        channel=channel,
        action="按手机号查得账号",
        object_=request.number,
        allowed=True,
        basis=f"人员{person} {number}，待考核办核实",
    )
    _tell_offices(uow, installation, roster.whole(uow), request, at)


def _ask(uow: UnitOfWork, installation: Installation, incoming: Incoming, said: str, at: datetime) -> None:
    people = roster.whole(uow)
    written = named_person.read(people, said)
    request = bindings.ask(
        uow,
        channel=incoming.channel,
        tenant=incoming.tenant,
        account=incoming.sender,
        words=f"{_WORD} {said}",
        name=written.name,
        unit=" ".join(filter(None, (written.unit.name if written.unit else "", written.role))),
        now=at,
        day=installation.day(at),
    )
    if request is not None:
        _note(uow, incoming, at, "申请绑定", "待考核办核实", request.number)
        _tell_offices(uow, installation, people, request, at)


def _tell_offices(
    uow: UnitOfWork, installation: Installation, people: Roster, request: BindRequestRow, at: datetime
) -> None:
    """In office hours, whoever is reached first in each office; who cannot decide on it, being meant, comes last."""
    told = write(asked(uow, installation, people, request, at))
    day, themselves = installation.day(at), meant(people, request, installation, at)
    for programme in programmes.running(uow):
        staff = people.holders(programme.office, (Role.OFFICE,), day)
        for person in sorted(staff, key=lambda one: one in themselves):
            if outbox.tell(
                uow,
                person,
                told,
                key=f"bind:{request.id}:{person}",
                priority=Priority.BULK,
                queued_at=at,
                not_before=installation.calendar.office_time(at, programme.rulebook.office_hours, installation.zone),
            ):
                break


def _note(uow: UnitOfWork, incoming: Incoming, at: datetime, action: str, basis: str, number: str = "") -> None:
    audit.record(
        uow,
        at=at,
        person=None,
        channel=incoming.channel,
        action=action,
        object_=number,
        allowed=bool(number),
        basis=basis,
    )
