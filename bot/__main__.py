"""The command line. Every command imports what it needs when it runs, so that `duban --help` is quick."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated

import typer

from bot.authoring.commands import app as rulebook_commands
from bot.command_line import BAD_USAGE, DONE, FAULTS, ChineseCommand, ChineseGroup, Stop, complain, run

app = typer.Typer(
    cls=ChineseGroup,
    help="督办：目标责任考核与督查的聊天服务。退出码：0 完成，1 发现问题，2 用法不对。",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(rulebook_commands, name="rulebook")

Config = Annotated[Path, typer.Option("--config", metavar="文件", help="设置文件")]
AsJson = Annotated[bool, typer.Option("--json", help="按供程序读取的格式输出")]
_CONFIG = Path("duban.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command with these arguments (default: those of the process) and return the exit status."""
    return run(app, arguments)


@app.callback(invoke_without_command=True)
def _without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(BAD_USAGE)


@app.command("init", cls=ChineseCommand)
def init(folder: Annotated[Path, typer.Argument(metavar="目录", help="要新建的目录，可以已经存在")]) -> None:
    """新建一套设置：设置文件、密钥、名册样表和所需目录。"""
    from bot.new_house import set_up  # noqa: PLC0415

    made = set_up(folder)
    for path in made:
        typer.echo(f"已建立 {path}")
    typer.echo("下一步：填写 roster.csv，在该目录运行 duban import roster.csv，再运行 duban check")


@app.command("check", cls=ChineseCommand)
def check(
    config: Config = _CONFIG,
    offline: Annotated[bool, typer.Option("--offline", help="不连接各平台，只检查本机")] = False,
    as_json: AsJson = False,
) -> int:
    """检查设置、考核办法、日历、数据库、名册和各平台的连接，逐项说明如何处理；不发送消息。"""
    from bot.checkup import Finding, Mark, check_up, conclusion  # noqa: PLC0415
    from bot.checkup_channels import check_channels  # noqa: PLC0415
    from bot.installed import settings_at  # noqa: PLC0415

    try:
        settings = settings_at(config)
    except Stop as stop:
        findings = [Finding(Mark.BAD, line) for line in stop.lines]
    else:
        findings = [
            Finding(Mark.GOOD, f"设置文件 {config} 可用"),
            *check_up(settings, _today(settings.service.zone)),
            *check_channels(settings, offline=offline),
        ]
    if as_json:
        _print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(str(finding), err=finding.mark is Mark.BAD)
        typer.echo(conclusion(findings))
    return FAULTS if any(finding.mark is Mark.BAD for finding in findings) else DONE


