"""The app of a pretend Feishu as its console shows it: credentials, and what it is permitted."""

from dataclasses import dataclass

from bot.platforms.feishu_events import Account

TENANT_SCOPE = "tenant:tenant:readonly"
PHONE_SCOPE = "contact:user.id:readonly"
SCOPES = (
    "im:message:send_as_bot",
    "im:message.p2p_msg:readonly",
    "im:message.group_at_msg:readonly",
    "im:resource",
    TENANT_SCOPE,
)


@dataclass(frozen=True)
class App:
    """The app's credentials, as its console shows them."""

    app_id: str
    app_secret: str
    encrypt_key: str
    verification_token: str
    account: Account = "open_id"
    """Which id of a person stands in callbacks as `sender`, and in sends as the recipient."""
