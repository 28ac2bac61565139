"""`duban rulebook`: from an office's sheets to a rulebook and back. Every command shows first and writes on request."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line import BAD_USAGE, DONE, FAULTS, ChineseCommand, ChineseGroup, Stop, complain

app = typer.Typer(
    cls=ChineseGroup,
    help="用电子表格（.xlsx）编写考核办法，填报参数表和指标任务分解表；先试算，写明写到哪里才写入。",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)

Workbook = Annotated[Path, typer.Argument(metavar="工作簿", help="填好的工作簿（.xlsx）")]
Measure = Annotated[str, typer.Argument(metavar="办法", help="考核办法文件（.yaml 或 .xlsx），或运行中的考核方案代号")]
MeasureFile = Annotated[Path, typer.Argument(metavar="办法", help="考核办法文件（.yaml）")]
ToWorkbook = Annotated[Path, typer.Option("--to", metavar="文件", help="写到哪个工作簿（.xlsx）")]
ToFile = Annotated[Path | None, typer.Option("--to", metavar="文件", help="写到哪个文件（.yaml）；不写则只试算")]
Config = Annotated[Path, typer.Option("--config", metavar="文件", help="设置文件")]
_CONFIG = Path("duban.toml")
_TRIED = "（试算，未写入）"


@app.command("template", cls=ChineseCommand)
def template(to: ToWorkbook) -> None:
    """写出空白工作簿：各表表头、填写说明和下拉选项齐备，供考核办填写。"""
    from bot.authoring.into_sheets import sheets_of  # noqa: PLC0415
    from bot.authoring.office_files import write  # noqa: PLC0415
    from bot.workbook.writing import workbook_bytes  # noqa: PLC0415

    write(to, workbook_bytes(sheets_of({})))
    typer.echo(f"已写入 {to}。填好后运行 duban rulebook from-xlsx {to}")


@app.command("to-xlsx", cls=ChineseCommand)
def to_xlsx(file: MeasureFile, to: ToWorkbook) -> None:
    """把考核办法写成工作簿，内容不增不减。"""
    from assessment.rulebook_errors import every_key  # noqa: PLC0415
    from assessment.rulebook_file import schema  # noqa: PLC0415
    from assessment.yaml_text import read  # noqa: PLC0415
    from bot.authoring.into_sheets import sheets_of  # noqa: PLC0415
    from bot.authoring.office_files import measure_at, write  # noqa: PLC0415
    from bot.workbook.writing import workbook_bytes  # noqa: PLC0415

    data = read(measure_at(file).text, file.name, every_key(schema())).data
    assert isinstance(data, dict)
    write(to, workbook_bytes(sheets_of(data)))
    typer.echo(f"已写入 {to}")


@app.command("from-xlsx", cls=ChineseCommand)
def from_xlsx(workbook: Workbook, to: ToFile = None) -> None:
    """读取填好的工作簿：有误的逐格列出；无误的读成文字供核对，写明 --to 才写成考核办法文件。"""
    from assessment.workdays import WorkCalendar  # noqa: PLC0415
    from bot.authoring.office_files import measure_at, write  # noqa: PLC0415
    from bot.explained import explain  # noqa: PLC0415
    from bot.explained.of_file import ZONE  # noqa: PLC0415

    found = measure_at(workbook)
    complain(f"△ {warning}" for warning in found.loaded.warnings)
    if to is None:
        told = explain(found.loaded.rulebook, calendar=WorkCalendar(), zone=ZONE, today=_today())
        typer.echo("\n".join(told))
        typer.echo(f"\n以上为读到的内容{_TRIED}。写成文件请加 --to 文件，直接导入请用 duban import {workbook}")
        return
    write(to, found.text.encode())
    typer.echo(f"已写入 {to}。导入请用 duban import {to}")


@app.command("parameters", cls=ChineseCommand)
def parameters(measure: Measure, to: ToWorkbook, config: Config = _CONFIG) -> None:
    """写出参数表：未设定项和代入值逐项列出，附影响和原文，留出“值”和“依据”两栏。"""
    from bot.authoring.office_files import write  # noqa: PLC0415
    from bot.authoring.parameters import parameter_sheet  # noqa: PLC0415
    from bot.authoring.running import measure_named  # noqa: PLC0415
    from bot.workbook.writing import workbook_bytes  # noqa: PLC0415

    found = measure_named(measure, config)
    sheet = parameter_sheet(found.loaded)
    write(to, workbook_bytes([sheet]))
    typer.echo(f"已写入 {to}，未设定 {len(found.loaded.unset)} 项、代入值 {len(found.loaded.stand_ins)} 项")


@app.command("fill", cls=ChineseCommand)
def fill(
    measure: Measure,
    workbook: Workbook,
    to: ToFile = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="姓名", help="写入运行中的考核方案时，由考核办哪位同志负责")
    ] = None,
    config: Config = _CONFIG,
) -> int:
    """读取填好的参数表，逐项列出由何值改为何值；写入文件用 --to，写入运行中的考核方案用 --by。"""
    from bot.authoring.office_files import read_bytes, read_grids, write  # noqa: PLC0415
    from bot.authoring.parameters import read_filled  # noqa: PLC0415
    from bot.authoring.running import fill_in_running, is_file, measure_named  # noqa: PLC0415

    if is_file(measure) and by is not None:
        raise Stop("--by 只用于运行中的考核方案；写文件请用 --to", status=BAD_USAGE)
    if not is_file(measure) and to is not None:
        raise Stop("--to 只用于考核办法文件；写入运行中的考核方案请用 --by 姓名", status=BAD_USAGE)
    found = measure_named(measure, config)
    grids = read_grids(read_bytes(workbook), workbook.name)
    filled = read_filled(grids, workbook.name, found.loaded, found.text)
    for change in filled.changes:
        typer.echo(f"{change.path}：{change.before} → {change.after}（{change.basis or '未写依据'}）")
    if filled.faults:
        complain([*map(str, filled.faults), f"有误 {len(filled.faults)} 处，未写入"])
        return FAULTS
    remarks: Iterable[str] = ()
    if filled.changes and to is not None:
        write(to, filled.text.encode())
    elif filled.changes and by is not None:
        remarks = fill_in_running(config, measure, found, filled, by)
    written = bool(filled.changes) and (to is not None or by is not None)
    typer.echo(f"设定 {len(filled.changes)} 项{'' if written else _TRIED}")
    complain(f"△ {remark}" for remark in remarks)
    return DONE


@app.command("splits", cls=ChineseCommand)
def splits(file: MeasureFile, workbook: Workbook, to: ToFile = None) -> int:
    """读取指标任务分解表，逐项核对合计，指出分解缺口；写明 --to 才写入考核办法文件的“分解”。"""
    from bot.authoring.office_files import measure_at, read_bytes, read_grids, write  # noqa: PLC0415
    from bot.authoring.splits import read_splits  # noqa: PLC0415

    found = measure_at(file)
    grids = read_grids(read_bytes(workbook), workbook.name)
    read = read_splits(grids, workbook.name, found.loaded.rulebook, found.text)
    if read.faults:
        complain([*map(str, read.faults), f"有误 {len(read.faults)} 处，未写入"])
        return FAULTS
    for line in read.lines:
        typer.echo(f"{'✓' if line.adds_up else '△'} {line.name}：{line.units} 个单位，{line.told}")
    if to is not None and read.lines:
        write(to, read.text.encode())
    typer.echo(f"分解指标 {len(read.lines)} 项{'' if to is not None and read.lines else _TRIED}")
    return DONE if all(line.adds_up for line in read.lines) else FAULTS


def _today() -> date:
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.explained.of_file import ZONE  # noqa: PLC0415

    return SystemClock().now().astimezone(ZONE).date()
