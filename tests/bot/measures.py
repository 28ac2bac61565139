"""Rulebooks to be explained: those that come with Duban, and one that writes every key there is."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from assessment.rulebook import Rulebook
from assessment.rulebook_file import load
from assessment.workdays import WorkCalendar
from bot.explained import explain

SHIPPED = sorted((Path(__file__).parents[2] / "assessment" / "rulebooks").glob("*.yaml"))
WHOLE = Path(__file__).parent / "whole_rulebook.yaml"
EVERY = [*SHIPPED, WHOLE]
TODAY = date(2026, 4, 1)


def read(path: Path) -> Rulebook:
    return load(path.read_text("utf-8"), path.name).rulebook


def told(rulebook: Rulebook, only: str | None = None) -> list[str]:
    return explain(rulebook, calendar=WorkCalendar(), zone=ZoneInfo("Asia/Shanghai"), today=TODAY, only=only)
