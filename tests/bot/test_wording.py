"""docs/wording.md shows every saying as it is today, and each keeps to the office's tone."""

import re
from pathlib import Path

import pytest

from assessment.notices import DecideList, Gaps, Notice, Reminder, ScoreLines, ScoreTold
from bot.cards import card_of
from bot.channels.card import Card
from bot.wording import EXAMPLES, PAGE, ZONE, Example, examples, page

WORD_FOR_WORD = {
    "未登记的人": """
您尚未登记，请回复：绑定 姓名 单位，经考核办确认后使用。
""",
    "无权查询的人，以及查询不存在的内容": """
该结果在规定范围内知悉，如需了解请联系考核办。
""",
    "来信带密级标志": """
请按保密规定通过规定渠道报送（本条内容未保存）。
""",
    "群内": """
已单独发给您。
""",
    "填报人，一项有疑问": """
1—7月进展情况：已收，有1处请核
1. 规上亩均工业总产值 完成85，预测155（万元/亩）；按全年预测距基本任务168.7差13.7，距满分202.44差47.44。
2. 规上亩均税收（您写“亩均税収”）完成3.8，预测7（万元/亩）；按全年预测距基本任务7.56差0.56，距满分9.08差2.08。
3. 万元工业增加值能耗 完成1.06，预测0.78（吨标准煤/万元）；按全年预测距满分0.7322差0.0478；基本任务未录入，暂不计分。
文字部分已收：存在问题、下一步措施。
4. 高新技术产业总产值占比：预测25%低于已完成26%，请核。属实回“确认”，更正回“改 4 预测 ××%”。
第4项暂不报的，回“只收 1、2、3”。
编号R-1008-17，8月4日 09:12，按时。
还需报送（已报3/4）：高新技术产业总产值占比；报送截止8月5日（周四）24:00◇。
结算前可更正，请回复“更正 指标 数值”，首次报送时间不变。
回复：确认 / 改 4 / 只收 1、2、3
""",
    "填报人，数量级有疑问，什么也没收": """
1—7月进展情况：有1处请核
此前所问的不再等候答复。
1. 规上亩均工业总产值：您报85亿元，目标值为168.7万元/亩，相差较大，是否为85万元/亩？是则回“确认”，更正回“改 1 完成 ××万元/亩”。
答复前，有疑问的各项未收。
还需报送：规上亩均工业总产值、规上亩均税收、万元工业增加值能耗、高新技术产业总产值占比；报送截止8月5日（周四）24:00◇。
回复：确认 / 改 1 / 取消
""",  # noqa: E501
    "填报人，须签发": """
三季度运行分析：已收，待签发
文字部分已收：工作落实情况、存在问题、下一步措施。
编号R-1010-6，10月8日 15:02收到。
待方立群签发，签发后才算报送。
应报3项已报齐。
报送截止10月10日（周日）24:00◇。
审核前可更正，请回复“更正 工作落实情况：内容”，首次报送时间不变。
""",
    "填报人，报送中更正": """
1—7月进展情况：已收齐
2. 规上亩均税收（您写“亩均税収”）完成3.8，预测7（万元/亩）；按全年预测距基本任务7.56差0.56，距满分9.08差2.08。
更正：规上亩均税收 完成3.8→4.1万元/亩，原记录保留。
编号R-1008-19，8月5日 16:40，按时。
应报4项已报齐。
结算前可更正，请回复“更正 指标 数值”，首次报送时间不变。
""",
    "填报人，截止前": """
提醒：1项待报
1—7月进展情况请于8月5日（周四）24:00前◇报送，贵单位尚有4项未报：规上亩均工业总产值、规上亩均税收、万元工业增加值能耗、高新技术产业总产值占比。
请直接回复指标名称和数值（可用简称），几项可写在一条里。
标◇的为暂定，以正式确定的为准。
""",
    "填报人，逾期": """
催报：1项待报
8月工作计划截止时间为8月5日（周四）24:00◇，已逾期1天，贵单位尚未报送。
自催报次日起，每延迟1天拟扣1分（四(二)4，个人记分）；7日、8日为休息日，照计。
请直接回复“8月工作计划：内容”。
""",
    "主要负责人，待签发且逾期": """
催报：1项待签发
县经贸局三季度运行分析已报来，待您签发，截止时间为10月10日（周日）24:00◇，已逾期1天。
回复：签发
""",
    "主要负责人、分管领导": """
督办：2项逾期
县经贸局：1—7月进展情况截止时间为8月5日（周四）24:00◇，已逾期67天，尚未报送。
县经贸局：三季度运行分析截止时间为10月10日（周日）24:00◇，已逾期1天，待方立群签发。
填报人：李敏。
统计至10月11日 09:00。请督促尽快报送、签发。
""",
    "考核办，谁没报": """
1—7月进展情况：报送名单
应报17家：零报告1家，按时13家，迟交1家，未提交2家。
未提交：县经贸局、县环保局。
迟交：县食品药品监督局。
零报告：县计生局。
县经贸局已报3/4，还缺高新技术产业总产值占比。
未提交单位均已于8月6日 09:00催报。
其余15家未发催报。
报送截止8月5日（周四）24:00◇，统计至8月6日 09:00。
回复：催报 1—7月进展情况
""",
    "个人，拟扣": """
拟扣3分（暂计）
县环保局王晨曦（个人记分，不计入单位）：四(二)4 催报后未报，拟扣3分，编号P-1008-32。
事实：1—7月进展情况：8月6日催报，8月9日报送，计8月7日至8月9日共3天。
原文：“工作计划或办理结果经催报后仍未报的,每延迟1天扣1分”。
如有情况说明，请于8月12日（周四）24:00前回复“情况说明 P-1008-32 内容”。
核定前为暂计，不记入台账。
""",
    "单位，入账": """
核定结果：扣2分
县经贸局：四(一)2 县主要领导交办事项未按时完成，扣2分，陈静怡核定，台账编号L-1008-41。
现核定总分78分。
查看依据请回复“为什么 L-1008-41”；如有异议，请回复“申诉 L-1008-41 理由”。
""",
    "单位，已更正": """
记分已更正（原记录保留）
县经贸局：L-1008-41（四(一)2，−2分）已更正，不再计分。
现核定总分79.5分。
理由：
│ 8月6日下午已书面办结
恢复计入：四(一)1。
更正编号L-1008-45，陈静怡办理。
查看依据请回复“为什么 L-1008-45”。
""",
    "领导问一个单位现在多少分": """
县经贸局得分（截至8月31日 10:30）
县经贸局：核定79分（基础80）；暂计77分（含待核定−2分）。
依据《督查室督查工作考核办法（试行）》。
拟扣2分，四(一)2 县主要领导交办事项未按时完成；S-1008-2清理批而未供土地：应于8月6日前办结，8月9日报办结（P-1008-31，待核定）。
−1分，四(一)3 《督查通报》批评（主办）；《督查通报》第7期批评（L-1008-12，核定：陈静怡，8月9日 10:20）。
县经贸局李敏（个人记分，不计入单位）：核定−3分；暂计−3分。
−3分，四(二)4 催报后未报；1—7月进展情况：8月6日催报，8月9日报送，计8月7日至8月9日共3天（L-1008-40，核定：陈静怡，8月13日 09:30）。
依据《三门县2010年度发展目标考核》（2010年9月版），1—7月：
规上亩均工业总产值：按已完成计85万元/亩，为基本任务的50.39%；按全年预测计155万元/亩，为基本任务的91.88%；落后序时进度7.95个百分点；按全年预测距基本任务168.7差13.7。
水环境出境断面指标率：按已完成计75%，为基本任务的107.14%；按全年预测计75%，为基本任务的107.14%；序时进度不适用（比率指标）；按全年预测折算4分◇。
万元工业增加值能耗：按已完成计1.06吨标准煤/万元；按全年预测计0.78吨标准煤/万元；序时进度不适用（比率指标）；基本任务未录入，暂不计分。
未报：高新技术产业总产值占比。
标◇的为暂定，以正式确定的为准。
回复：为什么 P-1008-31 / 明细 县经贸局 / 差距 县经贸局
""",  # noqa: E501
    "填报人，差距": """
县经贸局指标差距
依据《三门县2010年度发展目标考核》（2010年9月版），1—7月：
规上亩均工业总产值：按已完成计85万元/亩，距基本任务168.7差83.7，距满分202.44差117.44；按全年预测计155万元/亩，距基本任务168.7差13.7，距满分202.44差47.44；落后序时进度7.95个百分点。
水环境出境断面指标率：按已完成计75%，达到基本任务70%，距满分80%差5个百分点；按全年预测计75%，达到基本任务70%，距满分80%差5个百分点◇。
万元工业增加值能耗：按已完成计1.06吨标准煤/万元，距满分0.7322差0.3278；按全年预测计0.78吨标准煤/万元，距满分0.7322差0.0478；基本任务未录入，暂不计分。
未报：高新技术产业总产值占比。
标◇的为暂定，以正式确定的为准。
""",
    "单位，为什么 L-1008-41": """
L-1008-41的依据
县经贸局：−2分（已更正）。
事实：S-1008-2清理批而未供土地：应于8月6日前办结，8月9日报办结。
发生时间：2010年8月6日24:00。
条款：四(一)2 县主要领导交办事项未按时完成。
原文：“县主要领导批办、会办、交办的工作事项,按时完成的不加分也不扣分,未按时完成的每项扣2分”。
办法：《督查室督查工作考核办法（试行）》。
核定情况：陈静怡，2010年8月13日 09:30入账，台账编号L-1008-41。
佐证：督查通报第7期。
情况说明：
│ 用地手续在市局，8月8日才批回。
同一事项取最高，以四(一)1（L-1008-9）为准，此项不另计。
已由L-1008-45更正，原记录保留。
""",
}
"""The sayings that people meet most. The page is made anew by a command; these are changed by hand, on purpose."""

