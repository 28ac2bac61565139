"""One suite for every channel: what its envelope takes and refuses. A new platform adds one line to SUBJECTS.

A subject knows how its platform writes a genuine request; everything else here is the same for all.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.body import MAX_BODY, MAX_DEPTH
from bot.channels.channel import Challenge, Envelope, Ignored, Malformed, Refused, Unverified
from handlers.incoming import Incoming
from tests.bot.channels.channel_subject import FOREIGN, NOW, Subject, envelope_at
from tests.bot.channels.dingtalk_subject import dingtalk_subject
from tests.bot.channels.feishu_subject import feishu_subject
from tests.bot.channels.sandbox_subject import sandbox_subject
from tests.bot.channels.wecom_bot_subject import wecom_bot_subject
from tests.bot.channels.wecom_subject import wecom_subject

SUBJECTS: dict[str, Callable[[], Subject]] = {
    "sandbox": sandbox_subject,
    "wecom": wecom_subject,
    "wecom-bot": wecom_bot_subject,
    "feishu": feishu_subject,
    "dingtalk": dingtalk_subject,
}


@pytest.fixture(params=SUBJECTS)
def subject(request: pytest.FixtureRequest) -> Subject:
    return SUBJECTS[request.param]()


def test_good(subject: Subject) -> None:
    """A genuine request opens to exactly what was said."""
    assert subject.channel.open(subject.write(subject.message)) == subject.message


def test_every_sort_of_genuine_content_is_taken(subject: Subject) -> None:
    for contents, wrap in subject.pens():
        for content in contents:
            assert isinstance(subject.channel.open(wrap(content, None, NOW)), Incoming | Challenge | Ignored)


def test_a_genuine_event_with_nothing_to_do(subject: Subject) -> None:
    """It is no error: what is refused would come again and again."""
    assert isinstance(subject.channel.open(subject.wrap(subject.idle())), Ignored)


def test_repeated(subject: Subject) -> None:
    """The same request opens again to the same; telling repeats apart is the inbox's business."""
    envelope = subject.write(subject.message)

    assert subject.channel.open(envelope) == subject.channel.open(envelope)


def test_forged(subject: Subject) -> None:
    with pytest.raises(Unverified):
        subject.channel.open(subject.write(subject.message, FOREIGN))


def test_unsigned(subject: Subject) -> None:
    with pytest.raises(Unverified):
        subject.channel.open(replace(subject.write(subject.message), headers={}, query={}))


@pytest.mark.parametrize("off", [timedelta(hours=-9), timedelta(hours=9)], ids=["stale", "ahead"])
def test_stamp_out_of_window(subject: Subject, off: timedelta) -> None:
    """Old seals and seals from the future are refused by the real clock, whatever the domain's clock says."""
    with pytest.raises(Unverified):
        subject.channel.open(replace(subject.write(subject.message), real_now=NOW - off))


def test_domain_clock_decides_nothing_here(subject: Subject) -> None:
    envelope = replace(subject.write(subject.message), received_at=NOW + timedelta(days=400))

    assert subject.channel.open(envelope) == subject.message


def test_another_tenant(subject: Subject) -> None:
    with pytest.raises(Unverified):
        subject.channel.open(subject.write(replace(subject.message, tenant="another")))


def test_every_truncation(subject: Subject) -> None:
    envelope = subject.write(subject.message)
    for length in range(len(envelope.body)):
        refuse_changed(subject, replace(envelope, body=envelope.body[:length]))


def test_every_flipped_byte(subject: Subject) -> None:
    envelope = subject.write(subject.message)
    for place in range(len(envelope.body)):
        body = bytearray(envelope.body)
        body[place] ^= 1
        refuse_changed(subject, replace(envelope, body=bytes(body)))


def refuse_changed(subject: Subject, envelope: Envelope) -> None:
    """A changed body proves nothing; where no proof covers it, it is read or refused and breaks nothing."""
    if subject.signs_body:
        with pytest.raises(Unverified):
            subject.channel.open(envelope)
    else:
        read_or_refused(subject, envelope)


def read_or_refused(subject: Subject, envelope: Envelope) -> None:
    try:
        opened = subject.channel.open(envelope)
    except Refused:
        return
    assert isinstance(opened, Incoming | Challenge | Ignored)


def test_every_flipped_or_missing_sign_of_the_proof(subject: Subject) -> None:
    """The stamp, the nonce and the signature, wherever they stand."""
    envelopes = list(with_changed_proof(subject.write(subject.message), subject))
    assert len(envelopes) > 20
    for envelope in envelopes:
        with pytest.raises(Unverified):
            subject.channel.open(envelope)


