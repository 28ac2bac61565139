"""Log lines are JSON, show nothing that should stay hidden, and hide nothing that should be seen."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs import LineWriter, configure_logs

SECRET = 'a "quoted" secret\\of the office'

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    before = logging.getLogger().handlers[:], logging.getLogger().level
    configure_logs(secrets=[SECRET, ""], stream=stream)
    yield stream
    logging.getLogger().handlers[:], logging.getLogger().level = before
    structlog.reset_defaults()


@pytest.fixture
def lines(stream: io.StringIO) -> Lines:
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_one_line_of_json(stream: io.StringIO, lines: Lines) -> None:
    structlog.get_logger().info("callback kept", channel="政务微信", count=2)

    assert stream.getvalue().count("\n") == 1
    assert "政务微信" in stream.getvalue()
    assert lines()[0].items() >= {"event": "callback kept", "channel": "政务微信", "count": 2, "level": "info"}.items()
    assert lines()[0]["timestamp"].endswith("Z")


def test_secrets_and_phone_numbers_are_blotted_out(stream: io.StringIO, lines: Lines) -> None:
    structlog.get_logger().info("x", a=SECRET, b={"c": [f"see {SECRET}"]}, d="13812345678", e=100000013812345678)
    logging.getLogger("library").warning("secret is %s", SECRET)

    assert "quoted" not in stream.getvalue()
    assert lines()[0].items() >= {"a": "***", "b": {"c": ["see ***"]}, "d": "***", "e": 100000013812345678}.items()
    assert lines()[1]["message"] == "secret is ***"


def test_what_cannot_be_seen_is_written_out(stream: io.StringIO, lines: Lines) -> None:
    hidden = "甲\u202e\u200b\x1b[31m\n\r\x85\u2028\U000e0041\ud800乙"
    structlog.get_logger().info("x", text=hidden)

    assert stream.getvalue()[:-1].isprintable()
    assert lines()[0]["text"] == hidden


def test_an_event_is_never_what_somebody_wrote(lines: Lines) -> None:
    structlog.get_logger().info("用户说 得分")
    structlog.get_logger().info("line\nbreak")

    assert [line["event"] for line in lines()] == ["unnamed", "unnamed"]


def test_an_exception_is_logged_without_its_message(stream: io.StringIO, lines: Lines) -> None:
    for log in (structlog.get_logger().exception, logging.getLogger("library").exception):
        try:
            int("sentinel")
        except ValueError:
            log("intake failed")

    assert "sentinel" not in stream.getvalue()
    assert [line["error"] for line in lines()] == ["ValueError", "ValueError"]
    assert all("test_logs.py" in line["places"][-1] for line in lines())


def test_libraries_speak_through_the_same_door(lines: Lines) -> None:
    logging.getLogger("aiohttp.server").warning("odd %s", "request")
    logging.getLogger("aiohttp.access").info("GET /webhooks?sign=x")

    assert [(line["event"], line["library"], line["message"], line["level"]) for line in lines()] == [
        ("library", "aiohttp.server", "odd request", "warning")
    ]


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters()))
def test_any_text_makes_one_visible_line_that_reads_back(text: str) -> None:
    line = LineWriter([])(None, "info", {"text": text})

    assert line.isprintable()
    assert json.loads(line)["text"] in (text, "***") or "***" in line
