"""`duban explain`: how a measure reads when it is printed back, and the command that prints it."""

from pathlib import Path

import pytest

from assessment.rulebook import Rulebook
from bot.__main__ import main
from bot.explained import CHAPTERS
from tests.bot.measures import TODAY, WHOLE, read, told

BROKEN = Path(__file__).parents[1] / "assessment" / "rulebooks" / "several-faults.yaml"


@pytest.fixture(scope="module")
def whole() -> Rulebook:
    return read(WHOLE)


def test_a_clause_as_an_office_reads_it(whole: Rulebook) -> None:
    lines = told(whole, "条款")

    assert lines[lines.index("  依据 九") :][:5] == [
        "  依据 九",
        "    B1　催报未报　每日扣0.25分",
        "      触发：催报后未报（经催报，仍未报送）；用于报送任务：月报。",
        "      从截止的次日起计日，每延迟1日计一次。",
        "      原文：经催报仍未报的",
    ]
    assert "    A1　按期办结　每次加2分◇" in lines
    assert "      分值是代入值◇：原文未给分数" in lines
    assert "    A2　逾期不办　每日酌情扣1至3分" in lines
    assert "      互斥组“办结”：与A1只能选一。" in lines


def test_a_duty_with_the_days_of_its_next_period(whole: Rulebook) -> None:
    """On 1 April the next report is that of March: due on a Sunday in a holiday, with two days of grace."""
    lines = told(whole, "报送任务")

    assert lines[3:][:17] == [
        "  月报（编号 d1）",
        "    周期：月（每月报一次）；自2026年3月起；至2026年10月止；累计口径，数从年初算起。",
        "    截止：报告期次月5日24:00前◇（代入：原文未给日子）；宽限2日，宽限内不催报、不拟扣，仍记为逾期。",
        "    报送单位：部门；内容：所承担的指标（全办法共17项），文字1部分（存在问题）。",
        "    签发：主要负责人（须由本单位主要负责人签发，签发前不算报送）；报送后由考核办审核，可退回。",
        "    以2026年1—3月的为例：2026年4月5日（周日）24:00前报送；未报的按阶梯“催报”办理：",
        "      2026年4月2日（周四）09:30　提醒填报人",
        "      2026年4月8日（周三）09:00　催办填报人",
        "      2026年4月8日（周三）09:00　催办主要负责人",
        "      2026年4月14日（周二）09:00　通报考核办",
        "    可能引用的条款：",
        "      B1 催报未报（每日扣0.25分）",
        "    依据：十三",
        "  旬报（编号 d2）",
        "    周期：周（每周报一次，周一至周日为一周）；自2026年第10周起；至2026年第20周止。",
        "    截止：报告期结束后第3个工作日24:00前；没有宽限。",
        "    报送单位：部门；内容：一段文字。",
    ]


def test_a_year_that_is_over_is_shown_by_its_first_period(whole: Rulebook) -> None:
    past = whole.model_copy(update={"year": 2025, "duties": (whole.duties[2],)})

    assert any("以2025年一季度的为例：2025年3月25日（周二）" in line for line in told(past, "报送任务"))


def test_days_of_an_unpublished_year_are_marked(whole: Rulebook) -> None:
    duty = whole.duties[1].model_copy(update={"first": None, "last": None})
    future = whole.model_copy(update={"year": 2090, "duties": (duty,)})

    text = "".join("".join(told(future, "报送任务")).split())

    assert "暂按周一至周五推算" in text
    assert "放假安排未定" in text


def test_a_choice_says_whether_the_file_made_it(whole: Rulebook) -> None:
    silent = whole.model_copy(
        update={"readings": Rulebook.model_fields["readings"].get_default(call_default_factory=True)}
    )

    assert any(line.strip().startswith("催报计日：截止次日") and line.endswith("〔办法选定〕") for line in told(whole))
    lines = [line.strip() for line in told(silent)]
    assert any(
        line.startswith("催报计日：首次催报次日") and line.endswith("〔办法未写，按系统默认〕") for line in lines
    )


def test_what_is_unset_or_assumed_is_listed_with_what_waits_for_it(whole: Rulebook) -> None:
    lines = told(whole)
    end = lines[next(at for at, line in enumerate(lines) if line.endswith("、未设定项和代入值")) :]

    assert "    指标 › 基本分（1项）：能耗" in end
    assert "      影响：折算得分" in end
    assert "    报送任务 › 截止代入次月 5（1项）：月报" in end
    assert "      理由：原文未给日子" in end


def test_one_chapter_alone(whole: Rulebook) -> None:
    for only in CHAPTERS:
        title, _, heading, *body = told(whole, only)
        assert (title, heading) == ("《某县综合考核办法》（2026年3月版）", only)
        assert body


# ── the command ──


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.__main__._today", lambda _zone: TODAY)

    assert main(["explain", str(WHOLE)]) == 0
    said = capsys.readouterr()

    assert said.out.splitlines() == told(read(WHOLE))
    assert said.err.splitlines()[0].startswith("△ whole_rulebook.yaml 第 ")


def test_the_command_prints_one_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(WHOLE), "--only", "催办阶梯"]) == 0
    assert "截止前2个工作日 09:30，提醒填报人。" in capsys.readouterr().out


def test_a_part_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(WHOLE), "--only", "附则"]) == 2
    assert (
        "--only 应写条款、指标、报送任务、催办阶梯、阶段、等次、后果、奖励、整改、读法、存疑之一"
        in capsys.readouterr().err
    )


def test_a_broken_file_is_told_as_the_check_tells_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(BROKEN)]) == 1
    out, err = capsys.readouterr()

    assert out == ""
    assert len(err.splitlines()) == 8
    assert "✗ several-faults.yaml 第 24 行 第 5 列 条款 › 1 › 分直：没有这一项 → 是不是想写“分值”？" in err


def test_no_such_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["explain", str(tmp_path / "none.yaml")]) == 2
    assert "没有文件" in capsys.readouterr().err
    assert main(["explain", str(tmp_path)]) == 2


def test_a_file_that_is_no_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"PK\x03\x04")

    assert main(["explain", str(tmp_path / "x.yaml")]) == 1
    assert "Excel" in capsys.readouterr().err
