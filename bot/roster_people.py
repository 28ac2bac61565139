"""Who the rows of a roster are: people who are known here, new ones, or not to be told from what is written.

Known by the account; else by the telephone number, while that is kept; else by the name in the unit. No number is
kept for this alone (decisions of the house, 21): once a person is bound, the sheet itself tells who is who.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assessment.roster import Roster
from bot.roster_rows import RosterRow
from storage import bindings, phones, roster
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Whose:
    """Who a row is."""

    one: int
    """The same for all rows of the sheet that are one person."""
    person: int | None = None
    """None for somebody new."""
    doubt: tuple[str, str] | None = None
    """What keeps it from being said, and what to do; then the row cannot be entered."""
    remark: str = ""
    """What the office should see before it enters the row."""


@dataclass
class _One:
    """One person of the sheet, with all their rows."""

    rows: list[RosterRow]
    known: int | None = None
    doubt: tuple[str, str] | None = None
    remark: str = ""
    candidates: list[int] = field(default_factory=list)

    @property
    def first(self) -> RosterRow:
        return self.rows[0]

    @property
    def unreached(self) -> bool:
        """Whether no row gives an account."""
        return not any(row.account for row in self.rows)


def who_is_who(
    uow: UnitOfWork, rows: Sequence[RosterRow], people: Roster, tenant_of: Callable[[str], str]
) -> Mapping[int, Whose]:
    """Who each row with a post is, by its line. Nothing is written."""
    sheet = _Sheet(uow, people, tenant_of, [row for row in rows if row.role is not None])
    sheet.by_account_or_number()
    sheet.by_former_account()
    sheet.by_name_in_the_unit()
    sheet.doubt_namesakes_elsewhere()
    return dict(sheet.answers())


class _Sheet:
    def __init__(
        self, uow: UnitOfWork, people: Roster, tenant_of: Callable[[str], str], rows: Sequence[RosterRow]
    ) -> None:
        self._uow = uow
        self._people = people
        self._tenant_of = tenant_of
        self._all = _grouped(rows)
        self._own: dict[int, int] = {}
        self._named: dict[str, list[int]] = defaultdict(list)
        for person in people.people:
            self._named[person.name].append(person.id)

    def by_account_or_number(self) -> None:
        """What leaves no doubt: the account, or the number that is kept for somebody of that name."""
        for one in self._all:
            for row in one.rows:
                holder = roster.known(self._uow, *self._place(row)) if row.account else None
                if holder is not None:
                    self._own[row.line] = holder
            known = [self._own[row.line] for row in one.rows if row.line in self._own]
            one.known = next(iter(known or self._by_number(one)), None)

    def by_former_account(self) -> None:
        """An account that an office has ended, entered once more: whose it was."""
        for one in self._open() if bindings.any_former(self._uow) else ():
            for row in one.rows:
                former = bindings.formerly(self._uow, *self._place(row)) if row.account else None
                if former in self._named[row.name] and former not in self._claimed():
                    one.known = former
                    one.remark = (
                        f"重新绑定：{_whom(row)}的账号“{row.account}”此前已解绑，导入后恢复使用；"
                        "因遗失、换人停用的，请先改正账号"
                    )
                    break

    def by_name_in_the_unit(self) -> None:
        """Who has borne the name in the unit and is no other person of the sheet; the post decides between several."""
        for one in self._open():
            one.candidates = self._candidates(one)
            if len(one.candidates) > 1:
                one.candidates = self._with_their_posts(one) or one.candidates
        wanted = Counter(one.candidates[0] for one in self._open() if len(one.candidates) == 1)
        for one in self._open():
            if len(one.candidates) == 1 and wanted[one.candidates[0]] > 1:
                one.candidates = self._of_rivals(one)
        for one in self._open():
            if len(one.candidates) > 1:
                what = f"“{one.first.unit}”有不止一位“{one.first.name}”"
                one.doubt = (what, f"请填写账号，以便区分：{self._accounts(one.candidates)}")
            elif one.candidates and one.doubt is None:
                one.known = one.candidates[0]
                one.remark = self._bound_anew(one)

    def doubt_namesakes_elsewhere(self) -> None:
        """A number that is kept for nobody may be that of a namesake in another unit, whose number was erased."""
        for one in self._open():
            row, claimed = one.first, self._claimed()
            others = [person for person in self._named[row.name] if person not in claimed]
            if one.doubt is not None or not others:
                continue
            if not one.unreached:
                one.remark = self._another(one)
                continue
            bound = [person for person in others if self._account(person, row.channel)]
            if bound:
                what = f"名册中已有“{row.name}”：{self._accounts(bound)}，手机号已抹去，不能判断是否同一人"
                remedy = f"是同一人的，请填写上列账号；不是的，请本人发送“绑定 {row.name} {row.unit}”，再按所示账号填写"
                one.doubt = (what, remedy)

    def answers(self) -> Iterator[tuple[int, Whose]]:
        """Who each row is, by its line."""
        for number, one in enumerate(self._all):
            whose = Whose(number, one.known, one.doubt)
            for place, row in enumerate(one.rows):
                remark = one.remark if not place else ""
                yield row.line, replace(whose, person=self._own.get(row.line, one.known), remark=remark)

    def _open(self) -> list[_One]:
        return [one for one in self._all if one.known is None]

    def _claimed(self) -> set[int]:
        return {one.known for one in self._all if one.known is not None} | set(self._own.values())

    def _place(self, row: RosterRow) -> tuple[str, str, str]:
        return row.channel, self._tenant_of(row.channel), row.account

    def _by_number(self, one: _One) -> Iterator[int]:
        """For whom of that name the numbers are kept."""
        for row in one.rows:
            kept = phones.whose(self._uow, row.channel, row.phone) if row.phone else ()
            yield from (person for person in kept if person in self._named[row.name])

    def _candidates(self, one: _One) -> list[int]:
        claimed = self._claimed()
        here = dict.fromkeys(person for row in one.rows for person in self._namesakes(row))
        free = [person for person in here if person not in claimed]
        if one.unreached:
            return free
        # An account tells people apart, unless somebody has none, or has lost theirs on that platform.
        channels = {row.channel for row in one.rows if row.account}
        lost = {person for channel in channels for person in bindings.lost_theirs(self._uow, free, channel)}
        return [person for person in free if person in lost or not roster.identities(self._uow, person)]

    def _namesakes(self, row: RosterRow) -> Iterator[int]:
        """Who in the roster has borne that name in that unit."""
        unit = self._people.named(row.unit)
        theirs = self._named[row.name] if unit is not None else []
        held = {post.person for post in self._people.posts if unit is not None and post.unit == unit.id}
        return (person for person in theirs if person in held)

    def _with_their_posts(self, one: _One) -> list[int]:
        """The candidates of whom a row says what is stored already: nothing can go wrong with these."""
        said = {(unit.id, row.role) for row in one.rows if (unit := self._people.named(row.unit)) is not None}
        held = {post.person for post in self._people.posts if (post.unit, post.role) in said}
        return [person for person in one.candidates if person in held]

    def _of_rivals(self, one: _One) -> list[int]:
        """Several of the sheet could be one person here: whoever has that person's post is, and the others are new."""
        rivals = [other for other in self._open() if other.candidates == one.candidates]
        fitting = [other for other in rivals if self._with_their_posts(other)]
        if len(fitting) == 1:
            return one.candidates if fitting[0] is one else []
        row = one.first
        what = f"表中有不止一位“{row.name}”，名册中“{row.unit}”原有一位"
        one.doubt = (what, "请填写各人账号；或先只导入原有的一位，再导入其余的")
        return one.candidates

    def _bound_anew(self, one: _One) -> str:
        row = next((row for row in one.rows if row.account), one.first)
        assert one.known is not None
        if one.known not in bindings.lost_theirs(self._uow, [one.known], row.channel):
            return ""
        how = f"绑定账号“{row.account}”" if row.account else "按手机号查找新账号"
        return f"重新绑定：{_whom(row)}的原账号已解绑，仍按同一人{how}，此前记录不变"

    def _another(self, one: _One) -> str:
        row = one.first
        claimed = self._claimed()
        here = [person for person in self._namesakes(row) if person not in claimed]
        accounts = self._accounts(dict.fromkeys(here))
        return f"新增同名人员：{_whom(row)}账号“{row.account}”与原有的{accounts}不同，按另一人新增" if here else ""

    def _account(self, person: int, channel: str) -> str:
        theirs = roster.identities(self._uow, person)
        return next((one.account for one in theirs if one.channel == channel), "")

    def _accounts(self, people: Iterable[int]) -> str:
        """Units and accounts of those, as the office has to know them to tell them apart."""
        return "、".join(self._described(person) for person in people)

    def _described(self, person: int) -> str:
        units = dict.fromkeys(self._people.unit(post.unit).name for post in self._people.posts if post.person == person)
        accounts = "、".join(one.account for one in roster.identities(self._uow, person))
        return f"{'、'.join(units)}（账号{accounts}）" if accounts else f"{'、'.join(units)}（尚无账号）"


def _grouped(rows: Sequence[RosterRow]) -> list[_One]:
    """The people of the sheet: rows with one account, or with one name and one number, are one person's."""
    group_of: dict[tuple[str, ...], _One] = {}
    groups: list[_One] = []
    for row in rows:
        keys: list[tuple[str, ...]] = [("account", row.channel, row.account)] if row.account else []
        keys += [("number", row.name, row.phone)] if row.phone else []
        known = [group_of[key] for key in keys if key in group_of]
        one = known[0] if known else _One([])
        if not known:
            groups.append(one)
        for other in known[1:]:
            if other is not one:
                one.rows += other.rows
                groups.remove(other)
                group_of |= {key: one for key, group in group_of.items() if group is other}
        one.rows.append(row)
        group_of |= dict.fromkeys(keys, one)
    return groups


def _whom(row: RosterRow) -> str:
    return f"“{row.unit}”“{row.name}”"
