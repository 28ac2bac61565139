"""自选目标: what a unit sets itself beyond what it is given, in its three parts, and who may set such targets (R112).

A measure has them where its indicators say so: those under a heading of that name are the standards by which they are
marked, and whoever is answerable for these may set targets.
"""

import re
from collections.abc import Sequence

from assessment.indicator import Indicator
from assessment.roster import Unit
from assessment.rulebook import Rulebook

WORD = "自选目标"
CONTENT, TARGET, TIME_LIMIT = "内容", "目标值", "完成时限"
PARTS = (CONTENT, TARGET, TIME_LIMIT)

_HEADING = re.compile(rf"(?:\A|(?<=[\s,，;；。、]))(?P<name>{'|'.join(PARTS)})\s*[:：]?\s*")
_EDGES = " \n\t,，;；。、"


def standards(rulebook: Rulebook, unit: Unit) -> Sequence[Indicator]:
    """The indicators by which the unit's own targets are marked; empty where the measure gives it none to set.

    Whoever is named for them may set targets, and not only the unit that is named first.
    """
    names = {unit.name, *unit.aliases, unit.group}
    own = (one for one in rulebook.indicators if any(WORD in heading for heading in one.headings))
    return [one for one in own if names.intersection(one.owners)]


def cut(text: str) -> dict[str, str]:
    """The parts that stand in the text under their names, each as typed; of a part that comes twice the last counts."""
    found = list(_HEADING.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    said = {match["name"]: text[match.end() : end].strip(_EDGES) for match, end in zip(found, ends, strict=False)}
    return {name: words for name, words in said.items() if words}
