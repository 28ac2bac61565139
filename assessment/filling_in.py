"""The one change that a frozen rulebook takes (decisions 12): values for what was unset, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessment.fault import Path, show_path
from assessment.open_parameters import unset_parameters, written
from assessment.rulebook import Parameter, Part, Rulebook


@dataclass(frozen=True)
class Filling:
    """A parameter that was unset and has a value now."""

    at: Path
    path: str
    """By names, as open_parameters has it."""
    blocked: str
    """What could not be done until now."""
    value: object

    @property
    def said(self) -> str:
        """The value as it stands in the file."""
        return written(self.value)


class OtherChange(Exception):
    """The texts differ in something else than parameters that were unset; `where` names each such place."""

    def __init__(self, where: tuple[str, ...]) -> None:
        super().__init__("当年办法只可补填未设定的参数，不得作其他改动：" + "、".join(where))
        self.where = where


def fillings(old: Rulebook, new: Rulebook) -> tuple[Filling, ...]:
    """What `new` sets that `old` left unset, in the file's order. Raises OtherChange where they differ otherwise.

    A stand-in is no value of the office's, and what the source left out on purpose (an empty quota) is not unset.
    """
    unset = {found.at: found for found in unset_parameters(old)}
    filled: list[Filling] = []
    others: list[str] = []
    for at, value in _differences(old, new, ()):
        found = unset.get(at)
        if found is not None and isinstance(value, Parameter) and value.is_set and value.stand_in is None:
            filled.append(Filling(at, found.path, found.blocked, value.value))
        else:
            others.append(show_path(at) or "办法全文")
    if others:
        raise OtherChange(tuple(others))
    return tuple(filled)


def _differences(old: object, new: object, at: Path) -> Iterator[tuple[Path, object]]:
    """The smallest nodes in which they differ, each with what stands there now."""
    if isinstance(old, Parameter) or not (isinstance(old, Part | tuple) and type(old) is type(new)):
        if old != new:
            yield at, new
    elif isinstance(old, Part):
        for name, field in type(old).model_fields.items():
            yield from _differences(getattr(old, name), getattr(new, name), (*at, field.alias or name))
        yield from _written_otherwise(old, new, at)
    else:
        yield from _differences_of_lists(old, new, at)


def _differences_of_lists(old: tuple[object, ...], new: object, at: Path) -> Iterator[tuple[Path, object]]:
    others = new if isinstance(new, tuple) else ()
    if len(old) != len(others):
        yield at, new
        return
    for place, (before, after) in enumerate(zip(old, others, strict=True)):
        yield from _differences(before, after, (*at, place))


def _written_otherwise(old: Part, new: object, at: Path) -> Iterator[tuple[Path, object]]:
    """Entries that one file mentions and the other does not: for some, being written as unset means something."""
    assert isinstance(new, Part)
    for name in sorted(old.model_fields_set ^ new.model_fields_set):
        before, after = getattr(old, name), getattr(new, name)
        if isinstance(before, Parameter) and before == after:
            yield (*at, type(old).model_fields[name].alias or name), after
