"""Card -> the sandbox's payload. Pure; every string is a plain-text node, so nothing needs to be escaped."""

from typing import Any

from bot.channels.card import Card

MAX_BUTTONS = 6


def render(card: Card) -> dict[str, Any]:
    """The card as JSON-ready data. Buttons beyond MAX_BUTTONS are left to the text, which names them all."""
    return {
        "tone": card.tone.value,
        "title": card.title,
        "lines": list(card.lines),
        "fields": [
            {"label": field.label, "value": field.value, "lamp": field.lamp.value if field.lamp else None}
            for field in card.fields
        ],
        "table": {"heading": list(card.table.heading), "rows": [list(row) for row in card.table.rows]}
        if card.table
        else None,
        "buttons": [
            {"label": button.label, "command": button.command, "style": button.style.value}
            for button in card.buttons[:MAX_BUTTONS]
        ],
        "form": {
            "command": card.form.command,
            "submit": card.form.submit,
            "blanks": [
                {"label": blank.label, "hint": blank.hint, "required": blank.required} for blank in card.form.blanks
            ],
        }
        if card.form
        else None,
        "note": card.note,
        "text": card.text(),
    }
