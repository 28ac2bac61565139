"""A chat in the browser grows and is never replaced: nobody is thrown off a button, no line is read out twice."""

import pytest

from tests.bot.demo.running import DESK, PHONE, demo, visited

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(180)]

WIND = "() => fetch('/wind', {method: 'POST', headers: {'HX-Request': '1'}, body: new URLSearchParams({to: 'next'})})"


async def test_news_leave_the_focus_and_the_lines_where_they_are(chromium: str) -> None:
    with demo() as address:
        async with visited(chromium, address, DESK) as visit:
            page = visit.page
            await page.locator("#text").press("Enter")
            await visit.told("请核")
            await page.evaluate("() => { document.querySelector('#chat .bubble').marked = true }")
            await page.locator("#chat .bubble.bot").last.get_by_role("button", name="确认④").focus()
            time = await page.locator(".clock time").inner_text()

            await page.evaluate(WIND)
            await page.locator(".clock time").filter(has_not_text=time).wait_for()
            await page.wait_for_load_state("networkidle")

            assert await page.evaluate("() => document.querySelector('#chat .bubble').marked")
            assert await page.evaluate("() => document.activeElement.innerText") == "确认④"
            lines = page.locator("#chat .bubble")
            before = await lines.count()
            await page.keyboard.press("Enter")
            await lines.nth(before + 1).wait_for()
            assert await lines.count() == before + 2
            assert await page.evaluate("() => document.querySelector('#chat .bubble').marked")


async def test_after_a_power_cut_the_box_is_still_on_the_screen(chromium: str) -> None:
    with demo() as address:
        async with visited(chromium, address, PHONE) as visit:
            await visit.page.get_by_role("button", name="拔电源").click()
            await visit.page.locator(".power").wait_for(timeout=30_000)
            box = await visit.page.locator("#text").bounding_box()

            assert box is not None
            assert box["y"] + box["height"] <= PHONE[1]


async def test_starting_again_clears_the_chat(chromium: str) -> None:
    with demo() as address:
        async with visited(chromium, address, DESK) as visit:
            await visit.page.locator("#text").press("Enter")
            await visit.told("请核")
            await visit.page.get_by_role("button", name="重来").click()
            newest = visit.page.locator("#chat .bubble:last-child")
            await newest.filter(has_text="提醒").wait_for(timeout=60_000)
            assert await visit.page.locator("#text").input_value()
