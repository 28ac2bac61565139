"""Nothing in the product knows the demonstration's names: with all of them renamed, every story is told as before."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from assessment import rulebook_file
from bot.county import ROSTER, RULEBOOKS
from bot.roster_file import read_roster
from bot.story import STORY
from tests.renaming import MISSPELT, NO_NAMES, ROOT, Names, Renaming, as_name, product_sources, shipped_names

STORIES = ROOT / "tests" / "stories"

BORROWED = (
    "tests/__init__.py",
    "tests/conftest.py",
    "tests/bot/__init__.py",
    "tests/bot/channels/__init__.py",
    "tests/bot/channels/slow_line.py",
)
"""What the stories import of the other tests."""

POINT_TO_THE_COPY = '''\
"""Has the county read the renamed files instead of the shipped ones; the product is the real one."""

from pathlib import Path

import bot.county
import bot.story

DATA = Path(__file__).parent / "data"

bot.county.DATA = DATA
bot.county.ROSTER = DATA / "demo" / "roster.csv"
bot.county.RULEBOOKS = tuple(DATA / "rulebooks" / name for name in {rulebooks!r})
bot.story.read_story.__defaults__ = (DATA / "demo" / "story.yaml",)
bot.story.Story.setting.__defaults__ = (DATA,)
'''


@pytest.fixture(scope="module")
def names() -> Names:
    return shipped_names()


@pytest.fixture(scope="module")
def renaming(names: Names) -> Renaming:
    """No invented sign stands in a story, in the county's files or in the product."""
    files = (*STORIES.glob("*.py"), ROSTER, *RULEBOOKS, STORY)
    return Renaming(names, (*(path.read_text("utf-8") for path in files), *product_sources().values()))


@pytest.fixture(scope="module")
def renamed_county(renaming: Renaming, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the county's files and the stories, all names in them renamed."""
    folder = tmp_path_factory.mktemp("renamed")
    for path in (ROSTER, STORY):
        put(folder / "data" / "demo" / path.name, renaming.text(path.read_text("utf-8-sig")))
    for path in RULEBOOKS:
        put(folder / "data" / "rulebooks" / renaming.text(path.name), renaming.text(path.read_text("utf-8")))
    for path in (*map(ROOT.joinpath, BORROWED), *STORIES.glob("*.py")):
        put(folder / path.relative_to(ROOT), renaming.text(path.read_text("utf-8")))
    put(folder / "pyproject.toml", (ROOT / "pyproject.toml").read_text("utf-8"))
    rulebooks = [renaming.text(path.name) for path in RULEBOOKS]
    put(folder / "conftest.py", POINT_TO_THE_COPY.format(rulebooks=rulebooks))
    return folder


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_every_name_gets_another_of_the_same_shape(names: Names, renaming: Renaming) -> None:
    renamed = {name: renaming.of(name) for name in names.every}

    assert len(set(renamed.values())) == len(renamed), "two names became one"
    assert not set(renamed.values()) & names.every, "a new name is an old one"
    assert all(len(new) == len(old) != 0 and new != old for old, new in renamed.items())
    for long in names.every:
        for short in names.every:
            assert (short in long) == (renamed[short] in renamed[long]), (short, long)


def test_a_misspelt_name_stays_misspelt_in_the_same_place(renaming: Renaming) -> None:
    for typed, meant in MISSPELT.items():
        differ = [one != other for one, other in zip(typed, meant, strict=True)]
        differ_now = [one != other for one, other in zip(renaming.of(typed), renaming.of(meant), strict=True)]
        assert differ == differ_now


def test_nothing_of_the_old_names_is_left(names: Names, renamed_county: Path) -> None:
    texts = {path: path.read_text("utf-8") for path in renamed_county.rglob("*") if path.suffix in (".csv", ".yaml")}
    texts |= {path: path.read_text("utf-8") for path in (renamed_county / "tests" / "stories").glob("*.py")}
    for path, text in texts.items():
        assert not [name for name in names.of_the_field if name in text], path.name


def test_the_renamed_files_are_sound(renamed_county: Path) -> None:
    """What was renamed is still a roster and two rulebooks, with as many posts, indicators and clauses as before."""
    roster = read_roster((renamed_county / "data" / "demo" / "roster.csv").read_text("utf-8"))
    shipped = {len(rulebook_file.load(path.read_text("utf-8"), path.name).rulebook.clauses) for path in RULEBOOKS}
    copies = [*(renamed_county / "data" / "rulebooks").glob("*.yaml")]

    assert not roster.faults
    assert {len(rulebook_file.load(path.read_text("utf-8"), path.name).rulebook.clauses) for path in copies} == shipped


@pytest.mark.timeout(300)
def test_the_stories_are_told_as_before(renamed_county: Path) -> None:
    """The real packages, the renamed county, the renamed stories (decisions 34). SQLite is enough for that."""
    # On one ground: what a platform does with a saying has nothing to do with the names in it.
    grounds = "not wecom and not feishu and not dingtalk and not all-at-once and not robot"
    # The years are told under measures of their own, of which the copy has none.
    chosen = f"{grounds} and not test_the_years"
    command = (sys.executable, "-m", "pytest", "tests/stories", "-q", "-m", "not postgres and not slow", "-k", chosen)
    told = subprocess.run(
        command,
        cwd=renamed_county,
        env={"PYTHONPATH": f"{renamed_county}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    passed = re.search(r"(\d+) passed", told.stdout)

    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-2000:]
    assert passed is not None
    assert int(passed[1]) >= len(list(STORIES.glob("test_*.py")))


TO_BE_REWORDED: dict[str, set[str]] = {}
"""Names that still stand in the product: none, and none may be added."""


@pytest.mark.parametrize("path", product_sources(), ids=str)
def test_no_name_stands_in_the_product(path: Path, names: Names) -> None:
    """Neither a unit nor an indicator, clause, duty or rulebook of the shipped files, not even in a comment."""
    source = product_sources()[path]
    found = {name for name in names.of_the_field if re.search(as_name(name), source)}
    found |= {each for each in names.ids if re.search(rf"(?<=[\"'/]){re.escape(each)}(?=[\"'.])", source)}

    assert found <= TO_BE_REWORDED.get(str(path), set())


def test_the_words_that_are_no_names_are_few() -> None:
    """考核办 and 县 beside the roles: whoever adds one here says why beside NO_NAMES."""
    assert len(NO_NAMES) == 9
