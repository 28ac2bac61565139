"""Notice -> Card. Every sentence of the bot stands in this package and nowhere else; docs/wording.md shows them all.

Each module registers its sayings with `card_of` when it is loaded, so all of them are loaded here.
"""

import bot.cards.appealing
import bot.cards.awards
import bot.cards.binding
import bot.cards.breakdowns
import bot.cards.broadcasting
import bot.cards.chasing
import bot.cards.circulars
import bot.cards.closing
import bot.cards.correcting
import bot.cards.delivery
import bot.cards.event_days
import bot.cards.evidence
import bot.cards.extending
import bot.cards.following_up
import bot.cards.handover
import bot.cards.hearing
import bot.cards.judging
import bot.cards.letters
import bot.cards.lines
import bot.cards.overview
import bot.cards.own_targets
import bot.cards.points
import bot.cards.rectifying
import bot.cards.repairs
import bot.cards.report_answer
import bot.cards.reporting
import bot.cards.results
import bot.cards.reviewing
import bot.cards.scores
import bot.cards.splits
import bot.cards.suggestions
import bot.cards.supervision
import bot.cards.talk
import bot.cards.trends
import bot.cards.why  # noqa: F401 - loading registers; so do the lines above
from bot.cards.dispatch import card_for, card_of

__all__ = ["card_for", "card_of"]
