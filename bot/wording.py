"""Every saying of the bot on one page for the office to read: `python -m bot.wording` writes docs/wording.md.

The facts are in docs/wording-examples.yaml, so that whoever reviews the wording can add a case without Python.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from assessment.notices import Notice, read
from bot.cards import card_of

DOCS = Path(__file__).parent.parent / "docs"
EXAMPLES = DOCS / "wording-examples.yaml"
PAGE = DOCS / "wording.md"
ZONE = ZoneInfo("Asia/Shanghai")

_HEAD = """\
# 系统用语

本页列出系统发出的全部用语，供考核办审阅。由 `python -m bot.wording` 生成，请勿手改：
用语在 `bot/cards/`，举例在 `docs/wording-examples.yaml`（人名均为虚构）。
“回复：”一行所列也是按钮，点击与发送同样文字效果相同。
"""


@dataclass(frozen=True)
class Example:
    """A notice with who hears it, or in what case."""

    listener: str
    notice: Notice


def examples(text: str) -> Mapping[str, tuple[Example, ...]]:
    """The examples by chapter. Raises KeyError for an unknown kind, pydantic's ValidationError for wrong facts."""
    chapters = yaml.safe_load(text)
    return {
        chapter: tuple(
            Example(item["for"], read({name: value for name, value in item.items() if name != "for"})) for item in items
        )
        for chapter, items in chapters.items()
    }


def page(chapters: Mapping[str, tuple[Example, ...]], zone: tzinfo) -> str:
    """The whole page as Markdown."""
    blocks = [_HEAD]
    for chapter, items in chapters.items():
        blocks.append(f"## {chapter}\n")
        blocks += [_shown(example, zone) for example in items]
    return "\n".join(blocks)


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(examples(EXAMPLES.read_text("utf-8")), ZONE), "utf-8")


def _shown(example: Example, zone: tzinfo) -> str:
    kind = type(example.notice).__name__
    return f"### {example.listener}\n\n`{kind}`\n\n```text\n{card_of(example.notice, zone).text()}\n```\n"


if __name__ == "__main__":
    main()