def with_changed_proof(envelope: Envelope, subject: Subject) -> Iterator[Envelope]:
    for name in subject.signed_headers:
        for changed in changes(envelope.headers[name]):
            yield replace(envelope, headers={**envelope.headers, name: changed})
    for name in subject.signed_query:
        for changed in changes(envelope.query[name]):
            yield replace(envelope, query={**envelope.query, name: changed})


def changes(value: str) -> Iterator[str]:
    """The value with each of its characters changed, or left away, and nothing at all."""
    for place, character in enumerate(value):
        yield value[:place] + chr(ord(character) ^ 1) + value[place + 1 :]
        yield value[:place] + value[place + 1 :]
    yield ""


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", ""])
def test_a_message_comes_by_post(subject: Subject, method: str) -> None:
    with pytest.raises(Unverified):
        subject.channel.open(replace(subject.write(subject.message), method=method))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b'{"tenant": 5}',
        b"[" * 100_000,
        b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
        b"9" * 10_000,
        b"[" + b"1," * (MAX_BODY // 2) + b"1]",
    ],
    ids=["empty", "prose", "null", "list", "string", "bytes", "no-fields", "types", "bomb", "deep", "digits", "big"],
)
def test_senseless_content_under_a_genuine_seal(subject: Subject, content: bytes) -> None:
    with pytest.raises(Malformed):
        subject.channel.open(subject.wrap(content))


def test_brackets_within_a_text_are_no_depth(subject: Subject) -> None:
    message = replace(subject.message, text='[{"\\' * 50)

    assert subject.channel.open(subject.write(message)) == message


def test_long_text_is_handed_on(subject: Subject) -> None:
    """Too long a report is answered politely by a handler, not lost at the door."""
    message = replace(subject.message, text="长" * 5000)

    assert subject.channel.open(subject.write(message)) == message


def test_no_text_that_a_database_refuses(subject: Subject) -> None:
    opened = subject.channel.open(subject.write(replace(subject.message, text="报\0送")))

    assert isinstance(opened, Incoming)
    assert opened.text == "报\ufffd送"


def test_reasons_do_not_quote(subject: Subject) -> None:
    """What is logged of a refusal repeats nothing that the sender wrote, wherever in a content it stands."""
    genuine = [content for contents, _ in subject.pens() for content in contents]
    written = [content[:place] + b"SENTINEL" + content[place:] for content in genuine for place in range(len(content))]
    reasons = [reason for content in written[::3] if (reason := refusal(subject, subject.wrap(content)))]

    assert len(set(reasons)) > 1
    assert "SENTINEL" not in "".join(reasons)


def refusal(subject: Subject, envelope: Envelope) -> str:
    """The reason of a refusal; empty where there is none."""
    try:
        subject.channel.open(envelope)
    except Refused as refused:
        return str(refused)
    return ""


quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(data=st.data())
def test_opening_undoes_sealing(subject: Subject, data: st.DataObject) -> None:
    message = data.draw(subject.messages)

    assert subject.channel.open(subject.write(message)) == subject.sayable(message)


@quick
@given(data=st.data(), body=st.binary(max_size=300), method=st.sampled_from(["GET", "POST"]))
def test_random_requests_are_unverified(subject: Subject, data: st.DataObject, body: bytes, method: str) -> None:
    """Whatever stands where the proof should."""
    headers = data.draw(anything_under(subject.signed_headers))
    query = data.draw(anything_under((*subject.signed_query, "echostr", "signature", "timestamp")))
    with pytest.raises(Unverified):
        subject.channel.open(envelope_at(NOW, body, headers=headers, query=query, method=method))


def anything_under(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    """Names of proof, with stamps that would do and with anything else."""
    stamps = st.sampled_from([str(int(NOW.timestamp())), str(int(NOW.timestamp() * 1000))])
    return st.dictionaries(st.sampled_from(names), st.text() | stamps) if names else st.just({})


@quick
@given(content=st.binary(max_size=300))
def test_random_content_is_refused_and_never_breaks(subject: Subject, content: bytes) -> None:
    with pytest.raises(Refused):
        subject.channel.open(subject.wrap(content))


@quick
@given(seed=st.integers())
def test_mutated_content_is_read_or_refused(subject: Subject, seed: int) -> None:
    """Bytes changed inside a genuine seal: an answer or a refusal, no other exception."""
    dice = random.Random(seed)
    contents, wrap = dice.choice(subject.pens())
    content = bytearray(dice.choice(contents))
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(content))
        content[place : place + dice.randint(0, 2)] = dice.randbytes(dice.randint(0, 2))
    read_or_refused(subject, wrap(bytes(content), None, NOW))
