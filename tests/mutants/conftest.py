"""The county at a desk, as the handlers' tests have it."""

from tests.handlers.conftest import county_template, desk, entry, proposal, with_entry, with_proposal

__all__ = ["county_template", "desk", "entry", "proposal", "with_entry", "with_proposal"]
