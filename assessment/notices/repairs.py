"""What can be missing or wrong in a command; the sentence for each stands in bot/cards/repairs.py."""

from collections.abc import Mapping
from enum import StrEnum

from assessment.notices.notice import Notice


class Repair(StrEnum):
    """Why a command was not carried out, and what to type instead."""

    REASON_OF_RETURN = "reason of return"
    """退回 came without a reason; `number`."""


class RepairLine(Notice):
    """One thing is missing or wrong in a command: what it is about and which repair; `facts` fill its sentence."""

    about: str
    repair: Repair | None = None
    facts: Mapping[str, str] = {}
    why: str = ""
    example: str = ""
