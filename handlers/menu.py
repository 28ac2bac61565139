"""帮助, and dropping the open question."""

from handlers.router import CANCEL, Router, seldom
from handlers.turn import Turn

router = Router()


def declare(whole: Router) -> Router:
    """The help command needs all commands, so it is declared when they are mounted."""

    @whole.command("帮助", "菜单", "help", what="查看可以办理的事项", offered=seldom)
    def help_(turn: Turn, _rest: str) -> None:
        turn.reply(whole.menu(turn))

    return whole


def is_cancel(text: str) -> bool:
    """Whether the text drops the open question."""
    return text in CANCEL
