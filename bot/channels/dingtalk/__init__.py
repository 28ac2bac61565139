"""DingTalk 钉钉: an enterprise app robot, heard over Stream or HTTP, speaking by the robot API."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import aiohttp

from bot.channel_settings import DingtalkSettings
from bot.channels.card import Card
from bot.channels.channel import Acknowledgement, Envelope, Opened, Outgoing, Sent
from bot.channels.dingtalk.client import CAPABILITIES, IN_GROUPS, DingtalkClient
from bot.channels.dingtalk.envelope import DingtalkEnvelope
from bot.channels.dingtalk.files import LIFE, DingtalkFiles
from bot.channels.dingtalk.messages import RobotMessages
from bot.channels.dingtalk.stream import Keep, StreamReceiver
from bot.channels.downloads import Take
from bot.channels.showing import in_words, shown
from bot.channels.uploads import Uploads
from bot.clock import Clock
from schedules.rates import LookUps


class DingtalkChannel:
    """Satisfies Channel for one `[[channels]] kind = "dingtalk"`."""

    kind = "dingtalk"
    file_life = LIFE
    look_ups = LookUps(a_day=500)

    def __init__(
        self,
        settings: DingtalkSettings,
        session: aiohttp.ClientSession,
        clock: Clock,
        real_clock: Clock,
        uploads: Uploads | None = None,
    ) -> None:
        """`clock` is the domain's, `real_clock` the machine's. The session stays the caller's to close."""
        self.name = settings.name
        self.capabilities = replace(CAPABILITIES, monthly_calls=settings.monthly_calls)
        self._settings = settings
        self._session = session
        self._clock = clock
        self._messages = RobotMessages(settings.name, settings.corp_id, settings.robot)
        self._envelope = DingtalkEnvelope(settings, self._messages)
        self._client = DingtalkClient(settings, session, clock, real_clock, uploads)
        self._files = DingtalkFiles(settings.api_base, settings.robot, session, self._client.call)

    def open(self, request: Envelope) -> Opened:
        """Verify and read one callback. Raises Unverified or Malformed."""
        return self._envelope.open(request)

    def acknowledge(self, request: Envelope, /) -> Acknowledgement:
        """An empty object for a robot message; for a subscribed event the sealed word that the platform waits for."""
        return self._envelope.acknowledge(request)

    def calls(self, card: Card, *, to_group: bool) -> int:
        """How many messages of the platform the card takes, its picture apart."""
        return len(shown(self._said(card), IN_GROUPS if to_group else CAPABILITIES))

    async def send(self, outgoing: Outgoing) -> Sent:
        """Deliver one card, in one attempt. Raises SendError."""
        return await self._client.deliver(replace(outgoing, card=self._said(outgoing.card)))

    async def fetch(self, key: str, kind: str, take: Take) -> None:  # noqa: ARG002
        """Hand a file that a person sent to `take`, part by part. Raises NotFetched, and whatever `take` raises."""
        await self._files.fetch(key, take)

    async def account_of(self, number: str) -> str | None:
        """Whose mobile number that is; None for nobody's. Raises SendError."""
        return await self._client.account_of(number)

    def _said(self, card: Card) -> Card:
        return card if self._settings.cards else in_words(card)

    async def finish(self, _extra: Mapping[str, str], _card: Card | None, *, to_group: bool) -> None:
        """A message that is sent stays as it is; only cards of a console's template could be changed."""

    def receiver(self, keep: Keep, count: Callable[[str], None] = lambda _outcome: None) -> StreamReceiver | None:
        """What hears the robot's messages over Stream once its `run` is started; None where they come over HTTP.

        `keep` stores a message, as behind the front door; `count` is told the outcome of each, in the door's words.
        """
        if self._settings.mode != "stream":
            return None
        return StreamReceiver(self._settings, self._session, self._messages.read, keep, self._clock, count=count)