@app.command("import", cls=ChineseCommand)
def bring(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="文件", help="名册、期初（.csv、.xlsx）、考核办法（.xlsx、.yaml）或日历（.yaml）"),
    ] = None,
    config: Config = _CONFIG,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试算，不写入")] = False,
    live_from: Annotated[
        str | None, typer.Option(metavar="日期", help="考核方案从哪一天起用，如 2026-08-01；缺省为今天")
    ] = None,
    trial: Annotated[bool, typer.Option("--trial", help="试运行：允许办法含代入值（结果标◇），只发考核办")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="跳过名册中有误的行，导入其余")] = False,
    end_missing: Annotated[bool, typer.Option("--end-missing", help="名册中不再列出的岗位，从今天起停用")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="姓名", help="期初由考核办哪位同志导入")] = None,
    erase_phone: Annotated[
        str | None, typer.Option("--erase-phone", metavar="姓名", help="不导入，只抹去留存的手机号：写姓名或“全部”")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """导入名册、考核办法、日历或期初；有误时一项也不写入。"""
    from bot.bring_in import Wishes, bring_in, erase_phones  # noqa: PLC0415
    from bot.channel_settings import CASELESS, looks_up  # noqa: PLC0415
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.installed import database_of, settings_at  # noqa: PLC0415
    from bot.opening_table import opening_text  # noqa: PLC0415

    if file is None and erase_phone is None:
        raise Stop("缺少参数 文件。用法见 duban import --help", status=BAD_USAGE)
    if file is not None and erase_phone is not None:
        raise Stop("--erase-phone 不与导入同用，请分两次运行", status=BAD_USAGE)
    settings = settings_at(config)
    if file is None:
        with database_of(settings) as database:
            typer.echo(f"已抹去手机号 {erase_phones(database, erase_phone or '')} 人")
        return DONE
    today = _today(settings.service.zone)
    wishes = Wishes(
        today=today,
        live_from=_day(live_from, "--live-from") if live_from else today,
        dry_run=dry_run,
        trial=trial,
        skip_bad=skip_bad,
        end_missing=end_missing,
    )
    opening = opening_text(file)
    if file.is_file() and (opening is None) != (by is None):
        raise Stop("导入期初须写明由谁导入：--by 姓名" if by is None else "--by 只用于导入期初", status=BAD_USAGE)
    if opening is not None and (skip_bad or end_missing or trial or live_from):
        raise Stop("期初只与 --dry-run、--by 同用：有误时一行也不写入", status=BAD_USAGE)
    with database_of(settings) as database:
        tenants = {channel.name: channel.tenant for channel in settings.channels}
        caseless = {channel.name for channel in settings.channels if channel.kind in CASELESS}
        looked_up = {channel.name for channel in settings.channels if looks_up(channel)}
        if opening is not None and by is not None:
            from bot.app import installation_of  # noqa: PLC0415
            from bot.opening_sheet import bring_opening  # noqa: PLC0415

            where = installation_of(settings)
            report = bring_opening(file.name, opening, database, where, wishes, by=by, now=SystemClock().now())
        else:
            report = bring_in(file, database, tenants, wishes, caseless=caseless, looked_up=looked_up)
    complain(report.faults)
    if as_json:
        _print_json(asdict(report))
    else:
        for line in (*report.listed, *(f"△ {remark}" for remark in report.remarks)):
            typer.echo(line)
        typer.echo(report.sentence())
    return FAULTS if report.faults else DONE


@app.command("serve", cls=ChineseCommand)
def serve(config: Config = _CONFIG) -> int:
    """运行服务，直到收到停止信号。日志写到标准输出，每行一条。"""
    from bot import serving  # noqa: PLC0415
    from bot.installed import database_of, settings_at  # noqa: PLC0415

    settings = settings_at(config)
    with database_of(settings) as database:
        return serving.serve(settings, database)


@app.command("rehearse", cls=ChineseCommand)
def rehearse(
    config: Config = _CONFIG,
    year: Annotated[int | None, typer.Option(metavar="年度", help="预演哪一年；缺省为考核方案的年度")] = None,
    until: Annotated[str | None, typer.Option(metavar="月-日", help="预演到哪一天，如 09-30；缺省到次年1月底")] = None,
    rulebook: Annotated[
        list[Path] | None, typer.Option(metavar="文件", help="改用这些考核办法，可多次写；缺省为已导入的")
    ] = None,
    behaviour: Annotated[str, typer.Option(metavar="做法", help="各单位按时、迟交，还是不报")] = "按时",
    data: Annotated[
        Path | None, typer.Option(metavar="文件", help="另存全部结果（.json），或逐条消息的表格（.csv）")
    ] = None,
) -> int:
    """预演全年：按现有名册和考核办法走一遍，列出消息、负担、调用次数和矛盾之处；不连接平台，不发送消息。"""
    from bot.rehearsal.command import Asked, rehearse_year  # noqa: PLC0415

    return rehearse_year(Asked(config, year, until, tuple(rulebook or ()), behaviour, data), _today)


@app.command("score", cls=ChineseCommand)
def score(
    unit: Annotated[
        str | None, typer.Argument(metavar="单位", help="单位名称或别名；与 --under 同用时可不写，即全部账户")
    ] = None,
    config: Config = _CONFIG,
    why: Annotated[bool, typer.Option("--why", help="逐条列出条款原文、情况说明和佐证")] = False,
    as_of: Annotated[str | None, typer.Option(metavar="日期", help="截至哪一天，如 2026-07-31；缺省为现在")] = None,
    known: Annotated[bool, typer.Option("--known", help="按现在所知计算；缺省按当时已公布的计算")] = False,
    under: Annotated[
        Path | None, typer.Option("--under", metavar="文件", help="按修改后的办法试算台账，列出变化；不写入")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """查询一个单位及其人员的得分，每条列明条款、事实、时间和核定人；或按修改后的办法试算，列出变化。"""
    from assessment.due import midnight_after  # noqa: PLC0415
    from assessment.scorecard import View  # noqa: PLC0415
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.installed import database_of, settings_at  # noqa: PLC0415
    from bot.rule_change_sheet import tried_out  # noqa: PLC0415
    from bot.score_sheet import sheet, unit_named  # noqa: PLC0415

    if unit is None and under is None:
        raise Stop("缺少参数 单位。用法见 duban score --help", status=BAD_USAGE)
    if under is not None and why:
        raise Stop("--why 不与 --under 同用：试算只列出变化", status=BAD_USAGE)
    settings = settings_at(config)
    zone, now = settings.service.zone, SystemClock().now()
    moment = midnight_after(_day(as_of, "--as-of"), zone) - timedelta(milliseconds=1) if as_of else now
    view = View.KNOWN if known else View.PUBLISHED
    with database_of(settings) as database:
        if under is not None:
            tried = database.read_now(
                lambda uow: tried_out(uow, under, unit_named(uow, unit) if unit else None, moment, view, zone)
            )
            if as_json:
                _print_json(tried.data())
            else:
                typer.echo("\n".join(tried.text(zone)))
            return FAULTS if tried.change.left_open else DONE
        found = database.write_now(lambda uow: sheet(uow, unit_named(uow, unit or ""), moment, view, now))
    if as_json:
        _print_json(found.data())
    else:
        typer.echo("\n".join(found.text(zone, reasons=why)))
    return DONE


@app.command("explain", cls=ChineseCommand)
def explain(
    file: Annotated[Path, typer.Argument(metavar="文件", help="考核办法文件（.yaml）")],
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="部分",
            help="只看一部分：条款、指标、报送任务、催办阶梯、阶段、等次、后果、奖励、整改、读法或存疑",
        ),
    ] = None,
) -> None:
    """把考核办法读成文字：每条旁附原文，截止和催办举出实际日期，列明未设定项和代入值；不读取设置。"""
    from bot.explained.of_file import ZONE, explained_file  # noqa: PLC0415

    found = explained_file(file, _today(ZONE), only)
    complain(found.remarks)
    typer.echo("\n".join(found.lines))


@app.command("verify", cls=ChineseCommand)
def verify(
    config: Config = _CONFIG,
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="文件", help="与另存的检查点对照，可发现台账末尾被删")
    ] = None,
    write_checkpoint: Annotated[
        Path | None, typer.Option(metavar="文件", help="核验无误后写出检查点，请存到别处")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """重新计算整个台账，与所存的逐条核对；附件是否完好一并核对。"""
    from bot import checkpoint_file  # noqa: PLC0415
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.evidence_check import damaged  # noqa: PLC0415
    from bot.evidence_store import EvidenceStore  # noqa: PLC0415
    from bot.installed import database_of, settings_at  # noqa: PLC0415
    from bot.ledger_check import examine  # noqa: PLC0415

    settings = settings_at(config)
    key, now = settings.service.ledger_key.get_secret_value().encode(), SystemClock().now()
    seen = checkpoint_file.read_checkpoint(checkpoint) if checkpoint else None
    with database_of(settings) as database:
        found = database.read_now(lambda uow: examine(uow, key, now, seen))
        if write_checkpoint is not None and not found.faults:
            database.read_now(lambda uow: checkpoint_file.write_checkpoint(write_checkpoint, uow, now, key))
        evidence = database.read_now(lambda uow: damaged(uow, EvidenceStore(settings.service.files)))
        found = replace(found, faults=(*found.faults, *evidence))
    if as_json:
        _print_json(asdict(found))
    else:
        complain(map(str, found.faults))
        result = f"发现 {len(found.faults)} 处不符" if found.faults else "未发现不符"
        typer.echo(f"已核验 {found.accounts} 个账户、{found.entries} 条记录，{result}")
    return FAULTS if found.faults else DONE


@app.command("demo", cls=ChineseCommand)
def demo(
    story: Annotated[bool, typer.Option("--story", help="不开页面，走完一个月的经过并逐处核对")] = False,
    port: Annotated[int | None, typer.Option(help="页面的端口；不写则取空闲的", min=1024, max=65535)] = None,
    folder: Annotated[Path | None, typer.Option("--dir", help="数据存放的目录；不写则用临时目录，结束即删")] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="不自动打开浏览器")] = False,
) -> int:
    """演示：在浏览器里打开演示县，像用工作通讯软件一样试用；只在本机，不读取设置。"""
    if story:
        from bot.story import play  # noqa: PLC0415

        return asyncio.run(play())
    if folder is not None and any((folder / name).exists() for name in ("duban.toml", "ledger.key")):
        raise Stop(f"{folder} 是正式使用的目录，不能用于演示，请另选一个目录", status=BAD_USAGE)
    from bot.demo.server import show_demo  # noqa: PLC0415

    try:
        return show_demo(port=port, folder=folder, opens=not no_open)
    except OSError as error:
        raise Stop(f"页面打不开：{error}。可用 --port 另指定端口") from None


def _today(zone: tzinfo) -> date:
    from bot.clock import SystemClock  # noqa: PLC0415

    return SystemClock().now().astimezone(zone).date()


def _day(written: str, option: str) -> date:
    try:
        return datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        raise Stop(f"{option} 应写成 2026-08-01 的样子，不是“{written}”", status=BAD_USAGE) from None


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    raise SystemExit(main())
