"""A clerk whom the roster knows by telephone number alone: the platform is asked, the office decides, it is erased."""

import csv
import logging
from dataclasses import replace
from io import StringIO

import pytest
from sqlmodel import select

from bot.county import Setting, accounts_in, found, moved
from storage import phones, roster
from storage.audit import AuditRow
from storage.bindings import BindRequestRow
from storage.outbox import OutboxRow
from storage.phones import PhoneLookupRow, PhoneRow
from tests.stories.conftest import CLERK, OFFICE, Ground, OpenCounty, assert_books_are_sound, heard

NUMBER, WRONG = "13800001234", "13800009999"
FIGURES = "亩均总产值85预测155,亩均税收3.8预测7,能耗1.06预测0.78,高新占比26%预测27%"


def by_number(setting: Setting, number: str, channel: str) -> Setting:
    """The same roster, in which the clerk has a number and no account."""
    heading, *lines = csv.reader(setting.roster.splitlines())
    account, place = heading.index("账号"), heading.index("渠道")
    for line in lines:
        theirs = line[account] == CLERK
        line.append(number if theirs else "")
        if theirs:
            line[account], line[place] = "", channel
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows([[*heading, "手机号"], *lines])
    return replace(setting, roster=written.getvalue(), phone_lookup=True)


def plain(said: str) -> str:
    """The words without what a channel does to signs that its platform would read as markup."""
    return said.replace("＊", "*")


@pytest.mark.parametrize(
    "ground",
    [Ground(("wecom",)), Ground(("feishu",)), Ground(("dingtalk",))],
    ids=lambda one: one.kinds[0],
    indirect=True,
)
async def test_a_number_leads_to_an_account_and_the_office_to_the_person(
    open_county: OpenCounty, ground: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    (kind,) = ground.kinds
    caplog.set_level(logging.DEBUG)
    settings: list[Setting] = []

    def change(setting: Setting) -> Setting:
        settings.append(setting)
        return by_number(setting, WRONG, kind)

    async with open_county(8, 4, 9, 10, change=change) as box:
        platform = box.platforms[kind]
        await box.wind(8, 4, 9, 12)
        assert "县经贸局李敏（138****9999）" in plain(heard(box, OFFICE)), "nobody has that number"
        assert "请改正后重新导入名册" in heard(box, OFFICE)

        platform.phones[NUMBER] = CLERK
        corrected = by_number(settings[0], NUMBER, kind)
        home = dict.fromkeys(accounts_in(corrected.roster), kind)
        corrected = replace(corrected, roster=moved(corrected.roster, home))
        tenants = {channel: one.tenant for channel, one in box.platforms.items()}
        await box.database.write(lambda uow: found(uow, corrected, tenants))
        before = len(box.database.read_now(lambda uow: roster.whole(uow).people))
        await box.wind(8, 4, 9, 20)
        asked = plain(box.last(OFFICE))
        assert "按名册所载手机号138****1234查得" in asked
        assert "名册中相符的是：李敏，县经贸局填报人，尚无账号。" in asked
        assert heard(box, CLERK) == "", "nobody is bound, or told, before the office has agreed"

        await box.press(OFFICE, "同意绑定")
        assert "138****1234" in plain(box.last(OFFICE))
        await box.press(OFFICE, "确认")
        assert "李敏同志：此账号已登记，岗位为县经贸局填报人。" in box.last(CLERK)
        await box.say(CLERK, FIGURES)
        assert "应报4项已报齐" in box.last(CLERK)

        assert box.database.read_now(phones.count) == 0, "its purpose is over"
        assert len(box.database.read_now(lambda uow: roster.whole(uow).people)) == before
        again = await box.database.write(lambda uow: found(uow, corrected, tenants))
        assert again is None
        assert box.database.read_now(phones.count) == 0, "the same sheet once more keeps nothing"
        await assert_books_are_sound(box)

        said = caplog.text + "".join(
            repr(box.database.read_now(lambda uow, table=table: uow.rows(select(table))))
            for table in (OutboxRow, AuditRow, BindRequestRow, PhoneLookupRow, PhoneRow)
        )
        assert NUMBER not in said
        assert WRONG not in said


async def test_off_by_default_no_number_is_read(open_county: OpenCounty) -> None:
    def change(setting: Setting) -> Setting:
        lines = setting.roster.splitlines()
        numbered = [f"{lines[0]},手机号", *(f"{line},{NUMBER}" for line in lines[1:])]
        return replace(setting, roster="\n".join(numbered))

    async with open_county(8, 4, 9, 0, change=change) as box:
        assert box.database.read_now(phones.count) == 0
