"""A report waits for its signature and the head does nothing."""

from tests.stories.conftest import OFFICE, REFUSED, OpenCounty, at, heard, times_told

ANALYST, DEPUTY, SIGNER, IN_CHARGE = "fagai-lin", "fagai-liang", "fagai-du", "county-he"
UNITS = ("县发改局",)
ANALYSIS = "工作落实情况：上半年主要指标时间过半\n存在问题：重点工程进度不平衡\n下一步措施：逐项排出时间表"


async def test_reminders_and_urgings_go_to_the_signer_and_unsigned_is_not_submitted(open_county: OpenCounty) -> None:
    """While 待签发 the signer is the responsible person: reminded and urged, the clerk is left alone."""
    async with open_county(8, 6, 10, 0, units=UNITS) as box:
        await box.say(ANALYST, ANALYSIS)
        assert "待杜远谋签发，签发后才算报送" in box.last(ANALYST)
        assert "待您签发" in box.last(SIGNER)
        reported = len(box.told(ANALYST))
        await box.say(OFFICE, "谁没报 运行分析")
        assert "待签发1家" in box.last(OFFICE)

        await box.wind(8, 11, 17)

        assert at(8, 9, 9) in times_told(box, SIGNER, "待签发")
        assert at(8, 11, 9) in times_told(box, SIGNER, "催报")
        assert "运行分析" not in heard(box, ANALYST, reported)
        assert "运行分析" not in heard(box, DEPUTY)
        await box.say(OFFICE, "谁没报 运行分析")
        assert "应报1家：待签发1家" in box.last(OFFICE)
        await box.say(OFFICE, "待审")
        assert "县发改局" not in box.last(OFFICE)


async def test_the_escalation_names_the_clerk_as_reporter_and_the_head_as_who_is_waited_for(
    open_county: OpenCounty,
) -> None:
    """The leader in charge reads that the signature is missing, whose it is, and who reported."""
    async with open_county(8, 6, 10, 0, units=UNITS) as box:
        await box.say(ANALYST, ANALYSIS)
        await box.wind(8, 17, 17)

        told = next(text for text in reversed(box.told(IN_CHARGE)) if "运行分析" in text)
        assert "待杜远谋签发" in told
        assert "填报人：林子墨" in told
        assert "填报人：杜远谋" not in told


async def test_nobody_but_the_signer_can_sign(open_county: OpenCounty) -> None:
    """The clerk's and the office's 签发 are refused, the deputy has nothing to sign; the report stays unsigned."""
    async with open_county(8, 6, 10, 0, units=UNITS) as box:
        await box.say(ANALYST, ANALYSIS)
        await box.wind(8, 11, 10)

        for who, text in ((ANALYST, "签发"), (ANALYST, "签发 R-1008-1"), (OFFICE, "签发 R-1008-1")):
            await box.say(who, text)
            assert REFUSED in box.last(who).splitlines()
        await box.say(DEPUTY, "签发 R-1008-1")
        assert box.last(DEPUTY) == "目前没有待您签发的报送。"

        await box.say(OFFICE, "谁没报 运行分析")
        assert "待签发1家" in box.last(OFFICE)


async def test_the_signature_is_the_message_that_counts(open_county: OpenCounty) -> None:
    """Reported on the 6th and signed on the 11th is 迟交: the time of the signature decides."""
    async with open_county(8, 6, 10, 0, units=UNITS) as box:
        await box.say(ANALYST, ANALYSIS)
        await box.wind(8, 11, 10)

        await box.press(SIGNER, "签发")

        assert "已签发" in box.last(SIGNER)
        assert "迟交" in box.last(SIGNER)
        assert "迟交" in box.last(ANALYST)
        await box.say(OFFICE, "谁没报 运行分析")
        assert "待审1家" in box.last(OFFICE)
