"""Rulebook files: what is refused and how it is said, what only warns, and that no text is misread."""

import json
import re
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessment import yaml_text
from assessment.fault import Broken
from assessment.rulebook import Due
from assessment.rulebook_file import Fault, Loaded, StandIn, Unset, load, schema_text

CASES = Path(__file__).parent / "rulebooks"
SHIPPED = Path(__file__).parents[2] / "assessment" / "rulebooks"
EXPECTED = re.compile(r"# (期望|警告): (.*)")

HEAD = """\
编号: x
办法: 试例办法
版本: "1"
年度: 2010
主管: 督查室
出处: 试例
"""


def broken(text: str) -> tuple[Fault, ...]:
    with pytest.raises(Broken) as refused:
        load(text, "办法.yaml")
    return refused.value.faults


def said(fault: Fault) -> str:
    """The fault as a case file announces it: without file and column."""
    return re.sub(r" 第 \d+ 列", "", str(fault).removeprefix(f"{fault.file} "), count=1).replace("行：", "行 ", 1)


def announced(text: str) -> tuple[list[str], list[str]]:
    found = EXPECTED.findall(text)
    return [line for kind, line in found if kind == "期望"], [line for kind, line in found if kind == "警告"]


@pytest.mark.parametrize("file", sorted(CASES.glob("*.yaml")), ids=lambda file: file.stem)
def test_each_case_is_refused_or_warned_of_as_it_announces(file: Path) -> None:
    """R04, R106, among them: an upper day that is not after the lower one, and indicators of public opinion."""
    text = file.read_text(encoding="utf-8")
    faults, warnings = announced(text)

    if faults:
        found = broken(text)
        assert [said(fault) for fault in found] == faults
        assert all(fault.what and fault.remedy for fault in found)
    else:
        assert [said(warning) for warning in load(text, file.name).warnings] == warnings
        assert warnings


def test_a_fault_reads_as_file_line_column_path_and_remedy() -> None:
    text = HEAD + "减负上限:\n  填报入每月: 3\n"

    assert [str(fault) for fault in broken(text)] == [
        "办法.yaml 第 8 行 第 3 列 减负上限 › 填报入每月：没有这一项，是不是想写“填报人每月”？"
    ]


@pytest.mark.parametrize("file", sorted(CASES.glob("*.yaml")), ids=lambda file: file.stem)
def test_what_is_said_has_chinese_punctuation_save_in_what_was_typed(file: Path) -> None:
    said_of_it = [f"{fault.what}，{fault.remedy}" for fault in said_about(file.read_text(encoding="utf-8"))]
    own_words = [re.sub("“[^”]*”", "", sentence) for sentence in said_of_it]

    assert own_words
    assert not [sentence for sentence in own_words if re.search("[,;:()?!]", sentence)]


def said_about(text: str) -> tuple[Fault, ...]:
    """The faults for which the text is refused, or else its warnings."""
    try:
        return load(text, "办法.yaml").warnings
    except Broken as refused:
        return refused.faults


def test_all_faults_of_one_file_are_told_at_once_in_the_order_of_its_lines() -> None:
    faults = broken((CASES / "several-faults.yaml").read_text(encoding="utf-8"))

    assert len(faults) == 7
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)


def test_a_reference_to_a_faulty_entry_is_not_a_second_fault() -> None:
    text = HEAD + "催办阶梯:\n  - {编号: 催报, 各步: 三步}\n事项阶梯: 催报\n"

    assert [fault.path for fault in broken(text)] == ["催办阶梯 › 1 › 各步"]


def test_english_names_are_no_keys() -> None:
    faults = broken(HEAD.replace("编号: x", "id: x"))

    assert {fault.path for fault in faults} == {"编号", "id"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("12.10", "12.10"), ("18:30", "18:30"), ("no", "no"), ("2010-09", "2010-09"), ("0o17", "0o17"), ("1e3", "1e3")],
)
def test_a_text_stays_as_it_was_typed(typed: str, kept: str) -> None:
    assert load(HEAD.replace('"1"', typed), "办法.yaml").rulebook.version == kept


@pytest.mark.parametrize("nothing", ["null", "~", "", '""', "Null"])
def test_what_is_left_empty_is_nothing(nothing: str) -> None:
    assert load(HEAD + f"受评: {nothing}\n", "办法.yaml").rulebook.assessed is None


def test_times_of_day_are_read_as_typed() -> None:
    rulebook = load(HEAD + "办公时间: [{自: 08:30, 至: 18:30}]\n", "办法.yaml").rulebook

    assert [(w.start.isoformat(), w.end.isoformat()) for w in rulebook.office_hours] == [("08:30:00", "18:30:00")]


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("{当月: 25}", Due(day_of_month=25)),
        ("{期末: true}", Due(last_day=True)),
        ("{期后工作日: 3, 次月: null}", Due(workdays_after=3)),
    ],
)
def test_every_form_of_a_due_rule_can_be_written(written: str, due: Due) -> None:
    assert load(duty_due(written), "办法.yaml").rulebook.duties[0].due.value == due


def duty_due(written: str) -> str:
    return f"""{HEAD}
报送任务:
  - {{编号: 月报, 名称: 月报, 依据: 第二条, 周期: 月, 阶梯: 催报, 承担单位: [各局], 截止: {written}}}
催办阶梯:
  - {{编号: 催报, 各步: [{{步骤: 催办, 时间: {{逾期日: 1}}}}]}}
"""


def clause_worth(points: str) -> Loaded:
    text = f"""{HEAD}
记分: [{{对象: 单位}}]
条款:
  - {{编号: A1, 名称: 表扬, 原文: 表扬的加分, 依据: 第一条, 触发: 人工记录, 分值: {points}}}
"""
    return load(text, "办法.yaml")


