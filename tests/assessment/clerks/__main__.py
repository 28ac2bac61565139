"""Print how the messages of clerks are read: `python -m tests.assessment.clerks > docs/reading-clerks.md`."""

import sys

from tests.assessment.clerks.report import markdown

sys.stdout.write(markdown())
