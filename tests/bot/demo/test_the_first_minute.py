"""The script of the first minute in a real browser, word for word, at both widths and by keyboard alone."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.demo.minute import read_minute
from tests.bot.demo.running import DESK, PHONE, ByKeyboard, Watched, demo, visited, visited_by

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(180)]

MINUTE = read_minute()
MESSY = MINUTE.steps[0].says


@pytest.mark.parametrize("hands", [Watched, ByKeyboard], ids=["mouse", "keyboard-alone"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_the_script(chromium: str, size: tuple[int, int], hands: type[Watched]) -> None:
    with demo() as address:
        async with visited_by(hands, chromium, address, size) as visit:
            await play(visit)
            await nothing_is_cut(visit)


async def play(visit: Watched) -> None:
    """The whole script, with whatever hands."""
    await the_clerk(visit)
    await the_office(visit)
    await the_leader(visit)
    await the_plug(visit)


async def the_clerk(visit: Watched) -> None:
    page = visit.page
    reminder = await visit.told("提醒")
    assert "8月5日（周四）24:00" in reminder
    assert "尚有4项未报" in reminder
    assert await page.locator("#text").input_value() == MESSY
    await visit.send()
    answer = await visit.told("预测25%低于已完成26%，请核")
    for said in (
        "距基本任务168.7差13.7",
        "距基本任务7.56差0.56",
        "距满分0.7322差0.0478；基本任务未录入，暂不计分",
        "编号R-1008-2，8月4日 09:12，按时",
        "已报3/4",
    ):
        assert said in answer
    assert await visit.newest.get_by_role("button").all_inner_texts() == ["确认④", "改④", "④暂不报"]
    commands = await visit.newest.locator("input[name=text]").evaluate_all(
        "boxes => boxes.map(box => box.value.replace(/ #\\d{4}$/, ''))"
    )
    assert commands == ["确认", "改 4", "只收 1、2、3"]
    await visit.press("改④")
    await visit.told("请写上第4项的数值")
    await visit.write("改 4 预测27%")
    assert "应报4项已报齐" in await visit.told("预测27%")


async def the_office(visit: Watched) -> None:
    await visit.turn("→ 8月6日（周五）09:00")
    await visit.page.locator("time", has_text="8月6日（周五）09:00").first.wait_for()
    await visit.be("陈静怡")
    await visit.write("谁没报")
    roster = await visit.told("1—7月进展情况：报送名单")
    assert "应报13家：按时5家，未提交8家。" in roster
    assert "未提交单位均已于8月6日 09:00催报。" in roster
    assert "其余5家未发催报。" in roster
    await visit.write("核定")
    assert "拟扣2分" in await visit.told("待核定1项")
    await visit.press("核定")
    await visit.told("请确认核定1项")
    await visit.press("确认")
    assert "扣2分，四(一)2" in await visit.told("已核定1项")


async def the_leader(visit: Watched) -> None:
    await visit.be("郑启明")
    await visit.write("环保局多少分")
    score = await visit.told("核定78分（基础80）；暂计78分")
    assert "水环境出境断面指标率：按已完成计50%" in score
    assert "按全年预测计50%" in score
    assert "序时进度不适用" in score
    assert "距基本任务70%差20个百分点" in score
    await visit.press("为什么")
    why = await visit.told("的依据")
    for said in ("未按时完成的每项扣2分", "陈静怡", "2010年8月6日 09:00入账", "应于7月30日前办结"):
        assert said in why
    await visit.write("全县36项怎么样")
    overview = await visit.told("各项指标情况")
    assert "10项连基本分也得不到，16项只能拿基本分" in overview
    lagging = [line for line in overview.splitlines() if line[:2] in {"1.", "2.", "3."}]
    assert [line.split(" ")[1] for line in lagging] == ["规上亩均税收", "规上亩均工业总产值", "水环境出境断面指标率"]
    assert [line.split(" ")[2].split("：")[0] for line in lagging] == ["50.26%", "50.39%", "71.43%"]


async def the_plug(visit: Watched) -> None:
    await visit.turn("拔电源")
    power = visit.page.locator(".power")
    await power.wait_for(timeout=30_000)
    said = await power.inner_text()
    owed, shown = (word.split(" ")[1] for word in said.removeprefix("断电重启：").split("，")[:2])
    assert owed == shown
    assert "重复 0（断电时在途 1 条" in said


async def nothing_is_cut(visit: Watched) -> None:
    page = visit.page
    assert not await page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
    small = await page.evaluate(
        "() => [...document.querySelectorAll('body *')].filter(e => !e.children.length && e.innerText"
        " && parseFloat(getComputedStyle(e).fontSize) < 14).map(e => e.innerText)"
    )
    assert small == []
    assert await page.locator("#steps .done").count() == len(MINUTE.steps)


async def test_news_leave_the_focus_where_it_is(chromium: str) -> None:
    with demo() as address:
        async with visited(chromium, address, DESK) as visit:
            page = visit.page
            for where in ("#people a", "#wind-day", "#steps a", "#text"):
                await page.locator(where).last.focus()
                here = await page.evaluate("() => document.activeElement.id")
                time = await page.locator(".clock time").inner_text()

                await page.evaluate(
                    "() => fetch('/wind', {method: 'POST', headers: {'HX-Request': '1'},"
                    " body: new URLSearchParams({to: 'next'})})"
                )
                await page.locator(".clock time").filter(has_not_text=time).wait_for()
                await page.wait_for_load_state("networkidle")

                assert here
                assert await page.evaluate("() => document.activeElement.id") == here


async def test_platforms_are_looked_through_by_keyboard(chromium: str) -> None:
    with demo() as address:
        async with visited(chromium, address, PHONE) as visit:
            await visit.page.locator("#as").focus()
            for kind in ("wecom", "dingtalk", "text"):
                await visit.page.keyboard.press("ArrowDown")
                await visit.page.wait_for_url(f"**as={kind}**")
                await expect(visit.page.locator("#as")).to_be_focused()


async def test_the_newest_answer_is_two_stops_away(chromium: str) -> None:
    with demo() as address:
        async with visited(chromium, address, PHONE) as visit:
            for key in ("Tab", "Tab", "Enter"):
                await visit.page.keyboard.press(key)

            await expect(visit.newest).to_be_focused()


async def test_composing_chinese_does_not_send(chromium: str) -> None:
    with demo() as address:
        async with visited(chromium, address, DESK) as visit:
            bubbles = visit.page.locator("#chat .bubble")
            before = await bubbles.count()
            await visit.page.evaluate(
                "() => document.getElementById('text').dispatchEvent("
                "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
            )
            await visit.write("帮助")
            await visit.told("您可以办理")
            assert await bubbles.count() == before + 2


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_accessible(chromium: str, size: tuple[int, int]) -> None:
    with demo() as address:
        async with visited(chromium, address, size, bypass_csp=True) as visit:
            await visit.page.locator("#text").press("Enter")
            await visit.told("请核")
            found = await Axe().run(visit.page)
            serious = [one["id"] for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
            assert serious == []


async def test_as_other_platforms_would_show_it(chromium: str) -> None:
    with demo() as address:
        async with visited(chromium, address, DESK) as visit:
            await visit.page.locator("#text").press("Enter")
            await visit.told("请核")
            await visit.page.locator("#as").select_option("text")
            await visit.page.wait_for_url("**as=text**")
            newest = visit.page.locator("#chat .bubble.bot").last
            assert await newest.get_by_role("button").count() == 0
            assert "回复：确认 / 改 4 / 只收 1、2、3" in await newest.inner_text()
            await visit.page.locator("#as").select_option("wecom")
            await visit.page.wait_for_url("**as=wecom**")
            assert await newest.get_by_role("button").count() == 3
