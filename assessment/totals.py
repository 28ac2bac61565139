"""Adding up 合计: the counted points of an account, inside their categories 大类 and the account's own frame."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessment.readings import PartWithoutTask
from assessment.rulebook import Account, CapAt, Category, CategoryCount, Rulebook, Subject
from assessment.settlement import to_ledger


@dataclass(frozen=True)
class Total:
    """A sum before and after the cap and floor that hold for it."""

    raw: Decimal
    final: Decimal

    @property
    def capped(self) -> bool:
        """Whether the cap took something away."""
        return self.final < self.raw


@dataclass(frozen=True)
class Sums:
    """What an account comes to. `total.raw` is its base, the final values of its categories and all the rest."""

    total: Total
    categories: Mapping[str, Total]


@dataclass(frozen=True)
class Frame:
    """What an account starts with, and between which bounds it stays."""

    account: Account
    categories: Mapping[str, Category]
    """Those that count (从满分扣, 累加), by name; 只列示 changes nothing and is not among them."""
    without_task: frozenset[str] = frozenset()
    """Names of categories in which the holder had no task, and of their parts."""
    part_without_task: PartWithoutTask = PartWithoutTask.FULL

    def start(self, name: str) -> Decimal:
        """What a category has before anything is counted in it: full marks where it is deducted from (or nothing
        was to be done and that means full marks), else 0, or what its parts without a task are worth.
        """
        category = self.categories[name]
        if category.count is CategoryCount.DEDUCT or self._is_without_task(category):
            return category.full
        return self.kept(category) if self.part_without_task is PartWithoutTask.FULL else Decimal(0)

    def kept(self, category: Category) -> Decimal:
        """What those parts of the category are worth in which alone there was no task; 0 where there was one in all."""
        worth = (category.parts[part] for part in self.parts_without_task(category))
        return min(sum(worth, Decimal(0)), category.full)

    def parts_without_task(self, category: Category) -> tuple[str, ...]:
        """The parts in which alone there was no task, where that means full marks."""
        if not category.full_if_no_task or self._is_without_task(category):
            return ()
        return tuple(part for part in category.parts if part in self.without_task)

    def _is_without_task(self, category: Category) -> bool:
        parts = set(category.parts)
        in_all = bool(parts) and parts <= self.without_task
        return category.full_if_no_task and (category.name in self.without_task or in_all)

    def add_up(self, counted: Iterable[tuple[str | None, Decimal]]) -> Sums:
        """Add up points, in the order of time, each with the category it belongs to.

        A category is held between its floor and its full marks as a whole, at the end: what it lost beyond the
        floor never reaches another category. The account's own bounds act on the last total, or after every single
        entry (逐笔): there an entry moves the account by as much as it moves the value of its category.
        """
        raw = {name: self.start(name) for name in self.categories}
        outside = self.account.base
        started = outside + sum((self._held(name, value) for name, value in raw.items()), Decimal(0))
        running = _within(started, self.account.floor, self.account.cap)
        for name, points in counted:
            moved = points
            if name is not None and name in raw:
                moved = self._held(name, raw[name] + points) - self._held(name, raw[name])
                raw[name] += points
            else:
                outside += points
            running = _within(running + moved, self.account.floor, self.account.cap)
        categories = {name: Total(value, self._held(name, value)) for name, value in raw.items()}
        before = outside + sum((category.final for category in categories.values()), Decimal(0))
        at_the_end = _within(before, self.account.floor, self.account.cap)
        final = at_the_end if self.account.cap_at is CapAt.TOTAL else running
        return Sums(Total(before, final), categories)

    def _held(self, name: str, value: Decimal) -> Decimal:
        """What a category comes to: what other parts lose never reaches a part without a task, and, where the
        rulebook spreads the points of such a part over the others, these stand for the whole category.
        """
        category = self.categories[name]
        kept = self.kept(category)
        if not kept or kept == category.full:
            return _within(value, category.floor, category.full)
        if self.part_without_task is PartWithoutTask.FULL:
            lowest = None if category.floor is None else category.floor + kept
            return _within(value, lowest, category.full)
        rest = category.full - kept
        of_rest = value - kept if category.count is CategoryCount.DEDUCT else value
        share = Fraction(_within(of_rest, category.floor, rest)) / Fraction(rest)
        return to_ledger(share * Fraction(category.full))


def frame_of(rulebook: Rulebook, subject: Subject, without_task: Collection[str] = ()) -> Frame:
    """The frame of accounts of that kind.

    A category concerns the kind of account that its clauses concern; indicators, and a category of which nothing
    speaks, concern units.
    """
    concerned: dict[str, set[Subject]] = {category.name: set() for category in rulebook.categories}
    spoken_of = [(clause.category, clause.subject) for clause in rulebook.clauses]
    spoken_of += [(indicator.category, Subject.UNIT) for indicator in rulebook.indicators]
    for name, whose in spoken_of:
        if name in concerned:
            concerned[name].add(whose)
    return Frame(
        account=rulebook.account(subject) or Account(subject=subject),
        categories={
            category.name: category
            for category in rulebook.categories
            if category.count is not CategoryCount.SHOWN and subject in (concerned[category.name] or {Subject.UNIT})
        },
        without_task=frozenset(without_task),
        part_without_task=rulebook.readings.part_without_task,
    )


def _within(value: Decimal, floor: Decimal | None, cap: Decimal | None) -> Decimal:
    if cap is not None:
        value = min(value, cap)
    return value if floor is None else max(value, floor)
