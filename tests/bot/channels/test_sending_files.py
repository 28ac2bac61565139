"""A file goes after the words: uploaded once, under its name, and where it cannot go the words say where to have it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import channel
from bot.channel_settings import WecomSettings
from bot.channels.card import Card
from bot.channels.channel import Attachment, Channel, Outgoing, SendError
from bot.channels.uploads import PAUSE
from bot.clock import WoundClock
from bot.county import listen
from bot.platforms.dingtalk import DingtalkPlatform
from bot.platforms.feishu import FeishuPlatform
from bot.platforms.platform import BOT, Fault, Line, Platform
from bot.platforms.tenants import tenant
from bot.platforms.wecom import WecomPlatform
from schedules.letters import Unwatched
from tests.bot.channels.channel_subject import NOW
from tests.stories.sample_files import JPG, PDF, xlsx

CARD = Card("通知（编号T-1008-1）", ("│ 请按附件抓好落实",), note="督查室，8月5日 09:30。")
INSTEAD = "附件“分解表.xlsx”未能送达，请向督查室索取。"


@dataclass
class Stock:
    """Contents as the service has stored them; counts how often each is read."""

    read: list[str] = field(default_factory=list)
    missing: bool = False
    """Set, what is stored cannot be read for now."""

    def attachment(self, name: str = "分解表.xlsx", kind: str = "xlsx", content: bytes = b"") -> Attachment:
        content = content or xlsx()

        async def read() -> bytes:
            self.read.append(name)
            if self.missing:
                raise SendError("稍后再读")
            return content

        return Attachment(name, kind, f"sha of {content!r}", read, INSTEAD)


@dataclass
class Post:
    """A channel, the platform behind it, and what a letter with files looks like."""

    platform: Platform
    channel: Channel
    stock: Stock = field(default_factory=Stock)

    def letter(self, *files: Attachment, to: str = "u-7", key: str = "broadcast:1:7", sent: int = 0) -> Outgoing:
        return Outgoing(key, to, False, CARD, files=files or (self.stock.attachment(),), pieces_sent=sent)

    def later(self, span: timedelta) -> None:
        clock = self.platform.clock
        assert isinstance(clock, WoundClock)
        clock.wind_to(clock.now() + span)

    def chat(self, who: str = "u-7") -> list[Line]:
        return [line for line in self.platform.chat(self.platform.private_chat(who)) if line.sender == BOT]


@pytest.fixture(params=["wecom", "feishu", "dingtalk"])
async def post(request: pytest.FixtureRequest) -> AsyncIterator[Post]:
    clock = WoundClock(NOW)
    async with aiohttp.ClientSession() as session:
        made = tenant(request.param, clock, session)
        async with listen(made.platform.application()) as base:
            yield Post(made.platform, channel(made.settings(base), session, clock))


async def test_the_file_follows_the_words(post: Post) -> None:
    await post.channel.send(post.letter())

    words, file = post.chat()
    assert "请按附件抓好落实" in words.text
    assert file.text == "[文件 分解表.xlsx]"
    assert file.file == xlsx()


async def test_several_files_keep_their_order(post: Post) -> None:
    second = post.stock.attachment("方案.pdf", "pdf", PDF)

    await post.channel.send(post.letter(post.stock.attachment(), second))

    assert [line.file for line in post.chat()] == [None, xlsx(), PDF]


async def test_a_picture_arrives_as_it_was_sent(post: Post) -> None:
    await post.channel.send(post.letter(post.stock.attachment("座位图.jpg", "jpg", JPG)))

    _, file = post.chat()
    assert JPG in (file.file, file.picture)


async def test_it_is_uploaded_once_for_all(post: Post) -> None:
    everybody = [f"u-{number}" for number in range(8)]

    await asyncio.gather(*(post.channel.send(post.letter(to=who, key=f"broadcast:1:{who}")) for who in everybody))

    assert [post.chat(who)[-1].file for who in everybody] == [xlsx()] * 8
    assert post.platform.uploads == 1
    assert post.stock.read == ["分解表.xlsx"]


async def test_refused_for_good_the_words_say_where_to_have_it(post: Post) -> None:
    post.platform.refuses_uploads = True

    await post.channel.send(post.letter())

    assert [line.text for line in post.chat()][1:] == [INSTEAD]


@pytest.mark.parametrize("fault", [Fault.THROTTLE, Fault.FAIL])
async def test_what_has_left_is_not_sent_again(post: Post, fault: Fault) -> None:
    """The words are through, the file is not: only the file is tried again, and it was uploaded already."""
    post.platform.send_faults([Fault.NONE, fault])
    with pytest.raises(SendError) as caught:
        await post.channel.send(post.letter())
    assert (caught.value.pieces_sent, caught.value.permanent) == (1, False)
    assert len(post.chat()) == 1

    await post.channel.send(post.letter(sent=1))

    assert [line.file for line in post.chat()] == [None, xlsx()]
    assert post.platform.uploads == 1


async def test_of_two_files_only_the_second_is_sent_again(post: Post) -> None:
    files = (post.stock.attachment(), post.stock.attachment("方案.pdf", "pdf", PDF))
    post.platform.send_faults([Fault.NONE, Fault.NONE, Fault.THROTTLE])
    with pytest.raises(SendError) as caught:
        await post.channel.send(post.letter(*files))
    assert caught.value.pieces_sent == 2

    await post.channel.send(post.letter(*files, sent=2))

    assert [line.file for line in post.chat()] == [None, xlsx(), PDF]
    assert post.platform.tally.repeats == 0


async def test_an_upload_that_fails_for_now_is_made_again(post: Post) -> None:
    """Nothing has been said meanwhile."""
    post.stock.missing = True
    with pytest.raises(SendError) as caught:
        await post.channel.send(post.letter())
    assert (caught.value.pieces_sent, caught.value.permanent, post.chat()) == (0, False, [])

    post.stock.missing = False
    post.later(PAUSE)
    await post.channel.send(post.letter())

    assert [line.file for line in post.chat()] == [None, xlsx()]


async def test_of_two_files_the_one_that_goes_up_is_not_uploaded_again(post: Post) -> None:
    files = (post.stock.attachment(), post.stock.attachment("方案.pdf", "pdf", PDF))

    async def missing() -> bytes:
        raise SendError("稍后再读")

    with pytest.raises(SendError):
        await post.channel.send(post.letter(replace(files[0], read=missing), files[1]))
    assert (post.chat(), post.platform.uploads) == ([], 1)

    post.later(PAUSE)
    await post.channel.send(post.letter(*files))

    assert [line.file for line in post.chat()] == [None, xlsx(), PDF]
    assert post.platform.uploads == 2


async def test_what_could_not_be_uploaded_for_long_goes_in_words(post: Post) -> None:
    await post.channel.send(replace(post.letter(), waits_for_files=False))

    assert [line.text for line in post.chat()][1:] == [INSTEAD]
    assert post.platform.uploads == 0


async def test_what_may_have_been_shown_goes_in_words(post: Post) -> None:
    file = replace(post.stock.attachment(), goes=False)

    await post.channel.send(post.letter(file))

    assert [line.text for line in post.chat()][1:] == [INSTEAD]
    assert post.platform.uploads == 0


async def test_an_outage_at_the_upload_leaves_nothing_in_doubt(post: Post) -> None:
    """The platform goes away as the file is to go up; nothing can have been seen."""
    attachment = post.stock.attachment()

    async def read_at_a_bad_moment() -> bytes:
        now = post.platform.clock.now()
        post.platform.outages.append((now, now + timedelta(minutes=1)))
        return await attachment.read()

    with pytest.raises(SendError) as caught:
        await post.channel.send(post.letter(replace(attachment, read=read_at_a_bad_moment)))

    assert (caught.value.pieces_sent, caught.value.unknown, caught.value.permanent) == (0, False, False)
    assert (caught.value.silent, post.chat()) == (False, [])


class Watched(Unwatched):
    """Notes what is told of a letter on its way, and takes it away after so many messages."""

    def __init__(self, away_after: int | None = None) -> None:
        self.heard: list[object] = []
        self._away_after = away_after

    async def uploading(self) -> bool:
        self.heard.append("uploading")
        return True

    async def told(self, pieces: int, *, keep: bool) -> bool:
        self.heard.append((pieces, keep))
        return pieces != self._away_after

    def without(self, file: str, reason: str) -> None:
        self.heard.append((file, reason))


async def test_each_message_is_told_of_as_it_is_accepted(post: Post) -> None:
    way = Watched()
    await post.channel.send(replace(post.letter(), way=way))
    assert way.heard == ["uploading", (0, True), (1, True), (2, False)]

    again = Watched()
    await post.channel.send(replace(post.letter(to="u-8", key="broadcast:1:8"), way=again))
    assert again.heard == [(1, True), (2, False)], "nothing was to be uploaded"

    plain = Watched()
    await post.channel.send(replace(post.letter(to="u-9", key="answer"), files=(), way=plain))
    assert plain.heard == [(1, False)], "what has no files is not written down message by message"


async def test_nothing_more_is_sent_once_another_has_taken_over(post: Post) -> None:
    with pytest.raises(SendError) as caught:
        await post.channel.send(replace(post.letter(), way=Watched(away_after=1)))

    assert (caught.value.pieces_sent, caught.value.unknown) == (1, False)
    assert len(post.chat()) == 1


async def test_of_what_goes_without_the_reason_is_told(post: Post) -> None:
    post.platform.refuses_uploads = True
    way = Watched()
    await post.channel.send(replace(post.letter(), way=way))

    (told,) = [one for one in way.heard if isinstance(one, tuple) and one[0] == "分解表.xlsx"]
    assert told[1]


def forget_uploads(platform: Platform) -> None:
    """What was uploaded is known no more."""
    match platform:
        case WecomPlatform():
            platform._files._files.clear()
        case FeishuPlatform():
            platform.files.clear()
        case DingtalkPlatform():
            platform._media.clear()


async def test_what_the_platform_has_forgotten_is_uploaded_anew_once(post: Post) -> None:
    await post.channel.send(post.letter())
    forget_uploads(post.platform)
    way = Watched()
    await post.channel.send(replace(post.letter(to="u-8", key="broadcast:1:8"), way=way))

    assert [line.file for line in post.chat("u-8")] == [None, xlsx()]
    assert post.platform.uploads == 2
    assert way.heard == [(1, True), "uploading", (1, True), (2, False)]


async def test_words_in_the_place_of_what_is_forgotten_and_refused_are_no_uploading(post: Post) -> None:
    """Somebody sees them: whoever dies right then must not leave word that nothing was seen."""
    await post.channel.send(post.letter())
    forget_uploads(post.platform)
    post.platform.refuses_uploads = True
    way = Watched()
    await post.channel.send(replace(post.letter(to="u-8", key="broadcast:1:8"), way=way))

    assert [heard for heard in way.heard if "分解表.xlsx" not in str(heard)] == [
        (1, True),
        "uploading",
        (1, True),
        (2, False),
    ]
    assert "分解表.xlsx" in post.chat("u-8")[1].text


async def test_an_expired_token_is_renewed_on_the_way(post: Post) -> None:
    post.platform.send_faults([Fault.NONE, Fault.EXPIRE])

    await post.channel.send(post.letter())

    assert [line.file for line in post.chat()] == [None, xlsx()]


async def test_a_refused_recipient_is_no_matter_of_the_file(post: Post) -> None:
    post.platform.gone.add("u-7")

    with pytest.raises(SendError) as caught:
        await post.channel.send(post.letter(sent=1))

    assert caught.value.permanent
    assert caught.value.pieces_sent == 1
    assert post.chat() == []


# ── WeCom's own ways ──


@pytest.fixture
async def company() -> AsyncIterator[tuple[WecomPlatform, Post]]:
    clock = WoundClock(NOW)
    async with aiohttp.ClientSession() as session:
        platform = WecomPlatform(
            corp_id="ww01",
            agent_id=1000002,
            secret="s",
            token="t",
            encoding_aes_key="k" * 43,
            hook_key="key",
            clock=clock,
            session=session,
        )
        async with listen(platform.application()) as base:
            table = WecomSettings(
                name="wecom",
                kind="wecom",
                corp_id="ww01",
                agent_id=1000002,
                secret=SecretStr("s"),
                token=SecretStr("t"),
                encoding_aes_key=SecretStr("k" * 43),
                api_base=base,
                webhook_url=SecretStr(f"{base}/cgi-bin/webhook/send?key=key"),
            )
            yield platform, Post(platform, channel(table, session, clock))


async def test_what_wecom_has_forgotten_is_uploaded_anew(company: tuple[WecomPlatform, Post]) -> None:
    platform, post = company
    clock = platform.clock
    assert isinstance(clock, WoundClock)
    await post.channel.send(post.letter())
    clock.wind_to(NOW + timedelta(days=3))

    await post.channel.send(post.letter(key="broadcast:2:7"))

    assert [line.file for line in post.chat()] == [None, xlsx(), None, xlsx()]
    assert platform.uploads == 2


async def test_the_group_s_robot_has_uploads_of_its_own(company: tuple[WecomPlatform, Post]) -> None:
    platform, post = company
    await post.channel.send(post.letter())

    for key in ("one", "two"):
        await post.channel.send(replace(post.letter(), key=key, recipient="webhook", to_group=True))

    assert [line.file for line in platform.chat("webhook")] == [None, xlsx(), None, xlsx()]
    assert platform.uploads == 2


async def test_the_group_hears_where_to_have_what_is_refused(company: tuple[WecomPlatform, Post]) -> None:
    platform, post = company
    platform.refuses_uploads = True

    await post.channel.send(replace(post.letter(), recipient="webhook", to_group=True))

    assert [line.text for line in platform.chat("webhook")][1:] == [INSTEAD]
