"""参数表: what a rulebook leaves open as a sheet for the office, and the filled sheet read back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assessment import rulebook_file
from assessment.fault import Broken, Fault, Path, show_path
from assessment.open_parameters import StandIn, Unset
from assessment.rulebook import Part, Rulebook
from assessment.rulebook_file import Loaded
from bot.authoring.cells import UNSET, Slip, value_of
from bot.authoring.fields import Field, fields_of
from bot.authoring.filled_text import filled_text
from bot.authoring.from_sheets import CellFault
from bot.authoring.into_sheets import note_of
from bot.workbook.sheet import Grid, Hint, Sheet

SHEET = "参数表"
PLACE, VALUE, BASIS = "位置", "值", "依据（文号）"
_HEADS = (PLACE, "参数", "现值", "代入理由", "影响", "原文", VALUE, BASIS)
_WIDTHS = (24, 26, 10, 20, 24, 44, 14, 20)
_FORMULA = "折算、合成等有关结果"


@dataclass(frozen=True)
class Change:
    """One value that the office has set."""

    at: Path
    path: str
    """By names: 指标 › 名称 › 基本任务."""
    before: str
    after: str
    """As the office wrote it."""
    basis: str


@dataclass(frozen=True)
class FilledSheet:
    """What a filled sheet says, the text that the rulebook would have, and what keeps it from being used."""

    changes: tuple[Change, ...]
    text: str
    faults: tuple[Fault, ...]


def parameter_sheet(loaded: Loaded) -> Sheet:
    """Every unset parameter and every stand-in of the rulebook, with room for the value and what it rests on."""
    open_ends = sorted(_open_ends(loaded), key=lambda each: _in_order(each.at))
    rows = [_row(loaded.rulebook, each) for each in open_ends]
    hints = {(number, 7): _hint(each.at) for number, each in enumerate(open_ends, start=2)}
    basis = Hint(BASIS, "写考核办据以设定的文号或会议纪要；填了值的必须写")
    return Sheet(SHEET, _HEADS, rows, _WIDTHS, {8: basis}, hints)


def read_filled(grids: Sequence[Grid], file: str, loaded: Loaded, text: str) -> FilledSheet:
    """Read a filled sheet against the rulebook in `text`. Rows without a value change nothing."""
    reader = _Reader(file, loaded)
    reader.read(next((grid for grid in grids if grid.name.strip() == SHEET), grids[0]) if grids else Grid(SHEET, {}))
    new = filled_text(text, reader.values) if reader.values else text
    if not reader.faults:
        try:
            rulebook_file.load(new, file)
        except Broken as broken:
            reader.faults += [reader.at_its_row(fault) for fault in broken.faults]
    return FilledSheet(tuple(reader.changes), new, tuple(reader.faults))


class _Reader:
    def __init__(self, file: str, loaded: Loaded) -> None:
        self._file = file
        self._rulebook = loaded.rulebook
        self._open = {place_of(loaded.rulebook, each.at): each for each in _open_ends(loaded)}
        self._rows: dict[str, tuple[int, int, str]] = {}
        self._sheet = SHEET
        self.changes: list[Change] = []
        self.values: dict[Path, object] = {}
        self.faults: list[Fault] = []

    def read(self, grid: Grid) -> None:
        self._sheet = grid.name
        rows = grid.rows
        heads = {"".join(text.split()): column for column, text in rows[0][1].items()} if rows else {}
        missing = [head for head in (PLACE, VALUE, BASIS) if head not in heads]
        if missing:
            listed = "、".join(f"“{head}”" for head in missing)
            self._note(1, 1, "", f"表头缺少{listed}", "请用 duban rulebook parameters 另出一份")
            return
        for number, row in rows[1:]:
            if row.get(heads[VALUE]):
                self._read_row(number, row, heads)

    def _read_row(self, number: int, row: Mapping[int, str], heads: Mapping[str, int]) -> None:
        place, value, basis = (row.get(heads[head], "") for head in (PLACE, VALUE, BASIS))
        found = self._open.get(place)
        if found is None:
            self._note(
                number, heads[PLACE], place, "不是未设定项或代入值", "已经设定的当年不得改动；请勿改动“位置”一列"
            )
            return
        if found.at in self.values:
            self._note(number, heads[PLACE], place, "这一项写了两次", "请删去一行")
            return
        if value == UNSET:
            self._note(number, heads[VALUE], place, "没有写值", "未定的，这一格空着")
            return
        if not basis:
            self._note(number, heads[BASIS], place, "没有写依据", "请写文号或会议纪要")
        try:
            self.values[found.at] = value_of(field_at(found.at), value)
        except Slip as slip:
            self._note(number, heads[VALUE], place, slip.what, slip.remedy)
            return
        self._rows[show_path(found.at)] = (number, heads[VALUE], place)
        before = f"{found.value}◇" if isinstance(found, StandIn) else "未设定"
        self.changes.append(Change(found.at, found.path, before, value, basis))

    def at_its_row(self, fault: Fault) -> Fault:
        """A fault of the new text, where the office can put it right."""
        for path, (row, column, place) in self._rows.items():
            if fault.path == path or fault.path.startswith(f"{path} › "):
                return CellFault(self._file, row, column, place, fault.what, fault.remedy, self._sheet)
        return fault

    def _note(self, row: int, column: int, named: str, what: str, remedy: str) -> None:
        self.faults.append(CellFault(self._file, row, column, named, what, remedy, self._sheet))


def _open_ends(loaded: Loaded) -> list[Unset | StandIn]:
    return [*loaded.unset, *loaded.stand_ins]


def place_of(rulebook: Rulebook, at: Path) -> str:
    """The place by ids, which tell apart what has one name: 指标/export/基本任务."""
    return "/".join(_named(node, step) if isinstance(step, int) else step for step, node in _nodes_on(rulebook, at))


def _named(item: object, place: int) -> str:
    names = (getattr(item, name, None) for name in ("id", "name", "unit", "stage"))
    return str(next(filter(None, names), place + 1))


def field_at(at: Path) -> Field:
    """What may be written at that place."""
    keys = [step for step in at if isinstance(step, str)]
    fields = fields_of(Rulebook)
    for key in keys[:-1]:
        fields = fields_of(*next(field for field in fields if field.key == key).parts)
    return next(field for field in fields if field.key == keys[-1])


def _row(rulebook: Rulebook, found: Unset | StandIn) -> list[str]:
    value, reason, blocked = UNSET, "", ""
    if isinstance(found, StandIn):
        value, reason, blocked = f"{found.value}◇", found.reason, f"{_FORMULA}标◇，只能试运行"
    else:
        blocked = found.blocked
    return [place_of(rulebook, found.at), found.path, value, reason, blocked, _source(rulebook, found.at), "", ""]


def _source(rulebook: Rulebook, at: Path) -> str:
    """The sentence that it belongs to, with its place in the source."""
    told = ""
    for _, part in _nodes_on(rulebook, at):
        said = getattr(part, "text", None) or getattr(part, "note", None)
        told = "：".join(filter(None, (getattr(part, "cite", None), said))) or told
    return told


def _nodes_on(rulebook: Rulebook, at: Path) -> Iterator[tuple[str | int, object]]:
    """Each step of the way with what it leads to."""
    node: object = rulebook
    for step in at:
        if isinstance(step, int):
            assert isinstance(node, tuple)
            node = node[step]
        else:
            assert isinstance(node, Part)
            node = next(getattr(node, name) for name, field in type(node).model_fields.items() if field.alias == step)
        yield step, node


def _hint(at: Path) -> Hint:
    field = field_at(at)
    return Hint(field.key, note_of(field), field.choices if field.listed else ())


def _in_order(at: Path) -> tuple[int, ...]:
    """By the schema's order, then by that of the file."""
    order = [field.key for field in fields_of(Rulebook)]
    return (order.index(str(at[0])), *(step for step in at if isinstance(step, int)))
