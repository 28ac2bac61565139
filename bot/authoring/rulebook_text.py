"""What a rulebook's file says -> the text of that file, as an office would write it by hand."""

from typing import Any

import yaml

SCHEMA_LINE = "# yaml-language-server: $schema=rulebook.schema.json\n"
_WIDE = 100_000
"""Sentences are not folded: a line of the file is a line of the source."""


class _Dumper(yaml.SafeDumper):
    """Leaves 5.03 and 2010-09-05 without quotes: our reader takes every scalar as the text that was typed."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002
        """Lists stand one step in from their key."""
        return super().increase_indent(flow, False)


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def rulebook_text(data: object) -> str:
    """The text; reading it gives `data` again."""
    written: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDE)
    return SCHEMA_LINE + written


def value_text(value: object) -> str:
    """One value on one line, to stand behind its key, within braces or not."""
    # As the only item of a list, so that what means something within braces is quoted.
    written: str = yaml.dump(
        [value], Dumper=_Dumper, allow_unicode=True, default_flow_style=True, sort_keys=False, width=_WIDE
    )
    return written.strip()[1:-1]
