"""Many callers at once on plain sockets: each sends its next signed message when the last is answered."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.measuring import percentile
from bench.server import SECRET
from bot.channels.sandbox.envelope import SandboxEnvelope, Signer
from bot.clock import SystemClock
from bot.county import CHANNEL
from handlers.incoming import Incoming


@dataclass(frozen=True)
class Heard:
    """How the callers fared."""

    seconds: float
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def p(self, share: float) -> float:
        """Milliseconds within which that share was answered."""
        return 1000 * percentile(self.latencies, share)


def sealed(messages: Sequence[Incoming]) -> list[bytes]:
    """Whole HTTP requests, signed now; their stamps hold for five minutes."""
    envelope = SandboxEnvelope(CHANNEL, CHANNEL, Signer(SECRET))
    return [_request(envelope, message, number) for number, message in enumerate(messages)]


def _request(envelope: SandboxEnvelope, message: Incoming, number: int) -> bytes:
    seal = envelope.seal(message, nonce=f"n{number:030}", real_now=SystemClock().now())
    headers = {"host": "127.0.0.1", "content-type": "application/json", "content-length": str(len(seal.body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in {**headers, **seal.headers}.items())
    return f"POST /webhooks/{CHANNEL} HTTP/1.1\r\n{lines}\r\n".encode() + seal.body


async def call(port: int, requests: Sequence[bytes], callers: int) -> Heard:
    """Send all requests over `callers` connections; raise RuntimeError at the first answer that is not 200."""
    loop = asyncio.get_running_loop()
    rest = iter(requests)
    lines = [_Line(rest, loop.create_future()) for _ in range(min(callers, len(requests)))]
    for line in lines:
        await loop.create_connection(lambda line=line: line, "127.0.0.1", port)  # type: ignore[misc]
    start = time.perf_counter()
    for line in lines:
        line.begin()
    await asyncio.gather(*(line.done for line in lines))
    taken = time.perf_counter() - start
    return Heard(taken, [latency for line in lines for latency in line.latencies])


class _Line(asyncio.Protocol):
    """One caller's connection."""

    def __init__(self, requests: Iterator[bytes], done: "asyncio.Future[None]") -> None:
        self._requests = requests
        self.done = done
        self.latencies: list[float] = []
        self._transport: asyncio.Transport | None = None
        self._sent = 0.0
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def begin(self) -> None:
        """Send the next request, or hang up when there is none."""
        assert self._transport is not None
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, found, body = self._heard.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self.latencies.append(time.perf_counter() - self._sent)
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(self._heard.decode(errors="replace")))
            return
        self._heard = b""
        self.begin()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError("the server hung up"))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
