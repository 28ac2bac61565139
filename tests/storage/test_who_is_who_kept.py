"""The roster and the programmes are read once and kept: whatever changes is seen by the next transaction."""

from datetime import date
from pathlib import Path

import pytest

from assessment.roster import Role, Roster
from bench import town
from storage import programmes, roster
from storage.database import Database
from storage.programmes import Programme, ProgrammeRow
from storage.unit_of_work import UnitOfWork


def names(database: Database) -> list[str]:
    return [unit.name for unit in database.read_now(roster.whole).units]


def stored(uow: UnitOfWork) -> Programme:
    office = roster.add_unit(uow, town.OFFICE)
    return programmes.add(uow, town.rulebook(1), "town.yaml", office=office, live_from=date(2010, 1, 1))


def running(uow: UnitOfWork) -> list[str]:
    return [programme.code for programme in programmes.running(uow)]


def test_one_roster_is_shared_until_it_changes(database: Database) -> None:
    database.write_now(lambda uow: roster.add_unit(uow, "甲局"))
    first = database.read_now(roster.whole)
    assert database.read_now(roster.whole) is first

    database.write_now(lambda uow: roster.add_unit(uow, "乙局"))
    assert names(database) == ["甲局", "乙局"]
    assert [unit.name for unit in first.units] == ["甲局"], "what is being read stays as it was"


def test_another_replicas_change_is_seen(database: Database) -> None:
    """Its process has told ours nothing; the number in the database has."""
    database.write_now(lambda uow: roster.add_unit(uow, "甲局"))
    assert names(database) == ["甲局"]
    with Database.open(database.url.render_as_string(hide_password=False)) as replica:
        replica.write_now(lambda uow: roster.add_unit(uow, "乙局"))

    assert names(database) == ["甲局", "乙局"]


def test_what_was_rolled_back_is_not_kept(database: Database) -> None:
    def change_and_fail(uow: UnitOfWork) -> None:
        roster.add_unit(uow, "乙局")
        assert [unit.name for unit in roster.whole(uow).units] == ["甲局", "乙局"], "its own change is seen"
        raise LookupError

    database.write_now(lambda uow: roster.add_unit(uow, "甲局"))
    with pytest.raises(LookupError):
        database.write_now(change_and_fail)

    assert names(database) == ["甲局"]


def test_a_change_between_two_reads_is_not_half_seen(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL each statement of a writer sees what is committed by then: the half read is read again."""
    if database.dialect == "sqlite":
        pytest.skip("one writer at a time")
    unit = database.write_now(lambda uow: roster.add_unit(uow, "甲局"))
    url = database.url.render_as_string(hide_password=False)
    read, reads = roster._read, 0

    def interrupted(uow: UnitOfWork) -> Roster:
        nonlocal reads
        reads += 1
        if reads > 1:
            return read(uow)
        found = read(uow)
        with Database.open(url) as replica:
            person = replica.write_now(lambda other: roster.add_person(other, "甲", "c", "t", "a"))
            replica.write_now(lambda other: roster.add_post(other, person, unit, Role.HEAD))
        return found

    monkeypatch.setattr(roster, "_read", interrupted)
    found = database.write_now(roster.whole)

    assert reads == 2
    assert [person.name for person in found.people] == ["甲"]
    assert found.holders(unit, (Role.HEAD,), date(2010, 1, 1))


def test_a_programme_is_read_once_and_its_end_is_seen(database: Database) -> None:
    programme = database.write_now(stored)
    first = database.read_now(lambda uow: programmes.get(uow, programme.id))
    assert database.read_now(lambda uow: programmes.get(uow, programme.id)) is first
    assert database.read_now(running) == [programme.code]

    database.write_now(lambda uow: uow.update(ProgrammeRow, ProgrammeRow.id == programme.id, ended=True))
    assert database.read_now(running) == []
    assert database.read_now(lambda uow: programmes.get(uow, programme.id)) is first, "a closed year is still asked of"


def test_a_programme_rolled_back_does_not_run(database: Database) -> None:
    def add_and_fail(uow: UnitOfWork) -> None:
        programmes.get(uow, stored(uow).id)
        raise LookupError

    with pytest.raises(LookupError):
        database.write_now(add_and_fail)

    assert database.read_now(running) == []


def test_two_databases_are_kept_apart(database: Database, tmp_path: Path, sqlite_template: Path) -> None:
    """One process may have several open, as tests and tools do."""
    other = tmp_path / "other.db"
    other.write_bytes(sqlite_template.read_bytes())
    with Database.open(f"sqlite:///{other}") as second:
        database.write_now(lambda uow: roster.add_unit(uow, "甲局"))
        second.write_now(lambda uow: roster.add_unit(uow, "乙局"))

        assert (names(database), names(second), names(database)) == (["甲局"], ["乙局"], ["甲局"])
