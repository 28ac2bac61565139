"""The script of the first minute as data (assessment/demo/minute.yaml): who is there, what happened, what to try."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.county import DATA, ZONE, Setting

MINUTE = DATA / "demo" / "minute.yaml"


class Part(BaseModel):
    """A piece of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Persona(Part):
    """One of those whom the visitor can be."""

    account: str = Field(alias="号")
    name: str = Field(alias="名")
    unit: str = Field(alias="单位")
    role: str = Field(alias="身份")
    words: tuple[str, ...] = Field((), alias="常用")


class Group(Part):
    """The one group chat."""

    id: str = Field(alias="号")
    name: str = Field(alias="名")


class Letter(Part):
    """What somebody else writes at a moment of the year of the start."""

    at: str = Field(alias="时")
    who: str = Field(alias="谁")
    says: str = Field(alias="说")


class Step(Part):
    """Something worth trying; done once `sees` stands in an answer to `who`."""

    title: str = Field(alias="题")
    who: str = Field(alias="谁")
    what: str = Field(alias="做")
    says: str = Field("", alias="说")
    to: str = Field("", alias="到", description="a moment to which the clock can be wound")
    sees: str = Field(alias="见")


class Minute(Part):
    """The whole script with the county that it plays in."""

    notice: str = Field(alias="说明")
    start: str = Field(alias="开始")
    arrival: str = Field(alias="到场")
    live_from: date = Field(alias="运行自")
    rulebooks: tuple[str, ...] = Field(alias="办法")
    roster: str = Field(alias="名册")
    group: Group = Field(alias="群")
    personas: tuple[Persona, ...] = Field(alias="人物")
    letters: tuple[Letter, ...] = Field(alias="来信")
    steps: tuple[Step, ...] = Field(alias="步骤")

    def setting(self) -> Setting:
        """The county's files and days."""
        return Setting(
            roster=(DATA / "demo" / self.roster).read_text("utf-8-sig"),
            rulebooks={name: (DATA / "rulebooks" / name).read_text("utf-8") for name in self.rulebooks},
            start=moment(self.start),
            live_from=self.live_from,
        )

    def persona(self, account: str) -> Persona:
        """The persona with that account; KeyError if there is none."""
        for persona in self.personas:
            if persona.account == account:
                return persona
        raise KeyError(account)

    def at(self, written: str) -> datetime:
        """A day and time of the year of the start, e.g. 08-06 09:00."""
        return moment(f"{moment(self.start).year}-{written}")


def moment(written: str) -> datetime:
    """A wall-clock moment of the county's zone; raises ValueError."""
    return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def read_minute(path: Path = MINUTE) -> Minute:
    """Read the script; raises OSError, yaml.YAMLError or pydantic's ValidationError."""
    raw: Any = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes only text
    return Minute.model_validate(raw)
