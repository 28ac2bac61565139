"""What is said about files that people send as evidence 佐证材料. Names are labels, as the platform told them."""

from assessment.evidence import Unfit
from assessment.notices.notice import Ask, Notice


class FilesTaken(Notice):
    """To the sender, at once: received, being checked, and to what they are attached."""

    names: tuple[str, ...]
    title: str
    """Of the obligation; empty where they go with what the message itself recorded."""
    matter: bool = False
    """The title is a matter's, which a person typed."""
    number: str = ""
    """Of the report that stands, or of the matter; empty where nothing was reported yet."""


class FilesWhich(Ask):
    """To which of these do the files belong? Nothing is guessed."""

    names: tuple[str, ...]
    titles: tuple[str, ...]
    superseded: bool = False
    """An earlier open question was dropped for this one."""


class FilesHomeless(Notice):
    """There is nothing to which the files could be attached; they were not taken."""

    names: tuple[str, ...]


class FilesForNotice(Notice):
    """To an office that owes nothing: kept, and how they go with a 通知."""

    names: tuple[str, ...]


class FilesUnsupported(Notice):
    """Not taken, for their kind or because the platform does not hand them over."""

    names: tuple[str, ...]


class FilesHelp(Notice):
    """How evidence is handed in, on every platform."""


class FileRefused(Notice):
    """Fetched and not taken: why, and what to do."""

    name: str
    title: str = ""
    reported: bool = False
    """A report stands, which this does not touch."""
    why: Unfit


class FileLost(Notice):
    """The platform no longer gave it out: it has to be sent again."""

    name: str
    title: str = ""
    reported: bool = False
    """A report stands, which this does not touch."""
