"""What may be handed in as evidence 佐证材料, and why a file is not taken."""

import re
from enum import StrEnum

MAX_BYTES = 20 * 1024 * 1024
"""Of one file, as it is sent."""
KINDS = ("pdf", "png", "jpg", "docx", "xlsx", "doc", "xls")
"""By content; the files of WPS are doc and xls in this sense."""

_UNFIT_FOR_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


class Unfit(StrEnum):
    """Why a file was not taken."""

    TOO_LARGE = "too large"
    """More than MAX_BYTES."""
    TYPE = "type"
    """Not one of KINDS, a zip of anything included."""
    MACROS = "macros"
    ENCRYPTED = "encrypted"
    """Behind a password: nobody could read it."""
    BOMB = "bomb"
    """It unpacks to more than a document ever does, or too deep."""
    DAMAGED = "damaged"
    """Empty, or not readable to its end."""
    WITHHELD = "withheld"
    """The platform does not give it out to us, and never will."""


def with_ending(name: str, kind: str) -> str:
    """A file's name that every machine takes, with the usual ending of what the file is, one of KINDS."""
    name = _UNFIT_FOR_NAMES.sub("", name).strip()
    endings = {kind, "jpeg"} if kind == "jpg" else {kind}
    _, dot, ending = name.rpartition(".")
    return name if dot and ending.lower() in endings else f"{name}.{kind}"
