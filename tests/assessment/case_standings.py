"""Cases of standings: ranks, the order of stages, eligibility by the year, awards, and rounds of supervision."""

from datetime import UTC, datetime
from decimal import Decimal

from assessment.awarding import choosable, is_given_in
from assessment.eligibility import Decision, Flagged, eligibility, last_place_flags
from assessment.ledger import AccountKey, Basis, Entry
from assessment.ranking import cut, ranked
from assessment.rulebook import Award, Flag, Rulebook, Share, Subject, Trigger
from assessment.stages import check_stage
from assessment.supervision import clauses_of_round
from tests.assessment.case_entries import Results, Written
from tests.assessment.case_results import cell


def ranks(_: Rulebook, written: Written) -> Results:
    names = list(written["名次"])
    places = ranked({number: Decimal(written["得分"][name]) for number, name in enumerate(names)})
    within = cut(places, int(written.get("名额", len(names))))
    flagged = last_place_flags(places, programme="考核", year=2026)
    return {
        "名次": {name: str(place.place) for name in names for place in places if names[place.holder] == name},
        "入围": [names[holder] for holder in within.within],
        "待定": [names[holder] for holder in within.undecided],
        "末位": [names[each.account.holder] for each in flagged],
    }


def order(rulebook: Rulebook, written: Written) -> Results:
    ids = {name: stage.id for stage in rulebook.stages for name in (stage.name, stage.id)}
    columns = {ids[name]: cell(text) for name, text in written.get("已做", {}).items()}
    found = check_stage(rulebook, columns, ids[written["要做"]], cell(written["给分"]))
    stage = f" {found.stage.name}" if found is not None and found.stage is not None else ""
    return {"可否": "可以" if found is None else f"{_WHY_NOT[found.why]}{stage}"}


_WHY_NOT = {"not yet": "请先完成", "closed": "已有后一环节", "no value": "没有分也没有理由"}


def standing(_: Rulebook, written: Written) -> Results:
    """Flags by year, what was decided on a recommendation, and how the unit stands in each year."""
    account, causes = AccountKey("督查", Subject.UNIT, 1), {}
    flags = []
    for number, (year, flag) in enumerate((line.split() for line in written["标记"]), start=1):
        causes[flag] = _an_entry(number, account)
        flags.append(Flagged(account=account, year=int(year), flag=Flag(flag), cause=causes[flag]))
    decisions = [
        Decision(on=causes["建议取消评优资格"].id, loses=word == "取消", author=1, reason="会议研究")
        for word in written.get("决定", ())
    ]
    years = {year: eligibility(account, int(year), flags, decisions) for year in written["资格"]}
    return {
        "资格": {year: found.standing.value for year, found in years.items()},
        "可评": [year for year, found in years.items() if found.may_be_awarded],
    }


def _an_entry(number: int, account: AccountKey) -> Entry:
    at = datetime(2026, 3, number, tzinfo=UTC)
    return Entry(
        id=number,
        account=account,
        clause="甲",
        points=Decimal(0),
        basis=Basis(happened=Trigger.RECORDED),
        author=1,
        occurred_at=at,
        recorded_at=at,
        rulebook_digest="",
        seq=number,
        previous="",
        mac="",
    )


def award_years(rulebook: Rulebook, written: Written) -> Results:
    award = _award(rulebook, written["评选年度"])
    return {"年度": {year: "评" if is_given_in(award, int(year)) else "不评" for year in written["年度"]}}


def winners(rulebook: Rulebook, written: Written) -> Results:
    """Who may be chosen for an award; each unit with its class, its grade (or 无) and its flags."""
    names, said_of = list(written["各单位"]), [words.split() for words in written["各单位"].values()]
    standings = {}
    for number, (_, _, *flags) in enumerate(said_of):
        account = AccountKey("考核", Subject.UNIT, number)
        raised = [Flagged(account=account, year=1, flag=Flag(flag), cause=_an_entry(1, account)) for flag in flags]
        standings[number] = eligibility(account, 1, raised)
    found = choosable(
        _award(rulebook, written["可评选"]),
        grades={number: words[1] for number, words in enumerate(said_of)},
        groups={number: words[0] for number, words in enumerate(said_of)},
        standings=standings,
    )
    return {
        "可选": [names[holder] for holder in found.holders],
        "不可选": [names[holder] for holder in found.excluded],
        "多出": str(found.too_many),
    }


def rounds(rulebook: Rulebook, written: Written) -> Results:
    """What each round of supervision costs in a matter of that class."""

    def cost(nth: str) -> str:
        found = clauses_of_round(rulebook, int(nth), Share.LEAD, written["督办类别"])
        return "、".join(f"{clause.name}{clause.points.value}" for clause in found) or "不扣分"

    return {"各次": {nth: cost(nth) for nth in written["各次"]}}


def _award(rulebook: Rulebook, name: str) -> Award:
    return next(award for award in rulebook.awards if award.name == name)