def test_a_parameter_is_a_value_or_unset_or_a_stand_in() -> None:
    plain, unset, stand_in = clause_worth("0.5"), clause_worth("null"), clause_worth("{值: 2, 代入: 原文未给}")

    assert plain.rulebook.clause("A1").points.value == Decimal("0.5")
    assert (plain.unset, plain.stand_ins) == ((), ())
    assert unset.rulebook.clause("A1").points.value is None
    assert unset.unset == (Unset("条款 › 表扬 › 分值", "这一条的加减分（台账写“未设定”，总分为暂估）"),)
    assert stand_in.rulebook.clause("A1").points.mark == "◇"
    assert stand_in.stand_ins == (StandIn("条款 › 表扬 › 分值", "2", "原文未给"),)


def test_the_default_days_for_a_statement_are_three_workdays() -> None:
    assert load(HEAD, "办法.yaml").rulebook.statement_workdays.value == 3


def test_the_digest_is_that_of_the_text() -> None:
    assert load(HEAD, "办法.yaml").digest == sha256(HEAD.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[" * 300_000, "层次超过 20 层"),
        ("- " * 300_000, "层次超过 20 层"),
        ("# 备注\n" * 200_000, "文件超过 1 MiB"),
        (HEAD + "受评: 三门\x07县\n", "有不可见的控制字符"),
        (HEAD + "受评: \ud800\n", "有不可见的控制字符"),
        (HEAD + "? [甲]\n: 乙\n", "这里应是一个键"),
        (HEAD + "受评: !!python/name:os.system 甲\n", "不支持类型标记“!”"),
    ],
    ids=["brackets", "dashes", "huge", "control", "surrogate", "key", "tag"],
)
def test_texts_made_to_do_harm_are_refused(text: str, what: str) -> None:
    assert [fault.what for fault in broken(text)] == [what]


def test_without_the_c_parser_the_same_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "_LOADER", yaml.SafeLoader)

    for file in CASES.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        faults, warnings = announced(text)
        if faults:
            assert len(broken(text)) == len(faults), file.name
        else:
            assert len(load(text, file.name).warnings) == len(warnings), file.name


KEYS = ["条款", "指标", "编号", "分值", "截止", "值", "代入", "计分", "方式"]
MARKS = [":", ": ", "：", "- ", "\n", "\n  ", "\t", "{", "}", "[", "]", ",", "，", '"', "'", "#", "&a", "*a", "!", "|"]
VALUES = ["甲", "达到次数", "null", "true", "3", "-0.5", "%", ">", "---\n", "\x00"]
WORDS = st.sampled_from([*KEYS, *MARKS, *VALUES])


def faults_of(text: str) -> tuple[Fault, ...]:
    """The faults for which the text is refused; none if it is not."""
    try:
        load(text, "办法.yaml")
    except Broken as refused:
        return refused.faults
    return ()


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=25).map("".join))
@example("a: &x\n  b: *x")
@example("条款: {值: {值: null}}")
@example("条款:\n  - 编号: A1\n    分值: {代入: }\n")
@example("指标:\n  - 计分: {方式: {a: b}}\n")
@example("指标:\n  - 计分: [方式, 倒扣]\n")
@example("指标:\n  - 计分: {方式: null, 1: 2}\n")
def test_whatever_is_typed_is_answered_with_faults_at_lines_that_exist(tail: str) -> None:
    text = HEAD + tail

    lines = len(text.splitlines()) + 1

    assert all(1 <= fault.line <= lines and fault.column >= 1 for fault in faults_of(text))


SUPERVISION = (SHIPPED / "supervision-80.yaml").read_text(encoding="utf-8").splitlines()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(SUPERVISION) - 1), st.sampled_from(["drop", "repeat", "indent", "colon"]))
def test_a_slip_in_a_real_rulebook_never_changes_another_line_in_silence(at: int, slip: str) -> None:
    """Either it is refused, or everything that the other lines say is still there."""
    line = SUPERVISION[at]
    changed = {"drop": [], "repeat": [line, line], "indent": [" " + line], "colon": [line.replace(": ", "：", 1)]}[slip]
    text = "\n".join([*SUPERVISION[:at], *changed, *SUPERVISION[at + 1 :]])
    if faults_of(text):
        return
    clauses = load(text, "办法.yaml").rulebook.clauses
    whole = load("\n".join(SUPERVISION), "办法.yaml").rulebook

    assert [clause.id for clause in clauses] == [clause.id for clause in whole.clauses]
    assert sum(clause != whole.clause(clause.id) for clause in clauses) <= 1


def test_the_exported_schema_is_current() -> None:
    exported = (SHIPPED / "rulebook.schema.json").read_text(encoding="utf-8")

    assert exported == schema_text(), "write assessment.rulebook_file.schema_text() to the file again"


def test_the_schema_has_chinese_keys_only_and_accepts_the_three_forms_of_a_parameter() -> None:
    schema = json.loads(schema_text())
    definitions = schema["$defs"]
    keys = {key for part in definitions.values() for key in part.get("properties", {})} | set(schema["properties"])
    points = definitions["Clause"]["properties"]["分值"]["$ref"].rpartition("/")[2]
    forms = [form.get("type") for form in definitions[points]["anyOf"]]

    assert {"原文", "依据", "报送任务", "催办阶梯"} <= keys
    assert not [key for key in keys if key.isascii()]
    assert {"number", "null", "object"} <= set(forms)


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.yaml")), ids=lambda file: file.stem)
def test_shipped_files_point_editors_at_the_schema(file: Path) -> None:
    first = file.read_text(encoding="utf-8").partition("\n")[0]

    assert first == "# yaml-language-server: $schema=rulebook.schema.json"