CHAPTERS = examples(EXAMPLES.read_text("utf-8"))
EVERY = [example for chapter in CHAPTERS.values() for example in chapter]
each = pytest.mark.parametrize("example", EVERY, ids=[f"{n}-{type(e.notice).__name__}" for n, e in enumerate(EVERY)])

NUMBER = re.compile(r"[A-Z]-\d{4}-\d+")
CITATION = re.compile(r"[一二三四五六七八九十]\([一二三四五六七八九十]\)\d*")
CLOCK = re.compile(r"\d\d:\d\d")
ACCOUNT = re.compile(r"[0-9A-Za-z_-]+\*{3}[0-9A-Za-z_-]+")
FILE = re.compile(r"“[^”]*[.][a-z]{3,4}”|PDF|Word文档|Excel表格")
PUBLIC_LIMIT = 2048
"""Bytes of one message on the platform that allows fewest."""

STANDARD = re.compile("SHA-256|UTF-8")
"""Named, so that anybody can draw a sample again."""
UNWANTED = re.compile(
    r"！|!|None|[A-Za-z]|"
    "截报|升级|快于序时|无权|私信|冲销|已读|"  # what an office says otherwise
    "辛苦|很好|优秀|出色|加油|恭喜|"  # praise
    "追责|严肃|后果|务必|否则|不得|"  # threats
    "webhook|系统错误|异常|数据库|机器人|接口"  # technical
)


