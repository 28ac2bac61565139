"""The base of all notices, and their way to JSON and back."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Facts(BaseModel):
    """A piece of a notice."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Notice(Facts):
    """Something that is said to somebody."""

    known: ClassVar[dict[str, type["Notice"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__doc__ and not cls.__doc__.startswith("Base of"):
            Notice.known[cls.__name__] = cls


class Ask(Notice):
    """Base of what may ask something: its buttons answer this question and no other."""

    question: str = ""
    """The question's sign, four digits; empty where nothing is asked."""


def write(notice: Notice) -> dict[str, Any]:
    """The notice as JSON-able data with its kind."""
    return {"kind": type(notice).__name__, **notice.model_dump(mode="json")}


def read(data: dict[str, Any]) -> Notice:
    """The notice again; KeyError for a kind that this version does not know."""
    kind = Notice.known[data["kind"]]
    return kind.model_validate({key: value for key, value in data.items() if key != "kind"})
