"""What a case of days, figures and standings is made of: entries that are known, and results by their entries."""

from collections.abc import Mapping
from typing import Any

Written = Mapping[str, Any]
"""A case as it stands in its file; every value is text."""
Results = Mapping[str, Any]
"""What a case comes to, by the entries under which it writes it."""
NONE = "无"
