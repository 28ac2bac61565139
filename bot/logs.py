"""Logs: one JSON object a line on standard output, ours and the libraries' alike, with no secret and nothing hidden.

An event's name is a fixed phrase in the code; whatever varies is a field. Of an exception the type and the places are
logged and not its message, which may quote a person's text or a statement's values.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_EVENT = re.compile(r"[a-z][a-z0-9 _-]{0,60}")
_PHONE = re.compile(r"(?<![0-9A-Za-z])1[3-9][0-9]{9}(?![0-9A-Za-z])")


def configure_logs(secrets: Iterable[str] = (), stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send all logs to `stream` (default: standard output); `secrets` are blotted out wherever they turn up."""
    stream = stream or sys.stdout
    ours: list[Processor] = [structlog.contextvars.merge_contextvars, _name_event]
    both: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _place_exception,
    ]
    finish = LineWriter(secrets)
    structlog.configure(
        processors=[*ours, *both, finish],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_name_library, *both],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, finish],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)


class LineWriter:
    """Writes an event as one line of JSON from which secrets and phone numbers are blotted out."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._write = structlog.processors.JSONRenderer(ensure_ascii=False)
        as_written = {json.dumps(secret, ensure_ascii=False)[1:-1] for secret in secrets if secret}
        self._secrets = sorted(as_written, key=len, reverse=True)

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> str:
        """The finished line, without its line break."""
        line = str(self._write(logger, method, event))
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return show_hidden(_PHONE.sub("***", line))


def show_hidden(line: str) -> str:
    """The line with every character that cannot be seen, or turns the writing round, as a JSON escape (T20)."""
    return line if line.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def _name_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if not _EVENT.fullmatch(str(event["event"])):
        event["event"] = "unnamed"  # it was built from what somebody wrote, and is not ours to repeat
    return event


def _name_library(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    return {**event, "event": "library", "library": record.name, "message": event["event"]}


def _place_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["places"] = [f"{p.filename}:{p.lineno} {p.name}" for p in traceback.extract_tb(error.__traceback__)]
    return event