def shown(example: Example) -> Card:
    return card_of(example.notice, ZONE)


def own_words(card: Card) -> str:
    """The text without what people wrote, clause texts, short numbers, citations and times of day."""
    lines = [line for line in card.text().split("\n") if not line.startswith(("│ ", "原文："))]
    text = "\n".join(lines)
    for pattern in (NUMBER, CITATION, CLOCK, FILE, ACCOUNT, STANDARD):
        text = pattern.sub("", text)
    return text


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(CHAPTERS, ZONE), "docs/wording.md is old: run `python -m bot.wording`"


def test_the_page_is_written_where_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.wording.PAGE", tmp_path / "wording.md")
    monkeypatch.setattr("sys.argv", ["wording"])
    from bot.wording import main  # noqa: PLC0415 - after the page was moved aside

    main()

    assert (tmp_path / "wording.md").read_text("utf-8") == PAGE.read_text("utf-8")


@pytest.mark.parametrize(("listener", "expected"), WORD_FOR_WORD.items(), ids=range(len(WORD_FOR_WORD)))
def test_word_for_word(listener: str, expected: str) -> None:
    (example,) = [example for example in EVERY if example.listener == listener]

    assert shown(example).text() == expected.strip()


def test_every_notice_is_shown() -> None:
    ours = {kind.__name__ for kind in Notice.known.values() if kind.__module__.startswith("assessment.notices.")}

    assert ours - {type(example.notice).__name__ for example in EVERY} == set()


