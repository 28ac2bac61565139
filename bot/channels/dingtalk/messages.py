"""A robot message of DingTalk, as HTTP and Stream bring it alike, read into what was said. No I/O.

Source: DingTalk "robot-message-type" and "robot-receive-message".
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from bot.channels.body import refuse_deep, storable
from bot.channels.channel import Ignored, Malformed, Unverified
from handlers.incoming import FileRef, Incoming

_PRIVATE = "1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMELESS = {"image": "图片", "voice": "语音", "video": "视频", "file": "文件"}
"""What stands among the attachments for a file whose name the platform does not tell."""
_KINDS = {"picture": "image", "audio": "voice", "video": "video", "file": "file"}


def moment_of(milliseconds: int | str) -> datetime:
    """A time as the platform writes it, a number or a text of milliseconds, in UTC. Raises ValueError."""
    text = str(milliseconds)
    if isinstance(milliseconds, bool) or not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise ValueError("not a number of milliseconds")
    try:
        return _EPOCH + timedelta(milliseconds=int(text))
    except OverflowError as error:
        raise ValueError("outside the calendar") from error


class RobotMessages:
    """Reads the messages to one robot of one organisation.

    The session webhook of a message is not read: we answer by the robot's API, and whoever has that address may speak
    in the robot's place for an hour and a half.
    """

    def __init__(self, channel: str, corp_id: str, robot: str) -> None:
        self._channel = channel
        self._corp_id = corp_id
        self._robot = robot

    def read(self, body: bytes) -> Incoming | Ignored:
        """What was said. Raises Unverified where it is not for our robot, Malformed where it cannot be understood.

        The caller vouches for where the body came from: nothing in it is signed.
        """
        refuse_deep(body)
        body = _mended(body)
        try:
            head = _Head.model_validate_json(body)
        except ValidationError as error:
            raise Malformed(f"{error.error_count()} fields of the head do not fit") from None
        if (head.chatbot_corp_id, head.robot_code) != (self._corp_id, self._robot):
            raise Unverified("another organisation or robot")
        if not head.sender_staff_id:
            return Ignored("the sender is outside the organisation, or the app is not published")
        if head.sender_corp_id != self._corp_id:
            raise Unverified("the sender is of another organisation")
        if head.text is None and head.content is None:
            return Ignored("over quota, without content" if head.error_message else "without content")
        try:
            message = _Message.model_validate_json(body)
        except ValidationError as error:
            raise Malformed(f"{error.error_count()} fields do not fit") from None
        return self._said(message)

    def _said(self, message: "_Message") -> Incoming | Ignored:
        said = message.said()
        if said is None:
            return Ignored("a kind of message that is not read")
        text, files = said
        private = message.conversation_type == _PRIVATE
        return Incoming(
            channel=self._channel,
            tenant=self._corp_id,
            message_id=message.msg_id,
            sender=message.sender_staff_id,
            conversation=message.conversation_id,
            private=private,
            addressed=private or message.is_in_at_list is not False,
            text=text.lstrip(),  # the client leaves the blank that followed @robot, U+2005 in some
            sent_at=message.create_at,
            attachments=tuple(file.name or _NAMELESS[file.kind] for file in files),
            files=files,
        )


def _mended(body: bytes) -> bytes:
    """The same JSON without half characters: a client may cut an emoji in two, and no report is lost for that."""
    try:
        return storable(json.dumps(json.loads(body), ensure_ascii=False)).encode()
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("unprintable")
    return name


Id = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_printable)]
Words = Annotated[str, AfterValidator(storable)]
Code = Annotated[str, Field(min_length=1, max_length=4096), AfterValidator(_printable)]
Moment = Annotated[datetime, BeforeValidator(moment_of)]


class _Part(BaseModel):
    """Fields that we know; unknown ones are tolerated, as the platform adds some now and then."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True, alias_generator=to_camel)


class _Head(_Part):
    """Whose message it is, and whether there is anything in it."""

    chatbot_corp_id: str
    robot_code: str
    sender_corp_id: str | None = None
    sender_staff_id: str | None = None
    text: object = None
    content: object = None
    error_message: object = None


class _Text(_Part):
    content: Words


class _Run(_Part):
    """A piece of a rich text: words, or a picture."""

    text: Words | None = None
    download_code: Code | None = None


class _Content(_Part):
    rich_text: tuple[_Run, ...] = ()
    download_code: Code | None = None
    file_name: Words | None = None
    recognition: Words | None = None


class _Message(_Part):
    msg_id: Id
    msgtype: str
    create_at: Moment
    conversation_id: Id
    conversation_type: Annotated[str, Field(pattern="^[12]$")]
    sender_staff_id: Id
    is_in_at_list: bool | None = None
    text: _Text | None = None
    content: _Content | Words | None = None

    def said(self) -> tuple[str, tuple[FileRef, ...]] | None:
        """Words and files; None for a kind that is not known, or bears nothing of what its kind has to bear."""
        if self.msgtype == "text":
            words = self.text.content if self.text else self.content
            return (words, ()) if isinstance(words, str) else None
        if not isinstance(self.content, _Content):
            return None
        if self.msgtype == "richText":
            runs = self.content.rich_text
            pictures = tuple(FileRef("", "image", run.download_code) for run in runs if run.download_code)
            return "".join(run.text or "" for run in runs), pictures
        if self.msgtype == "audio" and self.content.recognition:
            return self.content.recognition, ()
        kind = _KINDS.get(self.msgtype)
        if kind is None or self.content.download_code is None:
            return None
        return "", (FileRef(self.content.file_name or "", kind, self.content.download_code),)
