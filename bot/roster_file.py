"""The roster 名册: a CSV file -> rows, or what is wrong with each; rows -> units, people and posts.

One row is one post. A row without name, post and account names a unit that has nobody in it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from sqlmodel import select

from assessment.fault import Fault
from assessment.roster import Post, Role, Roster
from bot.roster_people import Whose, who_is_who
from bot.roster_rows import RosterRow, read_rows
from bot.roster_table import Table, Unreadable, decode, read_table
from storage import phones, roster
from storage.roster import FOR_GOOD, FOREVER_AGO, UnitRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class RosterFile:
    """What stands in a roster file: the rows that can be entered, and the faults of all others."""

    rows: tuple[RosterRow, ...]
    faults: tuple[Fault, ...]
    table: Table
    file: str


@dataclass(frozen=True)
class Outcome:
    """What entering a roster changed, counted in rows; `ended` counts posts that the file no longer names."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0


def read_roster(data: str | bytes, file: str = "名册", *, phones: bool = False) -> RosterFile:
    """Read a roster; nothing is raised, whatever the file. `file` is what the faults call it.

    Telephone numbers are not read unless `phones`.
    """
    try:
        text = decode(data, file) if isinstance(data, bytes) else data.removeprefix("\ufeff")
        table = read_table(text, file, phones=phones)
    except Unreadable as unreadable:
        return RosterFile((), (unreadable.fault,), Table(), file)
    rows, faults = read_rows(table, file)
    return RosterFile(rows, faults, table, file)


def faults_here(
    read: RosterFile, people: Roster, channels: Collection[str], looked_up: Collection[str] = ()
) -> Iterator[Fault]:
    """What keeps rows from being entered here: a channel not in the settings, an alias that another unit bears.

    A row without an account needs a channel on which accounts are `looked_up`.
    """
    for row in read.rows:
        if row.role is not None and row.channel in channels and not row.account and row.channel not in looked_up:
            what, remedy = f"渠道“{row.channel}”未开启按手机号查找账号", "请填写账号"
            yield read.table.fault(read.file, row.line, "账号", what, remedy)
        if row.role is not None and row.channel not in channels:
            what, known = f"设置中没有渠道“{row.channel}”", "、".join(sorted(channels)) or "尚无渠道"
            yield read.table.fault(read.file, row.line, "渠道", what, f"请改为设置中已有的：{known}")
        own = people.named(row.unit)
        for alias in row.aliases or ():
            other = people.named(alias)
            if other is not None and other != own:
                what = f"“{alias}”已是“{other.name}”的名称或别名"
                yield read.table.fault(read.file, row.line, "单位别名", what, "请换一个别名")


def doubts_here(read: RosterFile, who: Mapping[int, Whose]) -> Iterator[Fault]:
    """Rows of which it cannot be told who they are."""
    for row in read.rows:
        if row.line in who and (doubt := who[row.line].doubt) is not None:
            yield read.table.fault(read.file, row.line, "账号", *doubt)


def apply_roster(
    uow: UnitOfWork,
    rows: Sequence[RosterRow],
    tenant_of: Callable[[str], str],
    *,
    end_missing_on: date | None = None,
    today: date | None = None,
    looked_up: Collection[str] = (),
    who: Mapping[int, Whose] | None = None,
) -> Outcome:
    """Enter rows; the same rows again change nothing. `tenant_of` gives the organisation of a channel.

    `who` the rows are, where that was asked before, of the whole file; they must leave no doubt.

    Telephone numbers are kept for the channels on which accounts are `looked_up`, as long as a person has none there.

    A unit that joins a roster in use belongs to it from `today` on: what fell due before is not asked of it. So does
    a post that is written without its first day. A unit whose posts all begin later begins with the first of them.

    Posts that are not among `rows` go on, unless `end_missing_on` names their last day.
    """
    before = roster.whole(uow)
    joining = today if today is not None and before.units else FOREVER_AGO
    known = who if who is not None else who_is_who(uow, rows, before, tenant_of)
    entered = _Entering(uow, before, tenant_of, joining, looked_up, known, today)
    units = entered.units(rows)
    changes: Counter[_Change] = Counter()
    kept: set[tuple[int, int, Role]] = set()
    for row in rows:
        unit_id, change = units[row.unit]
        units[row.unit] = (unit_id, _Change.NONE)  # a unit's own change is counted once
        if row.role is not None:
            person, own = entered.person(row)
            change = max(change, own, entered.post(row, person, unit_id, row.role), entered.phone(row, person))
            kept.add((person, unit_id, row.role))
        changes[change] += 1
    ended = _end_others(uow, before, kept, end_missing_on) if end_missing_on is not None else 0
    return Outcome(changes[_Change.ADDED], changes[_Change.CHANGED], changes[_Change.NONE], ended)


class _Change(IntEnum):
    NONE = 0
    CHANGED = 1
    ADDED = 2


