"""What a check of a rulebook finds, before its place in the file is known."""

from dataclasses import dataclass

from assessment.fault import Path


@dataclass(frozen=True)
class Finding:
    """Something to put right or to know, at a node of the file."""

    path: Path
    what: str
    remedy: str
