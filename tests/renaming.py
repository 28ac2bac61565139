"""Renames every unit, indicator, clause, duty, ladder, class, rulebook and person of the shipped county.

One and the same table of signs is applied to every name, so names stay as long as they are, contain one another as
before and differ in as many signs as before; a misspelt name stays misspelt in the same place. Only names are
changed: units of measure, numerals and the words of the product stay. What is renamed are texts, never the product.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assessment import rulebook_file
from assessment.roster import Role
from assessment.rulebook import Rulebook
from assessment.typed_text import plain
from bot.county import ROSTER, RULEBOOKS

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "schedules", "storage", "assessment")

MISSPELT = {"亩均税収": "亩均税收", "高新占笔": "高新占比", "破按率": "破案率"}
"""What people in the stories type, and the name that they mean."""

NO_NAMES = frozenset({*Role, "县"})
"""Words of the product that a roster also uses as a name: 考核办 is a role, and 县 is in every unit's name."""

_HAN = re.compile(r"[\u4e00-\u9fff]")
_FIRST_SIGN = 0x6800
"""Where invented signs are taken from: characters for trees, hardly one of which is used in an office."""


@dataclass(frozen=True)
class Names:
    """Everything that has a name in the shipped files, by kind."""

    units: frozenset[str]
    people: frozenset[str]
    indicators: frozenset[str]
    clauses: frozenset[str]
    duties: frozenset[str]
    others: frozenset[str]
    """Rulebooks, classes of matters, groups of exclusion and peer groups."""
    accounts: frozenset[str]
    ids: frozenset[str]
    """What the files call indicators, clauses, duties, ladders and rulebooks among themselves."""

    @property
    def every(self) -> frozenset[str]:
        """All of them."""
        written = self.units | self.people | self.indicators | self.clauses | self.duties | self.others
        return (written | self.accounts | self.ids) - NO_NAMES

    @property
    def of_the_field(self) -> frozenset[str]:
        """Those that must not stand in the product's Python (decisions 34)."""
        return (self.units | self.people | self.indicators | self.clauses | self.duties | self.others) - NO_NAMES


def shipped_names() -> Names:
    """The names in the demonstration's roster and rulebooks."""
    posts = list(csv.DictReader(ROSTER.read_text("utf-8-sig").splitlines()))
    rulebooks = [rulebook_file.load(path.read_text("utf-8"), path.name).rulebook for path in RULEBOOKS]
    others = {name for rulebook in rulebooks for name in _other_names(rulebook)} | {post["类别"] for post in posts}
    ids = {name for rulebook in rulebooks for name in _ids(rulebook)}
    indicators = [indicator for rulebook in rulebooks for indicator in rulebook.indicators]
    return Names(
        units=frozenset({name for post in posts for name in (post["单位"], *post["单位别名"].split("、")) if name}),
        people=frozenset({post["姓名"] for post in posts}),
        indicators=frozenset({name for indicator in indicators for name in (indicator.name, *indicator.aliases)}),
        clauses=frozenset({clause.name for rulebook in rulebooks for clause in rulebook.clauses}),
        duties=frozenset({duty.name for rulebook in rulebooks for duty in rulebook.duties}),
        others=frozenset(others),
        accounts=frozenset({post["账号"] for post in posts}),
        ids=frozenset(ids),
    )


def _other_names(rulebook: Rulebook) -> Iterator[str]:
    yield rulebook.name
    yield from rulebook.matter_classes
    yield from (clause.exclusive_group for clause in rulebook.clauses if clause.exclusive_group)


def _ids(rulebook: Rulebook) -> Iterator[str]:
    yield rulebook.id
    yield from (indicator.id for indicator in rulebook.indicators)
    yield from (clause.id for clause in rulebook.clauses)
    yield from (duty.id for duty in rulebook.duties)
    yield from (ladder.id for ladder in rulebook.ladders)


class Renaming:
    """Other names for all names. `texts` are those that will be renamed: no invented sign stands in any of them."""

    def __init__(self, names: Names, texts: Iterable[str]) -> None:
        wanted = sorted({*names.every, *MISSPELT}, key=lambda name: (-len(name), name))
        self._signs = _invented(wanted, "".join(texts))
        whole = names.ids | names.accounts
        self._pattern = re.compile("|".join(as_word(name) if name in whole else as_name(name) for name in wanted))

    def of(self, name: str) -> str:
        """The new name: each Han sign by the table, each Latin letter by its neighbour, all else as it was."""
        return "".join(self._signs.get(sign) or _next_letter(sign) for sign in name)

    def text(self, text: str) -> str:
        """A text with every name in it renamed, the longest first."""
        return self._pattern.sub(lambda found: self.of(found[0]), text)


def _invented(names: Iterable[str], text: str) -> Mapping[str, str]:
    known = sorted({sign for name in names for sign in name if _HAN.match(sign)})
    free = (sign for sign in map(chr, range(_FIRST_SIGN, 0xA000)) if sign not in text and plain(sign) == sign)
    return dict(zip(known, free, strict=False))


def _next_letter(sign: str) -> str:
    if sign.isascii() and sign.isalpha():
        return "a" if sign == "z" else "A" if sign == "Z" else chr(ord(sign) + 1)
    return sign


def as_word(name: str) -> str:
    """Where an id stands by itself: cod is not found in code, nor 月进展 in 7月进展情况."""
    return rf"(?<![\w-]){re.escape(name)}(?![\w-])"


def as_name(name: str) -> str:
    """Where a name stands, within a sentence, too; of Latin letters it has to be a word."""
    return rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])" if name.isascii() else re.escape(name)


def product_sources() -> dict[Path, str]:
    """The Python of the five packages."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {path.relative_to(ROOT): path.read_text("utf-8") for path in files}
