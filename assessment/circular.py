"""督查通报: findings of a special supervision as they are typed, and the circular's own text.

One unit may be praised and criticised in one circular: both stand, neither makes up for the other (R47).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessment.rulebook import Clause, Rulebook, Subject, Trigger


class Sign(StrEnum):
    """Which way a finding goes."""

    PRAISE = "表扬"
    CRITICISM = "批评"


_PART = re.compile(r"(?:\A|(?<=[\s。;；:：]))(?P<word>表扬|批评|未报) *[:：]? *")
_CLAUSE = re.compile(
    r"[\s,，;；]*[(（【]?(?:条款|依据|按) *[:：]? *"
    r"(?P<clause>[^\s，。；;()（）【】]+(?:[(（][^()（）]*[)）][^\s，。；;()（）【】]*)?)[)）】]?"
)
_ISSUE = re.compile(r"第 *([0-9]{1,3}|[一二三四五六七八九十]{1,3}) *期")
_GROUP = re.compile(r"(?:\A|(?<=[\s,，]))组 *[:：]? *([^\s,，;；。]+)")
_ENDS = " \n,，;；。、"


@dataclass(frozen=True)
class Said:
    """One part of what was typed: 表扬, 批评 or 未报, and the words behind it."""

    word: str
    text: str
    clause: str = ""
    """The clause that was named; empty where none was."""


@dataclass(frozen=True)
class Heading:
    """Which circular it is: its issue and the group that went out, both as typed."""

    issue: str = ""
    group: str = ""


@dataclass(frozen=True)
class Finding:
    """One unit in a circular."""

    sign: Sign
    unit: str
    text: str


def read_circular(text: str) -> tuple[Heading, tuple[Said, ...]]:
    """The heading, and each part in order; what has no words is left out."""
    found = list(_PART.finditer(text))
    head = text[: found[0].start()] if found else text
    issue, group = _ISSUE.search(head), _GROUP.search(head)
    ends = [*(part.start() for part in found[1:]), len(text)][: len(found)]
    parts = (_said(part["word"], text[part.end() : end]) for part, end in zip(found, ends, strict=True))
    heading = Heading(f"第{issue[1]}期" if issue else "", group[1] if group else "")
    return heading, tuple(part for part in parts if part.text)


def clause_for(rulebook: Rulebook, sign: Sign, named: str) -> tuple[Clause, ...]:
    """The clauses by which a finding may earn or cost points: the one that is named, or all that speak of the sign."""
    recorded = [c for c in rulebook.clauses if c.trigger is Trigger.RECORDED and c.subject is Subject.UNIT]
    if named:
        return tuple(clause for clause in recorded if named in (clause.id, clause.cite))
    return tuple(clause for clause in recorded if sign.value in clause.name)


def written(heading: Heading, findings: Iterable[Finding], silent: Sequence[tuple[str, Sequence[str]]] = ()) -> str:
    """The circular as it goes out; `silent` names for each report that was asked for those who have not sent it."""
    listed = tuple(findings)
    title = f"【督查通报】{heading.issue}{f'（{heading.group}）' if heading.group else ''}"
    sections = [
        (f"{sign.value}{len({one.unit for one in listed if one.sign is sign})}个单位", _lines(listed, sign))
        for sign in Sign
    ]
    sections += [(f"{len(units)}个单位未报{name}", [f"{'、'.join(units)}。"]) for name, units in silent if units]
    kept = [(name, lines) for name, lines in sections if lines]
    numbered = (f"{'一二三四五六七八九十'[nth]}、{name}\n" + "\n".join(lines) for nth, (name, lines) in enumerate(kept))
    return "\n".join((title, *numbered))


def tally(signs: Iterable[Sign]) -> tuple[tuple[str, int], ...]:
    """表扬1、批评1 (R47): both, also where one is none."""
    every = list(signs)
    return tuple((sign.value, every.count(sign)) for sign in Sign)


def _lines(findings: Sequence[Finding], sign: Sign) -> list[str]:
    return [f"{one.unit}：{one.text}。" if one.text else f"{one.unit}。" for one in findings if one.sign is sign]


def _said(word: str, text: str) -> Said:
    named = _CLAUSE.search(text)
    rest = f"{text[: named.start()]} {text[named.end() :]}" if named else text
    return Said(word, " ".join(rest.split()).strip(_ENDS), named["clause"] if named else "")
