"""帮助: what this person can do now."""

from handlers.router import Router, seldom
from handlers.turn import Turn


def declare(whole: Router) -> Router:
    """The help command needs all commands, so it is declared when they are mounted."""

    @whole.command("帮助", "菜单", "help", what="查看可以办理的事项", offered=seldom)
    def help_(turn: Turn, _rest: str) -> None:
        turn.reply(whole.menu(turn))

    return whole
