"""What was uploaded to the platforms: the id of each file, used by every replica and after every restart.

Who sends a letter again must name the same id: by that a platform knows the repetition. A row is only ever the first
one's; who uploaded the same file in the same moment uses that, too.
"""

from sqlalchemy import Index, bindparam, delete
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class UploadRow(SQLModel, table=True):
    """One content under one name, as one app of one channel may send it."""

    __tablename__ = "upload"
    __table_args__ = (
        UniqueConstraint("channel", "app", "sha256", "name"),
        Index("ix_upload_until", "until"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    channel: str
    app: str
    """Whose id it is: the app's, or that of a group's own robot."""
    sha256: str
    name: str
    media_id: str
    until: int
    """Real clock, epoch milliseconds: platforms keep what they were given by their own clock, not by the domain's."""


_PLACE = (
    col(UploadRow.channel) == bindparam("channel"),
    col(UploadRow.app) == bindparam("app"),
    col(UploadRow.sha256) == bindparam("sha256"),
    col(UploadRow.name) == bindparam("name"),
)
_LIVING = select(UploadRow.media_id).where(*_PLACE, col(UploadRow.until) > bindparam("real_ms"))


def find(uow: UnitOfWork, *, channel: str, app: str, sha256: str, name: str, real_ms: int) -> str | None:
    """The id of the file, while it is used."""
    return uow.value(_LIVING, channel=channel, app=app, sha256=sha256, name=name, real_ms=real_ms)


def keep(
    uow: UnitOfWork, *, channel: str, app: str, sha256: str, name: str, media_id: str, until: int, real_ms: int
) -> str:
    """Keep the id of what was uploaded just now; return the one that is used: another's, who was first."""
    place = {"channel": channel, "app": app, "sha256": sha256, "name": name}
    uow.execute(
        delete(UploadRow).where(*_PLACE, col(UploadRow.until) <= bindparam("real_ms")), place | {"real_ms": real_ms}
    )
    if uow.insert_if_new(UploadRow, id=new_id(), **place, media_id=media_id, until=until):
        return media_id
    return find(uow, **place, real_ms=real_ms) or media_id


def forget(uow: UnitOfWork, *, channel: str, app: str, sha256: str, name: str, media_id: str) -> None:
    """The platform refuses that id. Another one of the same file, kept meanwhile, stays."""
    place = {"channel": channel, "app": app, "sha256": sha256, "name": name, "media_id": media_id}
    uow.execute(delete(UploadRow).where(*_PLACE, col(UploadRow.media_id) == bindparam("media_id")), place)


def sweep(uow: UnitOfWork, real_ms: int) -> int:
    """Drop the ids that are used no more; how many there were."""
    return uow.execute(delete(UploadRow).where(col(UploadRow.until) <= real_ms)).rowcount
