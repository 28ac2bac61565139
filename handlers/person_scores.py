"""个人得分: a person's account by the person's name. A person sees the own, a head those of the unit, the office all.

What a head sees of somebody who works for two units is what came of the own unit's matters.
"""

from collections.abc import Iterator, Sequence

from assessment.notices import PointsBlock, Repair, RepairLine, ScoreLines, ScoreTold
from assessment.notices.results import NotTold
from assessment.rights import Action, Target
from assessment.roster import Person, Role
from assessment.rulebook import Subject
from handlers import standing, whom
from handlers.accounts_seen import SeenAccount, seen_of_person
from handlers.embargo import is_withheld
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage.programmes import Programme

router = Router()

READERS = (Role.REPORTER, Role.DEPUTY, Role.HEAD, Role.OFFICE)
_OF_ONESELF = ("我的", "本人", "个人")
_FILLING = ("个人", "得分", "多少分", "几分", "明细", "记分", "有", "的", "?", "？", "。", " ", "，", ",")


@router.command("个人得分", "我的得分", what="查看个人记分", roles=READERS, offered=seldom, takes_more=True)
def show_person(turn: Turn, rest: str) -> None:
    """个人得分 [姓名]: the accounts of one person, by default the own."""
    for person in _asked(turn, rest):
        turn.reply(ScoreTold(unit=person.name, now=turn.now, points=tuple(_blocks(turn, person))))


@router.command("个人明细", "我的明细", what="查看个人加扣分明细", roles=READERS, offered=seldom, takes_more=True)
def show_person_in_full(turn: Turn, rest: str) -> None:
    """个人明细 [姓名]: every point with its reason."""
    for person in _asked(turn, rest):
        turn.reply(ScoreLines(unit=person.name, now=turn.now, points=tuple(_blocks(turn, person))))


def asks(turn: Turn, rest: str) -> bool:
    """Whether 得分 or 明细 is asked of a person: the whole question is a name, with the unit's or without."""
    return bool(_named(turn, rest)) or (bool(rest) and rest in _OF_ONESELF)


def _asked(turn: Turn, rest: str) -> list[Person]:
    """The people meant whom the sender may see; when there is none, the answer has been given."""
    named = _named(turn, rest)
    oneself = not named and not _left(turn, rest)
    people = [turn.roster.person(turn.actor.person)] if oneself else named
    measures = _with_persons(turn)
    found = [person for person in people if any(_seen(turn, measure, person) for measure in measures)]
    if not found:
        _refuse(turn, rest, people)
    elif all(is_withheld(turn, measure) for measure in measures):
        turn.reply(NotTold(programme=measures[0].rulebook.name))
    else:
        turn.record(Action.SEE_PERSON_SCORE, "、".join(person.name for person in found), basis="本人、本单位或考核办")
        return found
    return []


def _refuse(turn: Turn, rest: str, people: Sequence[Person]) -> None:
    """Whoever sees everybody's is told that there is nothing of that name; to anybody else it might be forbidden."""
    office = next((programme.office for programme in (*turn.offices(), *turn.programmes)), 0)
    holder = people[0].id if people else 0
    if turn.may(Action.SEE_PERSON_SCORE, Target(office=office, person=holder), rest[:20]):
        name = people[0].name if people else _left(turn, rest)
        turn.reply(RepairLine(about=name, repair=Repair.NO_POINTS_YET, facts={"unit": name}))


def _blocks(turn: Turn, person: Person) -> Iterator[PointsBlock]:
    for programme in _with_persons(turn):
        seen = _seen(turn, programme, person)
        if seen is not None and not is_withheld(turn, programme):
            yield standing.points_block(turn, programme, seen.account, turn.now, only_of=seen.only_of)


def _seen(turn: Turn, programme: Programme, person: Person) -> SeenAccount | None:
    """As much as the sender may see: of somebody of several units what concerns the own one."""
    posts = turn.roster.posts_of(person.id, turn.today)
    units = dict.fromkeys(post.unit for post in posts) or {programme.office: None}
    every = (seen_of_person(turn, programme, person.id, turn.roster.unit(unit)) for unit in units)
    return next((seen for seen in every if seen is not None), None)


def _with_persons(turn: Turn) -> list[Programme]:
    """The measures that keep accounts for persons."""
    return [p for p in turn.readable() if p.rulebook.account(Subject.PERSON) is not None and not turn.is_hidden(p)]


def _named(turn: Turn, text: str) -> list[Person]:
    """Whoever bears the name that is all there is of the question besides units and filling words."""
    left = _left(turn, text)
    return [person for person in turn.roster.people if left and person.name == left]


def _left(turn: Turn, text: str) -> str:
    for mention in reversed(whom.mentions(turn.roster, text)):
        text = text[: mention.start] + text[mention.end :]
    for word in (*_OF_ONESELF, *_FILLING):
        text = text.replace(word, "")
    return text
