"""What can be missing or wrong in a command; the sentence for each stands in bot/cards/repairs.py."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from assessment.notices.notice import Notice


class Repair(StrEnum):
    """Why a command was not carried out, and what to type instead."""

    REASON_OF_RETURN = "reason of return"
    """退回 came without a reason; `number`."""

    # Recording points: `command` is what was typed so far, `word` its first word.
    POINTS_OF_WHICH_UNIT = "points of which unit"
    """加分 or 扣分 begins with no unit that we know; `word`."""
    NO_SUCH_CLAUSE = "no such clause"
    """No clause of that name is recorded by a person; `word`, `unit`."""
    ONE_OF_THESE_CLAUSES = "one of these clauses"
    """Several clauses bear one citation; `word`, `unit`, `clauses`."""
    POINTS_OF_WHICH_PERSON = "points of which person"
    """The clause concerns a person and nobody of the unit is named; `command`."""
    OTHER_ACCOUNT = "other account"
    """The clause is not about that kind of account; `command`."""
    VALUE_NOT_SET = "value not set"
    """The rulebook withholds the clause's value; `command`."""
    POINTS_TO_CHOOSE = "points to choose"
    """The office has to choose; `command`, `lowest`, `highest`."""
    POINTS_NOT_AS_PRINTED = "points not as printed"
    """Other points than the clause prints; `command`, `lowest` (the printed ones)."""
    POINTS_OUT_OF_RANGE = "points out of range"
    """Outside the printed range; `command`, `lowest`, `highest`."""
    EVIDENCE = "evidence"
    """Nothing proves it; `command`."""
    REASON_OF_CHOICE = "reason of choice"
    """Chosen points without a reason; `command`, `highest`."""
    ANOTHER_OF_THE_GROUP = "another of the group"
    """Only one of the group's clauses may stand, and one does; `unit`."""
    STANDS_ALREADY = "stands already"
    """The clause counts once and stands; `unit`."""

    # Deciding proposals.
    DECIDED_BY_OTHERS = "decided by others"
    """Somebody else was first."""
    NOTHING_TO_DECIDE = "nothing to decide"
    """No open proposal bears these `numbers`."""
    REASON_OF_REFUSAL = "reason of refusal"
    """不予核定 without a reason; `number`."""
    REASON_OF_HASTE = "reason of haste"
    """The unit may still speak, `until` then; 核定 before needs a reason; `number`."""
    BEING_HEARD = "being heard"
    """先听情况说明 while those concerned may still speak, `until` then; `number`."""
    NOTHING_TO_HEAR = "nothing to hear"
    """先听情况说明 on what deducts nothing; `number`."""
    HEARD_MEANWHILE = "heard meanwhile"
    """Between 核定 and its confirmation those concerned were asked to speak first, or spoke."""
    WORDS_OF_STATEMENT = "words of statement"
    """情况说明 without words; `number`."""

    # Correcting entries.
    WHICH_ENTRY = "which entry"
    """更正分 without a number, or with one that nothing bears; `command`."""
    REASON_OF_CORRECTION = "reason of correction"
    """更正分 without a reason; `number`."""
    CORRECTED_ALREADY = "corrected already"
    """The entry was corrected before; `number`."""
    CORRECTION_ITSELF = "correction itself"
    """The entry is itself a correction; `number`."""
    SECOND_PERSON = "second person"
    """So many points are corrected by two, and the same person cannot be both; `number`."""
    NO_SECOND_PERSON = "no second person"
    """So many points are corrected by two, and the office has nobody else; `number`."""
    ASKED_FOR_ALREADY = "asked for already"
    """`name` has asked for this correction; it waits for a second person; `number`."""
    NOTHING_WAITS = "nothing waits"
    """No correction of that entry waits for a second person; `number`."""

    # Questions about points.
    SCORE_OF_WHICH_UNIT = "score of which unit"
    """Whoever has no unit of one's own names one."""
    SCORE_OF_UNKNOWN_UNIT = "score of unknown unit"
    """A unit is named that the roster does not know."""
    NO_POINTS_YET = "no points yet"
    """Nothing was added or deducted; `unit`."""
    NO_SUCH_POINTS = "no such points"
    """No line of that many points; `points` as 扣2分, `unit`."""
    SETTLED_SINCE = "settled since"
    """The proposal has been decided; `unit`."""
    NO_SUCH_DAY = "no such day"
    """The calendar has no such day."""
    DAY_TO_COME = "day to come"
    """The day asked about has not come."""

    TRIAL = "trial"
    """In a trial nothing is entered."""

    # Review.
    NOT_IN_REVIEW = "not in review"
    """What was to be passed or sent back is not there any more."""
    CHANGED_MEANWHILE = "changed meanwhile"
    """A newer version came between the question and its confirmation."""
    NEWER_THAN_ASKED = "newer than asked"
    """The unit has reported again between 撤回 and its confirmation."""
    NOTHING_TO_REVIEW = "nothing to review"
    """Nothing lies with the office, or not under that number."""

    # Matters.
    LEAD_UNIT = "lead unit"
    """交办 does not begin with a unit."""
    TIME_LIMIT = "time limit"
    """交办 names no day, or one that cannot be read."""
    TIME_LIMIT_PASSED = "time limit passed"
    """The day lies behind us; `day`."""
    TIME_LIMIT_PASSED_MEANWHILE = "time limit passed meanwhile"
    """It was confirmed only after the time limit."""
    WHAT_TO_DO = "what to do"
    """交办 does not say what is to be done."""
    MATTER_CLASS = "matter class"
    """交办 without a category; `classes`, `order` as typed, and one `class` of them."""
    NOTHING_TO_CLOSE = "nothing to close"
    """No matter reported done, or not under that number."""

    # Chasing.
    NO_SUCH_DUTY = "no such duty"
    """谁没报 or 催报 for something that is neither a unit nor a duty here; `word`, `words` as typed."""
    NO_OPEN_DUTY = "no open duty"
    """谁没报 while nothing is owed and nothing falls due."""
    URGED_MEANWHILE = "urged meanwhile"
    """Somebody else urged between the question and its confirmation."""

    # Reporting.
    PERIOD_NOT_ASKED = "period not asked"
    """The report names a period for which nothing is owed; `period`."""
    NIL_BESIDE_FIGURES = "nil beside figures"
    """零报告 on a report that was sent back with nothing missing."""
    NEW_FIGURE = "new figure"
    """改 came without a figure; `number`, `figure` (完成 or 预测, with a blank, or nothing) and `unit`."""
    NO_SUCH_ITEM = "no such item"
    """An answer names items that were not asked about; `numbers`, `asked` (the numbers that were)."""
    REASON_OF_NIL = "reason of nil"
    """零报告 came without a reason."""

    # 代录.
    ENTER_WHICH_UNIT = "enter: which unit"
    """代录 begins with no unit that we know."""
    ENTER_WHEN = "enter: when"
    """No day and time of receipt."""
    ENTER_OTHER_TIME = "enter: other time"
    """There is no such time, it lies ahead, or so far back that its year must be written."""
    ENTER_WAY = "enter: way"
    """Not said by which way it came."""
    ENTER_OTHER_PERIOD = "enter: other period"
    """The text is for another period than the obligation; `period`."""
    ENTER_DOUBTFUL = "enter: doubtful"
    """Something in it would have to be guessed; `written`."""
    ENTER_WHAT = "enter: what"
    """Nothing of it is understood."""
    ENTER_SIGNER = "enter: signer"
    """The duty asks for a signature and no signer is named."""


class RepairLine(Notice):
    """One thing is missing or wrong in a command: what it is about and which repair; `facts` fill its sentence."""

    about: str
    repair: Repair
    facts: Mapping[str, str] = {}
    until: datetime | None = None
    """A time limit that the sentence speaks of."""
