"""Callers who do not wait for each other: every message is sent at its moment, whether or not the last was answered.

python -m bench.arrivals PORT FILE, where FILE holds the messages; prints what was heard. A process of its own, so that
neither the service nor the platforms delay the clock by which it is judged.
"""

import asyncio
import base64
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Arrival:
    """One request, as it goes onto the wire, and its moment in seconds after the start."""

    at: float
    request: bytes


@dataclass(frozen=True)
class Heard:
    """Seconds from the moment of each message to its answer, and how many answers were not 200."""

    latencies: Sequence[float]
    refused: int


def write(path: Path, arrivals: Sequence[Arrival]) -> None:
    """Keep arrivals for the process that sends them."""
    path.write_text(json.dumps([(one.at, base64.b64encode(one.request).decode()) for one in arrivals]), "ascii")


def read(path: Path) -> list[Arrival]:
    """What write kept."""
    return [Arrival(at, base64.b64decode(request)) for at, request in json.loads(path.read_text("ascii"))]


class Callers:
    """As many connections as are needed at once; each is used again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(self, request: bytes) -> int:
        """Send one request; the status of its answer."""
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        self._free.append((reader, writer))
        return int(head.split(b" ", 2)[1])

    def hang_up(self) -> None:
        """Close all connections."""
        for _, writer in self._free:
            writer.close()


async def call(port: int, arrivals: Sequence[Arrival]) -> Heard:
    """Send everything at its moment. The time that a caller is late himself counts against the service."""
    callers, start = Callers(port), time.perf_counter()
    latencies: list[float] = []
    statuses: list[int] = []

    async def one(arrival: Arrival) -> None:
        statuses.append(await callers.send(arrival.request))
        latencies.append(time.perf_counter() - start - arrival.at)

    async with asyncio.TaskGroup() as group:
        for arrival in arrivals:
            await asyncio.sleep(max(0.0, arrival.at - (time.perf_counter() - start)))
            group.create_task(one(arrival))
    callers.hang_up()
    return Heard(latencies, sum(status != 200 for status in statuses))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(call(int(sys.argv[1]), read(Path(sys.argv[2])))))))
