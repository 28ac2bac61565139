"""A small installation as the commands are tried on it: its roster, its rulebook, and what a command says."""

import os
from collections.abc import Callable
from pathlib import Path

DATA = Path(__file__).parents[2] / "assessment"
DEMO = DATA / "demo" / "roster.csv"
ROSTER = """单位,单位别名,类别,姓名,岗位,渠道,账号
督查室,,考核办,陈静,考核办,sandbox,chen
甲局,甲,部门,王芳,填报人,sandbox,wang
乙局,,部门,赵敏,主要负责人,sandbox,zhao
"""
RULEBOOK = """编号: test
办法: 某县督查工作考核办法
版本: 2026年3月
年度: 2026
主管: 督查室
出处: 某县文件
记分:
  - {对象: 单位, 基础分: 80, 封顶: 100, 依据: 一}
  - {对象: 个人, 依据: 一}
条款:
  - {编号: U1, 名称: 迟报, 依据: 一1, 原文: 迟报的扣1分, 触发: 逾期报送, 分值: -1}
  - {编号: P1, 名称: 催报未报, 依据: 三, 原文: 经催报仍未报的扣0.2分, 对象: 个人, 触发: 人工记录, 分值: -0.2}
催办阶梯:
  - 编号: 月报
    各步:
      - {步骤: 催办, 时间: {逾期日: 1}}
报送任务:
  - {编号: monthly, 名称: 月报, 依据: 二, 周期: 月, 截止: {次月: 5}, 承担单位: [部门], 阶梯: 月报, 条款: [U1]}
"""
Said = Callable[..., tuple[int, str, str]]


def environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
    return {**own, "PYTHONPATH": str(DATA.parent), "PYTHONUNBUFFERED": "1"}