@each
def test_polite_and_plain(example: Example) -> None:
    assert UNWANTED.search(own_words(shown(example))) is None


@each
def test_no_empty_line_and_no_doubled_stop(example: Example) -> None:
    text = shown(example).text()

    assert all(line.strip() for line in text.split("\n"))
    assert not re.search("[。，；：、]{2}|[，；：、]$", text.replace("：\n│", "\n│").replace("：\n", "\n"))


@each
def test_full_width_punctuation(example: Example) -> None:
    assert not re.search(r"[,;:()\"']", own_words(shown(example)))


@each
def test_a_deadline_is_never_midnight_of_the_next_day(example: Example) -> None:
    assert "00:00" not in shown(example).text()


@each
def test_sentences_end(example: Example) -> None:
    card = shown(example)
    unfinished = [line for line in (*card.lines, card.note) if line and not line.startswith("│ ")]

    assert all(line.endswith(("。", "：")) for line in unfinished) or type(example.notice).__name__ in {
        "Menu",
        "NotUnderstood",
        "RepairLine",
        "SignList",
        "WhichDuty",
    }


@each
def test_every_button_can_be_typed(example: Example) -> None:
    card = shown(example)
    typed = card.text().rsplit("回复：", 1)[-1].split(" / ")

    assert all(button.command in typed for button in card.buttons)
    assert all(button.command == button.command.strip() for button in card.buttons)


@each
def test_a_question_says_how_to_answer(example: Example) -> None:
    text = shown(example).text()

    if re.search("请确认|请核|是否|请写明", text):
        assert re.search("回复|回“|重新发送", text)


@each
def test_short(example: Example) -> None:
    card = shown(example)

    assert len(card.title) <= 40
    assert len(card.text().encode()) <= PUBLIC_LIMIT


@each
def test_a_score_stands_in_the_first_two_lines(example: Example) -> None:
    if isinstance(example.notice, ScoreTold | ScoreLines) and example.notice.points:
        assert re.search("核定−?[0-9.]+分", "".join(shown(example).text().split("\n")[:2]))


@each
def test_an_example_of_deciding_can_be_typed_as_it_stands(example: Example) -> None:
    """Before the days for a statement are over 核定 wants a reason; where no value is given it wants a value."""
    if isinstance(example.notice, DecideList):
        plain = re.findall("“核定 (P-[0-9]+-[0-9]+)”", shown(example).text())
        ready = {line.number for line in example.notice.lines if line.decidable and line.points is not None}
        assert set(plain) <= ready
        if "核定 全部" in shown(example).text():
            assert len(ready) > 1
            without_points = any(line.decidable and line.points is None for line in example.notice.lines)
            assert ("其中分值已定的" in shown(example).text()) == without_points


@each
def test_a_mark_is_explained_where_people_plan_by_it(example: Example) -> None:
    if isinstance(example.notice, Reminder | ScoreTold | Gaps):
        text = shown(example).text()
        assert ("标◇的" in text) == ("◇" in text)


def test_written_text_is_amended_by_its_name() -> None:
    (plan,) = [example for example in EVERY if example.listener == "填报人，一份文字"]

    assert shown(plan).note == "结算前可更正，请回复“更正 8月工作计划：内容”，首次报送时间不变。"


def test_an_urging_that_waits_is_not_called_sent() -> None:
    (waiting,) = [example for example in EVERY if example.listener == "考核办，催报已办理"]
    (sent,) = [example for example in EVERY if example.listener == "考核办，催报已送出"]

    assert "已催报" not in shown(waiting).text()
    assert shown(sent).lines == ("已催报2家：县经贸局、县环保局。",)
