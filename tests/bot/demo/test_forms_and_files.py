"""On the page: a card's form says what typing would have said; files go along by their names alone."""

from pathlib import Path

import pytest

from tests.bot.demo.running import DESK, PHONE, demo, visited

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(180)]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_figures_are_filled_in(chromium: str, size: tuple[int, int]) -> None:
    with demo() as address:
        async with visited(chromium, address, size) as visit:
            page = visit.page
            form = page.locator("#chat form.blanks").last
            await form.get_by_label("规上亩均工业总产值").fill("85 预测155")
            await form.get_by_label("规上亩均税收").fill("3.8 预测7")
            await form.get_by_role("button", name="报送").click()

            answer = await visit.told("已报2/4")
            assert "距基本任务168.7差13.7" in answer
            said = page.locator("#chat .bubble.own").last
            assert (await said.locator(".text").inner_text()).splitlines() == [
                "报送",
                "规上亩均工业总产值 85 预测155",
                "规上亩均税收 3.8 预测7",
            ]


async def test_no_form_where_a_platform_has_none(chromium: str) -> None:
    with demo() as address:
        async with visited(chromium, address, DESK) as visit:
            assert await visit.page.locator("#chat form.blanks").count() == 1
            for other in ("wecom", "dingtalk", "text"):
                await visit.page.locator("#as").select_option(other)
                await visit.page.wait_for_url(f"**as={other}**")
                assert await visit.page.locator("#chat form.blanks").count() == 0
                assert "请直接回复指标名称和数值" in await visit.page.locator("#chat").inner_text()


async def test_files_go_along_by_name(chromium: str, tmp_path: Path) -> None:
    paper = tmp_path / "证明材料.pdf"
    paper.write_bytes(b"%PDF-1.7 sentinel")
    with demo() as address:
        async with visited(chromium, address, DESK) as visit:
            page = visit.page
            sent: list[str] = []
            page.on("request", lambda request: sent.append(request.post_data or ""))
            await page.locator("#files").set_input_files(paper)
            assert "证明材料.pdf" in await page.locator("#chosen").inner_text()
            await visit.write("亩均税收3.8 预测7")
            await visit.told("已报1/4")

            assert not [body for body in sent if "sentinel" in body]
            assert [body for body in sent if "attachment=" in body]
            assert await page.locator("#chosen").inner_text() == ""
