"""The demonstration county with what its measure leaves out: rounds of supervision that cost points, and extensions."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.county import CHANNEL, demonstration, found
from schedules import opening
from storage.database import Database
from tests.handlers.desk import LEADER, START, Desk

ROUNDS = """
  - 编号: 督二
    名称: 第二次督办
    依据: 二(三)
    原文: 第二次督办的扣3分
    触发: 督办
    轮次: 2
    计次: 一次
    分值: -3
  - 编号: 督三
    名称: 第三次督办
    依据: 二(三)
    原文: 第三次督办的扣10分，并取消年度评优资格
    触发: 督办
    轮次: 3
    计次: 一次
    分值: -10
    标记: 取消评优资格
  - 编号: 反馈不符
    名称: 反馈不合要求
    依据: 二(一)
    原文: 反馈不合要求的每次扣1分
    触发: 退回
    分值: -1
"""
EXTENSION = "\n延期: {每项次数: 1, 最长日: 15, 依据: 二(四)}\n减负上限: {填报人每月: 30}\n"
"""And reminders are said however many there were."""
MATTER = "交办 县环保局 报送水环境整治方案 8月20日前 类别 县主要领导交办 协办 县农办"
TITLE = "报送水环境整治方案"


def with_rounds(text: str) -> str:
    """A measure's file with those clauses, and with extensions; as it was where it has no matters."""
    if "事项阶梯:" not in text:
        return text
    return text.replace("\n条款:\n", f"\n条款:{ROUNDS}\n", 1) + EXTENSION


def furnished(template: Path, path: Path) -> Path:
    """A database file with that county in it on the morning of 4 August 2010."""
    shutil.copy(template, path)
    setting = demonstration(START, date(2010, 8, 1))
    books = {name: with_rounds(text) for name, text in setting.rulebooks.items()}
    with Database.open(f"sqlite:///{path}") as database:
        database.write_now(lambda uow: found(uow, replace(setting, rulebooks=books), {CHANNEL: CHANNEL}))
        installation = Desk(database, START).installation
        database.write_now(lambda uow: opening.sweep(uow, installation, START))
    return path


@contextmanager
def at_desk(template: Path, path: Path) -> Iterator[Desk]:
    """A desk in a copy of that county."""
    with Database.open(f"sqlite:///{shutil.copy(template, path)}") as database:
        yield Desk(database, START)


def assigned(desk: Desk, order: str = MATTER) -> str:
    """Have a leader assign a matter; its number."""
    desk.say(LEADER, order)
    number: str = desk.answer(LEADER, "确认").number
    return number