class _Entering:
    """Compares with what is stored before it writes, so that a second time nothing is written."""

    def __init__(
        self,
        uow: UnitOfWork,
        before: Roster,
        tenant_of: Callable[[str], str],
        joining: date,
        looked_up: Collection[str],
        who: Mapping[int, Whose],
        today: date | None,
    ) -> None:
        self._uow = uow
        self._today = today
        self._who = who
        self._new: dict[int, int] = {}
        self._before = before
        self._tenant_of = tenant_of
        self._joining = joining
        self._looked_up = looked_up
        self._named: dict[int, str] = {person.id: person.name for person in before.people}

    def units(self, rows: Sequence[RosterRow]) -> dict[str, tuple[int, _Change]]:
        """The id of each unit named, and what happened to it."""
        stored = {row.name: row for row in self._uow.rows(select(UnitRow))}
        own_name = {row.unit: self._own_name(row.unit) for row in rows}
        places = _places([own_name[row.unit] for row in rows], stored)
        found: dict[str, tuple[int, _Change]] = {}
        for written, name in own_name.items():
            own = [row for row in rows if row.unit == written]
            found[written] = self._unit(name, own, places[name], stored.get(name))
        return found

    def person(self, row: RosterRow) -> tuple[int, _Change]:
        """The person that the row is; known by the row's account from now on, where it gives one."""
        whose = self._who[row.line]
        known = whose.person if whose.person is not None else self._new.get(whose.one)
        if known is None:
            self._new[whose.one] = self._somebody_new(row)
            return self._new[whose.one], _Change.ADDED
        if not row.account:
            return known, _Change.NONE
        tenant = self._tenant_of(row.channel)
        if roster.known(self._uow, row.channel, tenant, row.account) is None:
            roster.bind(self._uow, known, row.channel, tenant, row.account)
            phones.erase(self._uow, [known], row.channel)
            return known, _Change.CHANGED
        if self._named.get(known, row.name) == row.name:
            return known, _Change.NONE
        self._named[known] = row.name
        return roster.add_person(self._uow, row.name, row.channel, tenant, row.account), _Change.CHANGED

    def _somebody_new(self, row: RosterRow) -> int:
        if not row.account:
            return roster.add_unreachable(self._uow, row.name)
        return roster.add_person(self._uow, row.name, row.channel, self._tenant_of(row.channel), row.account)

    def phone(self, row: RosterRow, person: int) -> _Change:
        """Keep the number for the channels on which the person is not known yet."""
        if not row.phone:
            return _Change.NONE
        theirs = {one.channel for one in roster.identities(self._uow, person)}
        kept = [phones.keep(self._uow, person, one, row.phone) for one in self._looked_up if one not in theirs]
        return _Change.CHANGED if any(kept) else _Change.NONE

    def post(self, row: RosterRow, person: int, unit: int, role: Role) -> _Change:
        """One role of the person in the unit; without a first day in the file the stored one stays.

        A post that joins a roster in use is held from that day on: its holder takes over what is open (交接).
        """
        held = [post for post in self._before.posts if (post.person, post.unit, post.role) == (person, unit, role)]
        stored = _meant(held, row.first_day)
        first_day = row.first_day or (stored.first_day if stored else self._joining)
        last_day = row.last_day or FOR_GOOD
        if stored is not None and (stored.first_day, stored.last_day) == (first_day, last_day):
            return _Change.NONE
        for other in held:
            if other != stored and other.first_day < first_day <= other.last_day:
                roster.end_post(self._uow, person, unit, role, first_day - timedelta(days=1))
        roster.add_post(self._uow, person, unit, role, first_day, last_day)
        return _Change.CHANGED if held else _Change.ADDED

    def _own_name(self, written: str) -> str:
        known = self._before.named(written)
        return known.name if known is not None else written

    def _unit(self, name: str, rows: Sequence[RosterRow], place: int, stored: UnitRow | None) -> tuple[int, _Change]:
        aliases = _all_aliases(rows)
        group = next((row.group for row in rows if row.group), None)
        if stored is None:
            new = roster.add_unit(self._uow, name, aliases or (), group or "", place, first_day=self._begins(rows))
            return new, _Change.ADDED
        wanted = (
            stored.aliases if aliases is None else " ".join(aliases),
            stored.peers if group is None else group,
            place,
        )
        if wanted == (stored.aliases, stored.peers, stored.position):
            return stored.id, _Change.NONE
        return roster.add_unit(self._uow, name, wanted[0].split(), wanted[1], place), _Change.CHANGED

    def _begins(self, rows: Iterable[RosterRow]) -> date:
        """A unit whose first post is still to come begins with it: what falls due before is not asked of anybody."""
        first = min((row.first_day or FOREVER_AGO for row in rows if row.role is not None), default=FOREVER_AGO)
        return first if self._today is not None and first > self._today else self._joining


def _places(names: Iterable[str], stored: Mapping[str, UnitRow]) -> Mapping[str, int]:
    """The office's own order. A file of some units only leaves the others where they are, and comes after them."""
    listed = list(dict.fromkeys(names))
    if stored.keys() <= set(listed):
        return {name: place for place, name in enumerate(listed)}
    last = max(row.position for row in stored.values())
    new = [name for name in listed if name not in stored]
    return {name: stored[name].position for name in listed if name in stored} | {
        name: last + further for further, name in enumerate(new, start=1)
    }


def _all_aliases(rows: Iterable[RosterRow]) -> tuple[str, ...] | None:
    """What the rows of one unit call it; None where the file has no such column."""
    spoken = [row.aliases for row in rows if row.aliases is not None]
    return tuple(dict.fromkeys(alias for aliases in spoken for alias in aliases)) if spoken else None


def _meant(held: Sequence[Post], first_day: date | None) -> Post | None:
    if first_day is None:
        return max(held, key=lambda post: post.first_day, default=None)
    return next((post for post in held if post.first_day == first_day), None)


def _end_others(uow: UnitOfWork, before: Roster, kept: Collection[tuple[int, int, Role]], last_day: date) -> int:
    gone = {
        (post.person, post.unit, post.role)
        for post in before.posts
        if post.last_day > last_day and (post.person, post.unit, post.role) not in kept
    }
    for person, unit, role in sorted(gone):
        roster.end_post(uow, person, unit, role, last_day)
    return len(gone)
