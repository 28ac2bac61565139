"""What the sandbox was sent, read back as a card, so that the page can show it as any platform would."""

from typing import Any

from bot.channels.card import Blank, Button, Card, Field, Form, Lamp, Style, Table, Tone


def card_from(payload: dict[str, Any]) -> Card:
    """The neutral card behind what the sandbox was sent."""
    table = payload["table"]
    return Card(
        title=payload["title"],
        lines=tuple(payload["lines"]),
        tone=Tone(payload["tone"]),
        fields=tuple(
            Field(field["label"], field["value"], Lamp(field["lamp"]) if field["lamp"] else None)
            for field in payload["fields"]
        ),
        table=Table(tuple(table["heading"]), tuple(map(tuple, table["rows"]))) if table else None,
        buttons=tuple(
            Button(button["label"], button["command"], Style(button["style"])) for button in payload["buttons"]
        ),
        form=_form(payload["form"]),
        note=payload["note"],
    )


def _form(payload: dict[str, Any] | None) -> Form | None:
    if payload is None:
        return None
    blanks = tuple(Blank(blank["label"], blank["hint"], blank["required"]) for blank in payload["blanks"])
    return Form(payload["command"], blanks, payload["submit"])
