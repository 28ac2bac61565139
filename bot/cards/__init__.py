"""Notice -> Card. Every sentence of the bot stands in this package and nowhere else; docs/wording.md shows them all.

Each module registers its sayings with `card_of` when it is loaded, so all of them are loaded here.
"""

import bot.cards.binding
import bot.cards.broadcasting
import bot.cards.chasing
import bot.cards.delivery
import bot.cards.evidence
import bot.cards.extending
import bot.cards.handover
import bot.cards.hearing
import bot.cards.overview
import bot.cards.points
import bot.cards.repairs
import bot.cards.report_answer
import bot.cards.reporting
import bot.cards.reviewing
import bot.cards.scores
import bot.cards.supervision
import bot.cards.talk
import bot.cards.trends
import bot.cards.why  # noqa: F401 - loading registers; so do the lines above
from bot.cards.dispatch import card_for, card_of

__all__ = ["card_for", "card_of"]
