"""Mobile numbers as offices write them, and as they are shown: 138****0000."""

import re
import unicodedata

_APART = re.compile(r"[\s\-()]")
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})(?:\.0)?")
"""With or without the country's prefix; a spreadsheet may have made a fraction of it."""


def mobile_number(written: str) -> str | None:
    """The eleven digits of a mobile number of the mainland; None for anything else."""
    found = _MOBILE.fullmatch(_APART.sub("", unicodedata.normalize("NFKC", written)))
    return found[1] if found else None


def masked_number(number: str) -> str:
    """138****0000: all that is ever shown of a number."""
    return f"{number[:3]}****{number[-4:]}"
