"""整改: the problems of a notice as they are typed, and where each of them stands in the 台账."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessment.obligation import Obligation, State
from assessment.submission import Answer

_NUMBER = re.compile(
    r"(?:\A|(?<=[\s。；;，,：:])) *[(（]?([1-9][0-9]?)(?:[、)）] ?|[.．] ?(?![0-9])|[.．](?=[0-9]+ ?[年月日号次份]))"
)
"""1.5 is a figure; 1.3月报表 is the first of a list."""
_KIND = re.compile(r"[\s。；;，,、(（【\[]*类型 *[:：]? *(?P<name>[^\s。；;，,、)）】\]]+)[)）】\]]*")
_ENDS = " \n　。；;，,、"


class Standing(StrEnum):
    """Where one problem stands, as the 整改台账 names it; each is in exactly one."""

    UNCLAIMED = "待认领"
    """What must be said of it is not all said: who, by when, how."""
    UNDER_WAY = "整改中"
    OVERDUE = "逾期"
    TO_EXPLAIN = "待说明"
    """It cannot be done, and the unit has not said why."""
    TO_VERIFY = "待核验"
    """The unit says it is done; only the office closes it."""
    CLOSED = "已销号"
    UNATTAINABLE = "无法完成"
    """It cannot be done, and the unit has said why."""


SETTLED = (Standing.CLOSED, Standing.UNATTAINABLE)
"""Where nothing is to be done any more."""


@dataclass(frozen=True)
class Problem:
    """One problem of a notice; `kind` is empty where none was given."""

    text: str
    kind: str = ""


def standing(obligation: Obligation, now: datetime, *, unclaimed: bool, unable: bool) -> Standing:
    """The one that fits: `unclaimed` where something that must be said is missing, `unable` where the office has
    found that it cannot be done.
    """
    match obligation.state:
        case State.WAIVED:
            return Standing.UNATTAINABLE
        case State.MET:
            return Standing.CLOSED
        case State.REVIEW | State.UNSIGNED:
            return Standing.TO_VERIFY
    if unable:
        return Standing.TO_EXPLAIN
    if now >= obligation.due:
        return Standing.OVERDUE
    return Standing.UNCLAIMED if unclaimed else Standing.UNDER_WAY


def unsaid(required: Iterable[str], answer: Answer) -> tuple[str, ...]:
    """What must be said of a problem and is not, in the rulebook's order (R48)."""
    return tuple(name for name in required if not answer.parts.get(name))


def limit_named(required: Iterable[str]) -> str | None:
    """Which of the parts is the unit's own time limit: the one that is called so."""
    return next((name for name in required if name.endswith(("时限", "期限"))), None)


def read_problems(text: str) -> tuple[Problem, ...]:
    """The numbered problems of a notice: 1.… 2.… each with its kind, 类型 …; one without a number is the only one.

    A number begins a problem only where it is the next one, so that 1.5 or a 3. inside a sentence stay where they are.
    A kind behind the last problem, on a line or behind a blank of its own, is that problem's; what all share is asked
    of `kind_for_all`.
    """
    starts: list[re.Match[str]] = []
    for found in _NUMBER.finditer(text):
        if int(found[1]) == len(starts) + 1:
            starts.append(found)
    if not starts:
        return tuple(filter(lambda one: one.text, (_problem(text),)))
    ends = [found.start() for found in starts[1:]] + [len(text)]
    parts = (_problem(text[found.end() : end]) for found, end in zip(starts, ends, strict=True))
    return tuple(part for part in parts if part.text)


def before_problems(text: str) -> tuple[str, str]:
    """What stands before the first numbered problem, and the problems; all of it where none is numbered."""
    first = next((found for found in _NUMBER.finditer(text) if found[1] == "1"), None)
    return (text[: first.start()], text[first.start() :]) if first else ("", text)


def kind_for_all(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems, all of the kind that only the last one names, where several were written and no other names one."""
    if len(problems) > 1 and problems[-1].kind and not any(one.kind for one in problems[:-1]):
        return tuple(Problem(one.text, problems[-1].kind) for one in problems)
    return tuple(problems)


def by_kind(kinds: Iterable[str]) -> Mapping[str, int]:
    """How many of each kind, the most frequent first, as 资料缺失2、进度缓慢1 (R50)."""
    return dict(Counter(kinds).most_common())


def _problem(text: str) -> Problem:
    found = _KIND.search(text)
    if found is None:
        return Problem(" ".join(text.split()).strip(_ENDS))
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return Problem(" ".join(rest.split()).strip(_ENDS), found["name"])
