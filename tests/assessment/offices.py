"""A small county for tests of audiences: three townships, two departments, an office, and who holds which post."""

from datetime import date

from assessment.audience import Known
from assessment.roster import Person, Post, Role, Roster, Unit

DAY = date(2010, 8, 4)
ASKER, LEADER, NAMESAKE = 90, 80, 81
TOWNS = ("甲镇", "乙镇", "丙镇")
DEPARTMENTS = ("县农和水利局", "县交通局")
UNITS = (
    Unit(1, "甲镇", ("甲",), "乡镇类"),
    Unit(2, "乙镇", ("小镇",), "乡镇类"),
    Unit(3, "丙镇", ("小镇",), "乡镇类"),
    Unit(4, "县农和水利局", ("水利局",), "部门"),
    Unit(5, "县交通局", ("交通局",), "部门"),
    Unit(6, "考核办公室", ("考核办",), "考核办"),
    Unit(7, "县城", (), "县"),
    Unit(8, "撤并镇", (), "乡镇类", last_day=date(2010, 7, 31)),
)
OWN = (Role.REPORTER, Role.DEPUTY, Role.HEAD)
POSTS = (
    *(Post(unit * 10 + place, unit, role) for unit in (1, 2, 3, 4) for place, role in enumerate(OWN)),
    Post(52, 5, Role.HEAD),  # 填报人 is vacant
    Post(LEADER, 1, Role.LEADER_IN_CHARGE),
    Post(LEADER, 4, Role.LEADER_IN_CHARGE),
    Post(NAMESAKE, 2, Role.LEADER_IN_CHARGE),
    Post(ASKER, 6, Role.OFFICE),
    Post(70, 7, Role.LEADER),
)
NAMES = {LEADER: "何林", NAMESAKE: "方远"}
ROSTER = Roster(
    UNITS,
    tuple(Person(number, NAMES.get(number, f"某{number}")) for number in sorted({post.person for post in POSTS})),
    POSTS,
)
MISSING = {"7月进展情况": (1, 4), "8月工作计划": (4, 5)}


def known(asker: int = ASKER) -> Known:
    """What the words are about on 4 August."""
    return Known(ROSTER, DAY, asker, MISSING)
