"""`duban check` on a shipped measure that the office has filled in: what it warns of, and what it does not let in."""

from pathlib import Path

from tests.bot.house import Said

SHIPPED = Path(__file__).parents[2] / "assessment" / "rulebooks"


def filled_in(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Put a shipped measure into the folder with other words in it; each old wording must stand there."""
    text = (SHIPPED / name).read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "rulebooks" / name).write_text(text, "utf-8")


def own_days(units: int, office: int) -> tuple[tuple[str, str], tuple[str, str]]:
    """The day of the units and that of the office that collects from them, both of the next month."""
    return (
        ("截止: null\n    承担单位: [市(地)", f"截止: {{次月: {units}}}\n    承担单位: [市(地)"),
        (
            "截止: null\n    承担单位: [省考核工作组办公室]",
            f"截止: {{次月: {office}}}\n    承担单位: [省考核工作组办公室]",
        ),
    )


def test_the_collecting_offices_own_day_has_to_come_after_the_units(folder: Path, duban: Said) -> None:
    """R04: both on the 5th is warned of; the 5th and the 8th are not."""
    filled_in(folder, "monthly-roundup.yaml", *own_days(5, 5))
    assert "下级截止日不早于上级" in duban("check")[1]

    filled_in(folder, "monthly-roundup.yaml", *own_days(5, 8))
    assert "下级截止日不早于上级" not in duban("check")[1]


def test_parts_that_do_not_add_up_are_said_and_left_as_they_are(folder: Path, duban: Said) -> None:
    """R28: 15 under a heading of 16, with the place to look at; the file is not touched."""
    filled_in(folder, "panjin-supervision.yaml")
    before = (folder / "rulebooks" / "panjin-supervision.yaml").read_bytes()

    status, said, _ = duban("check")

    (warning,) = (line for line in said.splitlines() if "分项相加" in line)
    assert "分项相加是 15 分，标题写 16 分" in warning
    assert status == 0
    assert (folder / "rulebooks" / "panjin-supervision.yaml").read_bytes() == before


def test_an_indicator_of_public_opinion_is_not_let_in(folder: Path, duban: Said) -> None:
    """R106: refused with its place, whatever else the file says."""
    filled_in(folder, "sanmen-2010.yaml", ("名称: 刑事案件破案率", "名称: 舆情处置率"))

    status, _, complained = duban("check")

    assert status == 1
    assert "名称：Duban 不考核舆情内容 → 请删去这一项" in complained
