"""What must be true, told a second time and in few words: the life of an obligation, without a database.

The simulator feeds the same acts to this and to the service and compares. It shares no code with what it judges.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

KEEP_FIRST = timedelta(days=3)
QUESTION_LIVES = timedelta(hours=24)

FIGURES, PLAN, ANALYSIS = "figures", "plan", "analysis"
TITLES = {FIGURES: "8月指标月报", PLAN: "8月工作计划", ANALYSIS: "8月运行分析"}
REVIEWED = (FIGURES, ANALYSIS)
SIGNED = (ANALYSIS,)
EARNING = (FIGURES, PLAN)


@dataclass
class Case:
    """One obligation. `said` holds what has been reported, by the name of what is asked; `nil` what is reported nil."""

    unit: int
    duty: str
    wanted: tuple[str, ...]
    due: datetime
    state: str = "open"
    round: int = 1
    said: dict[str, str] = field(default_factory=dict)
    nil: dict[str, str] = field(default_factory=dict)
    versions: int = 0
    first_at: datetime | None = None
    withdrawn_at: datetime | None = None
    urged_at: datetime | None = None
    entered: bool = False
    """Points have been entered for it: from then on nothing is taken back."""

    @property
    def owes(self) -> bool:
        return self.state in ("open", "unsigned")

    @property
    def missing(self) -> tuple[str, ...]:
        """What a reminder has to name."""
        return tuple(name for name in self.wanted if name not in self.said and name not in self.nil)

    def bucket(self, now: datetime) -> str:
        """The column of the live roster."""
        match self.state:
            case "unsigned":
                return "待签发"
            case "review":
                return "待审"
            case "met" if self.nil and not self.said:
                return "零报告"
            case "met":
                return "按时" if self.first_at is not None and self.first_at < self.due else "迟交"
        return "未到期" if now < self.due else "未提交"

    def report(self, content: dict[str, str], at: datetime) -> None:
        """Certain items come in; with the last of them the report is complete.

        The same words again are no new version, but after a return they are a report like any other. What was
        signed or accepted is signed or looked at again when its words change.
        """
        new = {name: value for name, value in content.items() if self.said.get(name) != value}
        self.said |= new
        if new:
            # Of figures each is nil by itself; a written report is nil as a whole or not at all.
            self.nil = {n: r for n, r in self.nil.items() if n not in new} if self.duty == FIGURES else {}
        amended = bool(new) and self.state != "open"
        complete = bool(content) and self._complete(at)
        self.versions += bool(new) or complete
        if amended and self.missing:
            self.state = "open"
            self.round += 1
        elif amended and self.duty in REVIEWED:
            self.state = "unsigned" if self.duty in SIGNED else "review"
        self._enter()

    def report_nil(self, reason: str, at: datetime) -> None:
        """What is missing is reported nil; when nothing is missing any more there is nothing to do."""
        if self.missing:
            self.nil |= dict.fromkeys(self.missing, reason)
            self._complete(at)
            self.versions += 1
            self._enter()

    def sign(self, at: datetime) -> None:
        self._take_in(at)
        self.versions += 1

    def accept(self) -> None:
        self.state = "met"
        self.versions += 1
        self._enter()

    def send_back(self) -> None:
        """A new round; what was said stays, and so does the first time."""
        self.state = "open"
        self.round += 1
        self.versions += 1

    @property
    def can_withdraw(self) -> bool:
        """Until somebody has acted on it."""
        return not self.entered and (
            self.state in ("unsigned", "review") or (self.state == "met" and self.duty not in REVIEWED)
        )

    def withdraw(self, at: datetime) -> None:
        """A new round with nothing in it."""
        self.state = "open"
        self.round += 1
        self.withdrawn_at = at
        self.said, self.nil = {}, {}
        self.versions += 1

    def urged(self, at: datetime) -> None:
        """The platform accepted an urging that named this: the fact counts where no report stood before it."""
        if self.urged_at is None and self.owes and (self.first_at is None or self.withdrawn_at is not None):
            self.urged_at = at

    def _complete(self, at: datetime) -> bool:
        if self.state != "open" or self.missing:
            return False
        if self.withdrawn_at is not None and at > self.withdrawn_at + KEEP_FIRST:
            self.first_at = None
        if self.duty in SIGNED:
            self.state = "unsigned"
        else:
            self._take_in(at)
        return True

    def _enter(self) -> None:
        """A report on time, a nil one too, earns its points by itself in the office that has such a clause."""
        on_time = self.first_at is not None and self.first_at < self.due
        if self.state == "met" and on_time and (self.said or self.nil) and self.duty in EARNING:
            self.entered = True

    def _take_in(self, at: datetime) -> None:
        self.state = "review" if self.duty in REVIEWED else "met"
        self.first_at = self.first_at or at
        self.withdrawn_at = None


@dataclass
class Question:
    """The one open question of a person: what it is about and what 确认 will do."""

    kind: str
    case: Case
    content: dict[str, str] = field(default_factory=dict)
    number: str = ""
    """The version that was shown with the question: 通过, 退回 and 撤回 hold for it and for no later one."""
    asked_at: datetime | None = None

    def lapsed(self, now: datetime) -> bool:
        """Whether it has been open for so long that 确认 no longer answers it."""
        return self.asked_at is not None and now - self.asked_at > QUESTION_LIVES
