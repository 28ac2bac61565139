"""Migrations: both databases end with the same tables, nothing is lost on the way, and drift is seen."""

import re
from pathlib import Path
from textwrap import dedent, indent

import pytest
from sqlalchemy import CheckConstraint, Integer, text
from sqlmodel import SQLModel

from storage import migrate
from storage.append_only import refuses_changes
from storage.database import Database, parse_url

ROOT = Path(__file__).parents[2]


def versions(folder: Path, *bodies: str) -> Path:
    """Version files made from the bodies of their upgrade functions."""
    folder.mkdir()
    for number, body in enumerate(bodies, start=1):
        before = repr(f"{number - 1:04}") if number > 1 else None
        lines = indent(dedent(body).strip(), "    ")
        (folder / f"{number:04}_test.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision = '{number:04}'\ndown_revision = {before}\n"
            f"def upgrade():\n{lines}\n"
        )
    return folder


PARENT_AND_CHILD = """
op.create_table("parent", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("name", sa.String()))
op.create_table(
    "child",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("parent", sa.BigInteger(), sa.ForeignKey("parent.id", name="fk_child_parent_parent", ondelete="CASCADE")),
)
"""
NAME_IS_REQUIRED = """
with op.batch_alter_table("parent") as batch:
    batch.alter_column("name", existing_type=sa.String(), nullable=False)
"""
LOSE_THE_PARENT = """
op.execute("DELETE FROM parent WHERE id = 1")
"""


def upgrade_with(url: str, folder: Path) -> None:
    migrate.apply(parse_url(url), folder)


def fill(url: str) -> None:
    with Database.open(url) as database:
        database.write_now(lambda uow: uow.execute(text("INSERT INTO parent (id, name) VALUES (1, '甲')")))
        database.write_now(lambda uow: uow.execute(text("INSERT INTO child (id, parent) VALUES (1, 1), (2, 1)")))


def count(url: str, table: str) -> int:
    with Database.open(url) as database:
        return int(database.read_now(lambda uow: uow.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()))  # noqa: S608


def test_making_a_parent_anew_keeps_its_children(database_url: str, tmp_path: Path) -> None:
    """On SQLite a batch drops the old table; with foreign keys on, ON DELETE CASCADE would take the children along."""
    upgrade_with(database_url, versions(tmp_path / "one", PARENT_AND_CHILD))
    fill(database_url)

    upgrade_with(database_url, versions(tmp_path / "two", PARENT_AND_CHILD, NAME_IS_REQUIRED))

    assert (count(database_url, "parent"), count(database_url, "child")) == (1, 2)


def test_an_upgrade_that_would_orphan_rows_is_rolled_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'duban.db'}"
    upgrade_with(url, versions(tmp_path / "one", PARENT_AND_CHILD))
    fill(url)

    with pytest.raises(migrate.BrokenReferences, match="2 rows refer to nothing, the first of them in child"):
        upgrade_with(url, versions(tmp_path / "two", PARENT_AND_CHILD, LOSE_THE_PARENT))

    assert count(url, "parent") == 1
    with Database.open(url) as database:
        assert migrate.current(database) == "0001"


def test_a_failed_upgrade_leaves_the_version_before(database_url: str, tmp_path: Path) -> None:
    upgrade_with(database_url, versions(tmp_path / "one", PARENT_AND_CHILD))
    broken = f"{NAME_IS_REQUIRED}\nraise RuntimeError('power cut')"

    with pytest.raises(RuntimeError, match="power cut"):
        upgrade_with(database_url, versions(tmp_path / "two", PARENT_AND_CHILD, broken))

    with Database.open(database_url) as database:
        assert migrate.current(database) == "0001"
        database.write_now(lambda uow: uow.execute(text("INSERT INTO parent (id) VALUES (7)")))


def test_a_table_that_only_grows_is_guarded_again_when_a_batch_made_it_anew(tmp_path: Path) -> None:
    """SQLite drops the triggers together with the old table."""
    url = f"sqlite:///{tmp_path / 'duban.db'}"
    folder = tmp_path / "versions"
    folder.mkdir()
    migrate.revise("first tables", folder)
    upgrade_with(url, folder)
    body = """
    with op.batch_alter_table("entry", recreate="always") as batch:
        batch.add_column(sa.Column("remark", sa.String()))
    """
    versions(tmp_path / "next", "pass", body)
    (tmp_path / "next" / "0002_test.py").rename(folder / "0002_test.py")

    upgrade_with(url, folder)

    with Database.open(url) as database:
        assert database.read_now(lambda uow: refuses_changes(uow.connection, "entry"))
        assert not any("triggers" in difference for difference in migrate.check(database))
        database.write_now(lambda uow: uow.execute(text("DROP TRIGGER entry_no_delete")))
        assert "entry can be changed: its triggers are missing" in migrate.check(database)


def test_every_file_with_rows_is_listed() -> None:
    with_rows = {path.stem for path in (ROOT / "storage").glob("*.py") if "table=True" in path.read_text("utf-8")}

    assert set(migrate.NOUNS) == with_rows


def test_a_version_written_from_the_rows_makes_exactly_these_tables(database_url: str, tmp_path: Path) -> None:
    path = migrate.revise("first tables", tmp_path)

    assert path.name == "0001_first_tables.py"
    body = path.read_text("utf-8")
    assert not re.search(r"storage\.|sqlmodel|# ###", body)

    upgrade_with(database_url, tmp_path)
    with Database.open(database_url) as database:
        assert migrate.check(database) == []
    with pytest.raises(migrate.NothingChanged):
        migrate.revise("second tables", tmp_path)


def test_the_versions_make_exactly_the_declared_tables(empty_database: Database) -> None:
    assert migrate.current(empty_database) is None

    migrate.upgrade(empty_database)
    migrate.upgrade(empty_database)

    assert migrate.current(empty_database) == migrate.newest()
    assert migrate.check(empty_database) == []


def test_tables_made_without_versions_are_the_same(database: Database) -> None:
    assert migrate.check(database) == []


def test_a_missing_table_column_or_index_is_seen(database: Database) -> None:
    def spoil(statement: str) -> None:
        database.write_now(lambda uow: uow.execute(text(statement)))

    spoil("ALTER TABLE person ADD COLUMN shoe_size INTEGER")
    spoil("DROP INDEX ix_identity_person")

    differences = " ".join(migrate.check(database))
    assert "shoe_size" in differences
    assert "ix_identity_person" in differences


def test_every_constraint_has_a_name_and_every_int_64_bits() -> None:
    migrate.load_rows()
    for table in SQLModel.metadata.tables.values():
        assert [c for c in table.constraints if c.name is None and not _is_of_a_type(c)] == []
        assert [column.name for column in table.columns if type(column.type) is Integer] == []


def _is_of_a_type(constraint: object) -> bool:
    return isinstance(constraint, CheckConstraint) and bool(getattr(constraint, "_type_bound", False))
