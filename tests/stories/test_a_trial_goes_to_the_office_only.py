"""试运行: everything goes to the office only and nothing counts, until the measure is switched to live."""

from dataclasses import replace
from datetime import date

from sqlmodel import select

from bot.county import ZONE, Setting
from storage import programmes
from storage.proposals import ProposalRow, Stage
from storage.steps import StepRow
from storage.unit_of_work import UnitOfWork
from tests.stories.conftest import LEADER, OFFICE, OpenCounty, assert_books_are_sound, heard

PETITIONS, HEAD, IN_CHARGE = "xinfang-gao", "xinfang-dong", "county-lin"
UNITS = ("县信访局",)
MATTER = "交办 县信访局 化解积案 8月10日前 类别 专项督查"


def on_trial(setting: Setting) -> Setting:
    """The county whose measures are on trial."""
    return replace(setting, trial=True)


async def test_in_a_trial_only_the_office_hears_and_nothing_is_entered(open_county: OpenCounty) -> None:
    """A missed matter and missed reports: no word to unit or leader, a proposal to look at, no entry, no result."""
    async with open_county(8, 4, 9, 30, change=on_trial, units=UNITS) as box:
        await box.say(OFFICE, MATTER)
        await box.say(OFFICE, "确认")
        told = {who: len(box.told(who)) for who in (PETITIONS, HEAD, IN_CHARGE, LEADER)}

        await box.wind(8, 20, 17)

        for who, before in told.items():
            assert heard(box, who, before) == "", who
        steps = await box.database.read(lambda uow: uow.rows(select(StepRow)))
        withheld = [step for step in steps if step.reason == "试运行，只报考核办"]
        assert withheld
        assert not any(step.said for step in steps if step.audience != "考核办")

        await box.say(OFFICE, "核定")
        assert "（试运行）" in box.last(OFFICE)
        assert "标“试运行”的只供核对，不核定、不记入台账。" in box.last(OFFICE)
        assert "核定 P-" not in box.last(OFFICE), "what would be refused is not offered"
        await box.say(OFFICE, "核定 P-1008-2")
        assert "该办法正在试运行" in box.last(OFFICE)
        await box.say(LEADER, "县信访局得分")
        assert "该办法正在试运行，以上只供核对，不作为正式结果" in box.last(LEADER)
        await assert_books_are_sound(box)


async def test_switched_to_live_what_the_trial_proposed_never_counts(open_county: OpenCounty) -> None:
    """The same measure added without trial: it runs, its text is frozen, and the trial's proposals are dropped."""
    async with open_county(8, 4, 9, 30, change=on_trial, units=UNITS) as box:
        await box.say(OFFICE, MATTER)
        await box.say(OFFICE, "确认")
        await box.wind(8, 12, 9, 30)

        def go_live(uow: UnitOfWork) -> list[bool]:
            was = programmes.running(uow)
            for programme in was:
                row = uow.row(select(programmes.ProgrammeRow).where(programmes.ProgrammeRow.id == programme.id))
                assert row is not None
                added = programmes.add(
                    uow, row.text, "x", office=row.office, live_from=date(2010, 8, 12), demonstration=True
                )
                assert (added.id, added.trial) == (programme.id, False)
            return [programme.trial for programme in was]

        assert all(await box.database.write(go_live))
        assert not any(p.trial for p in await box.database.read(programmes.running))
        rows = await box.database.read(lambda uow: uow.rows(select(ProposalRow)))
        assert rows
        assert all(row.stage == Stage.REJECTED.value for row in rows)

        before = len(box.told(PETITIONS))
        await box.wind(9, 7, 10)
        assert "催报" in heard(box, PETITIONS, before)
        await box.say(LEADER, "县信访局得分")
        assert "试运行" not in box.last(LEADER)
        assert box.clock.now().astimezone(ZONE).date() == date(2010, 9, 7)
