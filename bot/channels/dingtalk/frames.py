"""The frames of DingTalk's Stream, and which address a connection may be opened to. No I/O.

Source: open-dingtalk/dingtalk-stream-sdk-python, protocol version 1.0.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from yarl import URL

from bot.channels.body import refuse_deep
from bot.channels.channel import Malformed, Unverified

ROBOT = "/v1.0/im/bot/messages/get"
"""The topic of robot messages."""
TAKEN = 200
COME_AGAIN = 500


@dataclass(frozen=True)
class Frame:
    """One frame from the platform."""

    kind: str
    """SYSTEM, EVENT or CALLBACK."""
    topic: str
    message_id: str = field(repr=False)
    data: str = field(repr=False)

    @property
    def is_ping(self) -> bool:
        """Whether the platform asks if we are there."""
        return (self.kind, self.topic) == ("SYSTEM", "ping")

    @property
    def is_leaving(self) -> bool:
        """Whether the platform will close this connection and expects another one."""
        return (self.kind, self.topic) == ("SYSTEM", "disconnect")

    @property
    def is_message(self) -> bool:
        """Whether it bears a message to the robot."""
        return (self.kind, self.topic) == ("CALLBACK", ROBOT)

    def answer(self, code: int) -> str:
        """The acknowledgement; a ping gets its own data back."""
        headers = {"messageId": self.message_id, "contentType": "application/json"}
        data = self.data if self.is_ping else '{"response":{}}'
        message = "OK" if code == TAKEN else "not kept"
        return json.dumps({"code": code, "headers": headers, "message": message, "data": data}, ensure_ascii=False)


def read_frame(text: str) -> Frame:
    """Raises Malformed."""
    body = text.encode(errors="replace")
    refuse_deep(body)
    try:
        written = _Written.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(f"{error.error_count()} fields of the frame do not fit") from None
    return Frame(written.type, written.headers.topic, written.headers.message_id, written.data)


def connection_address(answer: Mapping[str, Any], api_base: str) -> URL:
    """Where to connect, by the gateway's answer. Raises Unverified for an endpoint that is not the platform's (T8).

    It has to be encrypted and a neighbour of the API, i.e. under the domain above `api_base`'s host. Only where the
    API itself is on this machine may the endpoint be, and must it be, there too.
    """
    endpoint, ticket = answer.get("endpoint"), answer.get("ticket")
    if not isinstance(endpoint, str) or not isinstance(ticket, str):
        raise Unverified("no endpoint")
    try:
        address = URL(endpoint)
    except ValueError:
        raise Unverified("the endpoint is no address") from None
    if address.user is not None or not _is_neighbour(address, urlsplit(api_base).hostname or ""):
        raise Unverified("the endpoint is elsewhere")
    return address.update_query(ticket=ticket)


def _is_neighbour(address: URL, api: str) -> bool:
    host = address.host or ""
    if _on_this_machine(api):
        return address.scheme in {"ws", "wss"} and _on_this_machine(host)
    named = not api.replace(".", "").isdigit() and api.count(".") > 1
    domain = api.split(".", 1)[1] if named else api
    return address.scheme == "wss" and (host == domain or host.endswith(f".{domain}"))


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class _Headers(_Part):
    topic: str = ""
    message_id: str = Field(alias="messageId", min_length=1, max_length=256)


class _Written(_Part):
    type: str
    headers: _Headers
    data: str = ""
