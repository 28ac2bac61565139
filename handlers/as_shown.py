"""What a proposal said when its question was put: 确认 enters that and nothing that it has become since."""

import json
from hashlib import sha256

from storage.proposals import ProposalRow


def as_shown(row: ProposalRow) -> str:
    """A mark of the proposal's points and basis, and of what was decided on it so far, by which it is known again."""
    said = json.dumps(row.basis, sort_keys=True, ensure_ascii=False)
    return sha256(repr((row.points, said, row.decided_at, row.decision_reason)).encode()).hexdigest()
