"""A second platform beside the desk's own, and what an account there is answered."""

from dataclasses import replace
from typing import Any

from sqlmodel import col, select

from assessment.notices import BindAsked
from bot import app
from bot.county import CHANNEL
from handlers.intake import Intake
from storage.bindings import BindRequestRow
from storage.roster import IdentityRow
from tests.handlers.desk import OFFICE, Desk

NEW = "ou_5f3a9c21"
ASKS = "绑定 李敏 县经贸局"
OTHER_PLATFORM = {"channel": "feishu", "tenant": "county-tenant"}


def with_two_platforms(desk: Desk) -> Desk:
    """The same desk, where people may also be on Feishu."""
    desk.installation = replace(desk.installation, platforms={CHANNEL: "演示平台", "feishu": "飞书"})
    desk.intake = Intake(app.router(), desk.installation)
    return desk


def stranger(desk: Desk, text: str = ASKS, who: str = NEW, **how: Any) -> Any:
    """What an account on the other platform is answered."""
    return desk.answer(who, text, **(OTHER_PLATFORM | how))


def requests(desk: Desk) -> list[BindRequestRow]:
    return desk.database.read_now(lambda uow: uow.rows(select(BindRequestRow).order_by(col(BindRequestRow.id))))


def asked(desk: Desk, who: str = OFFICE) -> list[BindAsked]:
    return [notice for notice in desk.told(who) if isinstance(notice, BindAsked)]


def number(desk: Desk) -> str:
    return requests(desk)[-1].number


def identities(desk: Desk) -> list[tuple[int, str, str, str, bool]]:
    rows = desk.database.read_now(lambda uow: uow.rows(select(IdentityRow).order_by(col(IdentityRow.id))))
    return [(one.person, one.channel, one.tenant, one.account, one.preferred) for one in rows]
