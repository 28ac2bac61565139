"""`duban serve`: the service as a process."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bot.installed import settings_at
from bot.serving import secrets_of
from tests.bot.house import environment


@pytest.fixture
def serving(office: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`duban serve` in a process of its own, and the port on which it answers."""
    port = _free_port()
    own_port = {**environment(), "DUBAN_SERVICE__LISTEN": f"127.0.0.1:{port}"}
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(command, cwd=office, env=own_port, stdout=subprocess.PIPE, text=True) as process:
        yield process, port
        process.kill()


def test_every_secret_is_blotted_out_of_the_logs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {(folder / "secrets" / name).read_text("ascii").strip() for name in ("ledger.key", "sandbox.secret")}
    assert set(secrets_of(settings_at(Path("duban.toml")))) == keys

    monkeypatch.setenv("DUBAN_SERVICE__DATABASE", "postgresql://duban:password@db/duban")
    assert set(secrets_of(settings_at(Path("duban.toml")))) == {*keys, "postgresql://duban:password@db/duban"}


def test_serve_until_sigterm(serving: tuple[subprocess.Popen[str], int], office: Path) -> None:
    process, port = serving
    assert process.stdout is not None
    events = []
    for line in process.stdout:
        events.append(json.loads(line))
        if events[-1]["event"] == "serving":
            break
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()

    process.send_signal(signal.SIGTERM)

    rest = [json.loads(line) for line in process.stdout]
    assert process.wait() == 0
    assert [event["event"] for event in rest][-1] == "stopped"
    missing = [event["what"] for event in events if event["event"] == "not ready"]
    assert "test-2026：乙局没有填报人，提醒和催报无人接收" in missing
    key = (office / "secrets" / "ledger.key").read_text("ascii").strip()
    assert key not in json.dumps(events + rest)


def test_serve_fails_when_it_cannot_listen(office: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        run = subprocess.run(
            [sys.executable, "-m", "bot", "serve"],
            cwd=office,
            env={**environment(), "DUBAN_SERVICE__LISTEN": listen},
            capture_output=True,
            text=True,
            check=False,
        )

    assert (run.returncode, run.stderr) == (1, f"不能监听 {listen}：地址不对，或端口已被占用\n")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
