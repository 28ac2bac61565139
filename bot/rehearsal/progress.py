"""How far a rehearsal has got, on standard error; nothing where nobody watches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import typer

from bot.rehearsal.running import Progress, Wishes


@contextmanager
def bar(wishes: Wishes) -> Iterator[Progress]:
    """Give what is to be called after each day; the bar goes to the end with the block."""
    days = max((wishes.until.date() - wishes.start.date()).days, 1)
    with typer.progressbar(
        length=days,
        label="预演",
        show_eta=False,
        hidden=not sys.stderr.isatty(),
        file=sys.stderr,
    ) as shown:

        def tick(day: date) -> None:
            shown.label = f"预演 {day:%-m月%-d日}"
            shown.update(1)

        yield tick
