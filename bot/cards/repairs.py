"""What is missing or wrong in a command, and a line to copy."""

from datetime import tzinfo
from typing import NamedTuple

from assessment.notices import Repair, RepairLine
from bot.cards.dispatch import card_of
from bot.cards.phrases import wide
from bot.cards.times import by
from bot.channels.card import Card, Tone

_ASSIGN = "交办 单位 事项 9月10日前 类别 事项类别 协办 单位"


class Sentence(NamedTuple):
    """Why not, and a line to copy; {names} are filled from the notice's facts."""

    why: str
    example: str


_NOTICE = "通知 全体 正文"
_ENTER = "代录 某某局 8月4日16:30 电话 指标 数值"

SENTENCES = {
    Repair.REASON_OF_RETURN: Sentence("请写明退回理由", "退回 {number} 理由"),
    Repair.POINTS_OF_WHICH_UNIT: Sentence("未能识别是哪个单位，请写明单位名称", "{word} 单位 条款编号或名称 理由"),
    Repair.NO_SUCH_CLAUSE: Sentence("没有这一条款，或该条款不由人工记分", "{word} {unit} 条款编号 理由"),
    Repair.CLAUSES_TO_RECORD: Sentence(
        "没有这一条款，或该条款不由人工记分；可记的有：{clauses}", "{word} {unit} 条款编号 理由"
    ),
    Repair.ONE_OF_THESE_CLAUSES: Sentence("相符的有几条，请写明条款编号：{clauses}", "{word} {unit} 条款编号 理由"),
    Repair.POINTS_OF_WHICH_PERSON: Sentence("该条为个人记分，请写明是哪位同志", "{command} 姓名 理由"),
    Repair.OTHER_ACCOUNT: Sentence("记分对象与该条规定不符，请核对条款", "明细 {unit}"),
    Repair.VALUE_NOT_SET: Sentence("该条分值尚未设定，设定前不能记分", "明细 {unit}"),
    Repair.POINTS_TO_CHOOSE: Sentence("请写明分值（{lowest}至{highest}分）", "{command} {highest} 理由"),
    Repair.POINTS_NOT_AS_PRINTED: Sentence("分值与办法规定不符，应为{lowest}分", "{command} 理由"),
    Repair.POINTS_OUT_OF_RANGE: Sentence("分值超出规定幅度（{lowest}至{highest}分）", "{command} {highest} 理由"),
    Repair.EVIDENCE: Sentence("请写明依据或附佐证材料", "{command} 理由"),
    Repair.REASON_OF_CHOICE: Sentence("酌情记分请写明理由", "{command} {highest} 理由"),
    Repair.ANOTHER_OF_THE_GROUP: Sentence("同一事项只能按一档记分，已有一条记分", "明细 {unit}"),
    Repair.STANDS_ALREADY: Sentence("该条只计一次，已有一条记分", "明细 {unit}"),
    Repair.DECIDED_BY_OTHERS: Sentence("其他同志已先行办理，本次未重复办理", "核定"),
    Repair.NOTHING_TO_DECIDE: Sentence("没有待核定的{numbers}", "核定"),
    Repair.POINTS_OR_NUMBER: Sentence(
        "{points}是{number}的分值，还是{other}？是分值的写“分”，是编号的写全", "核定 {number} {points}分 理由"
    ),
    Repair.OTHER_WAY: Sentence("该项是{way}，与所写不符，请核对", "核定 {number} 理由"),
    Repair.REASON_OF_REFUSAL: Sentence("请写明不予核定的理由", "不予核定 {number} 理由"),
    Repair.REASON_OF_HANDING_BACK: Sentence("请写明不予审定的理由", "不予审定 {number} 理由"),
    Repair.REASON_OF_HASTE: Sentence(
        "说明期未满，该单位或个人{until}可作情况说明；提前核定请写明理由", "核定 {number} 理由"
    ),
    Repair.BEING_HEARD: Sentence(
        "已请该单位或个人于{until}作情况说明，现正等候，不再另请；提前核定请写明理由", "核定 {number} 理由"
    ),
    Repair.NOBODY_TOLD: Sentence(
        "请作情况说明的告知未能送达，说明期未起算。已用其他方式告知的，请先登记；不再等候的，核定须写明理由",
        "先听情况说明 {number} 已电话告知",
    ),
    Repair.NOTHING_TO_HEAR: Sentence("该项不是拟扣分，核定前不须听取情况说明", "核定 {number}"),
    Repair.REASON_OF_STOPPING: Sentence("截止逐日计扣请写明理由", "核定 {number} 截至今日 理由"),
    Repair.COUNT_RUNS_ON: Sentence("本年度还有未到期的任务，逐日计扣暂不能截止，报送、办结或代录后停止", "关账"),
    Repair.COUNT_MOVED_ON: Sentence("其间又过一天或已报送，逐日计扣已变，本次未核定，请查看", "关账"),
    Repair.HEARD_MEANWHILE: Sentence("其间已请该单位或个人作情况说明，或已收到其说明，本次未核定，请查看", "核定"),
    Repair.PROPOSAL_CHANGED: Sentence("其间有变动，未作处理，请重新核对", "{command}"),
    Repair.WORDS_OF_STATEMENT: Sentence("请在编号后写明说明内容", "情况说明 {number} 内容"),
    Repair.WHICH_ENTRY: Sentence("请写明台账编号；已写的，请核对编号", "{command} L-1008-18 理由"),
    Repair.REASON_OF_CORRECTION: Sentence("请写明更正理由", "更正分 {number} 理由"),
    Repair.CORRECTED_ALREADY: Sentence("该记分已更正，不能再次更正", "为什么 {number}"),
    Repair.CORRECTION_ITSELF: Sentence("该条本身是更正，不能再更正；如须恢复，请重新记分", "为什么 {number}"),
    Repair.SECOND_PERSON: Sentence(
        "该更正由您提出，须由另一名同志同意；不再更正的，可以撤回", "不同意更正 {number} 理由"
    ),
    Repair.NO_SECOND_PERSON: Sentence(
        "该更正须由两名同志办理，目前只有您一人可以办理，请先在名册中补上", "为什么 {number}"
    ),
    Repair.ASKED_FOR_ALREADY: Sentence("该更正已由{name}提出，待另一名同志同意", "同意更正 {number}"),
    Repair.NOTHING_WAITS: Sentence("该记分没有待同意的更正", "更正分 {number} 理由"),
    Repair.SCORE_OF_WHICH_UNIT: Sentence("请写明单位名称", "某某局得分"),
    Repair.SCORE_OF_UNKNOWN_UNIT: Sentence("未能识别是哪个单位，请写明单位名称", "某某局得分"),
    Repair.NO_POINTS_YET: Sentence("目前没有加扣分记录", "得分 {unit}"),
    Repair.NO_SUCH_POINTS: Sentence("没有{points}的记录", "明细 {unit}"),
    Repair.SETTLED_SINCE: Sentence("该条已有结论，不再待核定", "明细 {unit}"),
    Repair.NO_SUCH_DAY: Sentence("日期有误，请核对", "得分 7月31日"),
    Repair.DAY_TO_COME: Sentence("该日未到，请写今天或以前的日期", "得分 7月31日"),
    Repair.TRIAL: Sentence("该办法正在试运行，拟加拟扣只供核对，不核定、不记入台账", "核定"),
    Repair.OTHER_KIND_OF_NUMBER: Sentence("{number}不是“{word}”所用的编号，应写{kinds}的编号", "帮助"),
    Repair.NOT_IN_REVIEW: Sentence("已不在待审状态，未作处理", "待审"),
    Repair.CHANGED_MEANWHILE: Sentence("其间已更正，未作处理，请重新审核", "待审"),
    Repair.FIGURES_CHANGED: Sentence("其间有数据变动，未作处理，请重新核对", "结算"),
    Repair.NEWER_THAN_ASKED: Sentence("其间已更正，未撤回；如仍需撤回，请重新发起", "撤回"),
    Repair.NOTHING_TO_REVIEW: Sentence("没有待审的报送或事项，或编号有误", "待审"),
    Repair.NO_MATTERS: Sentence("现行办法没有交办事项的规定（未列事项类别），不能在此交办", "帮助"),
    Repair.LEAD_UNIT: Sentence("请在“交办”后写明主办单位", _ASSIGN),
    Repair.TIME_LIMIT: Sentence("请写明办结时限", _ASSIGN),
    Repair.TIME_LIMIT_PASSED: Sentence("办结时限{day}已过，请另定时限", _ASSIGN),
    Repair.TIME_LIMIT_PASSED_MEANWHILE: Sentence("办结时限已过，未交办，请重新写明时限", _ASSIGN),
    Repair.WHAT_TO_DO: Sentence("请写明交办事项", _ASSIGN),
    Repair.MATTER_CLASS: Sentence("请写明事项类别：{classes}", "交办 {order} 类别 {class}"),
    Repair.NOTHING_TO_CLOSE: Sentence("没有待销号的事项，或编号有误", "销号 S-1008-3"),
    Repair.ITEM_LEADER: Sentence("名册中没有这位包抓领导，请核对姓名", f"{_ASSIGN} 包抓领导 姓名"),
    Repair.WHICH_MATTER: Sentence("请写明交办事项的编号；已写的，请核对编号", "{word} S-1008-3"),
    Repair.SUPERVISE_UNTIL: Sentence("“{day}”已过或有误，请重新写明时限", "督办 {number} 限9月10日前 事由"),
    Repair.SUPERVISED_MEANWHILE: Sentence("其他同志已先行督办，本次未重复督办，请查看后再定", "督办 {number}"),
    Repair.MATTER_REPORTED_DONE: Sentence("该事项已报办结，待销号；不合要求的，请先退回", "退回 {number} 理由"),
    Repair.NOTHING_TO_SUPERVISE: Sentence("该事项目前没有待办结的单位，未作处理", "反馈 {number}"),
    Repair.NO_FEEDBACK: Sentence("该事项没有待核的反馈；已报办结的，请用“退回”", "退回 {number} 理由"),
    Repair.REASON_OF_RETURNED_FEEDBACK: Sentence("请写明哪里不合要求", "反馈不合要求 {number} {unit} 理由"),
    Repair.EXTEND_UNTIL: Sentence("请写明延至哪一天和理由", "延期 {what} 9月10日 理由"),
    Repair.REASON_OF_NO_EXTENSION: Sentence("请写明不予延期的理由", "不予延期 {number} 理由"),
    Repair.REASON_OF_EXTENSION: Sentence("请写明延期理由", "延期 {what} {day} 理由"),
    Repair.WHICH_PROBLEM: Sentence("请写明须协调的问题，可写明所涉事项的编号", "请求协调 S-1008-3 问题和建议"),
    Repair.WORDS_OF_ANSWER: Sentence("请在编号后写明答复内容", "答复 {number} 内容"),
    Repair.WHAT_HAPPENED: Sentence("请写明时间、地点、情况和已采取的措施", "重大事项 内容"),
    Repair.REASON_OF_INABILITY: Sentence("请写明无法完成的原因", "无法完成 {number} 原因"),
    Repair.NO_SUCH_DUTY: Sentence("没有与“{words}”相应的报送任务，请核对单位或任务名称", "{word}"),
    Repair.NO_OPEN_DUTY: Sentence("目前没有待报的任务", "谁没报 任务名称"),
    Repair.URGED_MEANWHILE: Sentence("其间已另行催报，未重复发出", "谁没报"),
    Repair.NOTICE_TO_WHOM: Sentence("请写明通知对象和正文，中间空一格", _NOTICE),
    Repair.NOTICE_TO_NOBODY: Sentence("“{written}”目前没有对应的单位或人员", "谁没报"),
    Repair.NOTICE_TEXT: Sentence("请写明正文，对象和正文之间空一格或用冒号", _NOTICE),
    Repair.NOTICE_AUDIENCE: Sentence("请写明通知对象，对象和正文之间空一格", "通知 全体 {written}"),
    Repair.NOTICE_TIME: Sentence("“{written}”已过或有误，请写今后的发送时间", f"{_NOTICE}，于8月9日9时发送"),
    Repair.NOTICE_UNTIL: Sentence(
        "“{written}”已过、早于发送时间或有误，请重新写明签收时限", f"{_NOTICE}，请于8月10日前回执"
    ),
    Repair.NOTICE_AUDIENCE_OR_TEXT: Sentence(
        "“{written}”是通知对象还是正文，请写明：对象之间用顿号，对象与正文之间用冒号", "通知 某某局、某某局：正文"
    ),
    Repair.NOTICE_FILES_MANY: Sentence(
        "一份通知最多附{most}个文件，请减少附件，或分两次通知", f"{_NOTICE} 附件{{most}}个"
    ),
    Repair.NOTICE_FILE: Sentence(
        "没有可附的文件，请先在单独会话中发送文件，再发通知；不附文件的，请去掉末尾的“附件”", f"{_NOTICE} 附件"
    ),
    Repair.NOTICE_FILE_COMING: Sentence("附件“{name}”正在接收，通知尚未发出，请稍候", "确认"),
    Repair.NOTICE_FILE_LOST: Sentence("附件“{name}”未能接收，请重新发送文件，再发通知", f"{_NOTICE} 附件"),
    Repair.POINTS_IN_A_GROUP: Sentence(
        "正文写有{words}，得分、名次、扣分只告知有关单位，不在群内发布；可改为单独发给该单位", "通知 某某局：正文"
    ),
    Repair.NO_SUCH_NOTICE: Sentence("没有这一通知，请核对编号", "回执 T-1008-1"),
    Repair.NOBODY_SILENT: Sentence("没有已送达而未签收的，无须再催", "回执 {number}"),
    Repair.CALLED_MEANWHILE: Sentence("其他同志已再催，本次未重复发出", "回执 {number}"),
    Repair.RECALLED_ALREADY: Sentence("该通知已撤回", "回执 {number}"),
    Repair.PERIOD_NOT_ASKED: Sentence("没有{period}的报送任务", "我的任务"),
    Repair.NIL_BESIDE_FIGURES: Sentence("各项已有报送内容，不再作零报告；请按退回意见更正", "更正 指标 数值"),
    Repair.NEW_FIGURE: Sentence("请写上第{number}项的数值", "改 {number} {figure}××{unit}"),
    Repair.NO_SUCH_ITEM: Sentence("没有第{numbers}项，可选{asked}", "只收 {asked}"),
    Repair.REASON_OF_NIL: Sentence("请写明理由", "零报告 本月未开展相关工作"),
    Repair.NO_SUCH_REQUEST: Sentence("该绑定申请不存在，或已办理、已失效、已由对方重新提出", "同意绑定"),
    Repair.NUMBER_CHANGED: Sentence(
        "名册中的手机号已更正，按原号码查得的账号不再办理；新号码另行查询，不受影响", "同意绑定"
    ),
    Repair.BIND_WHOM: Sentence("名册中没有姓名、单位都相符的在岗人员，请写明是谁", "同意绑定 {number} 姓名 单位"),
    Repair.BIND_WHICH_OF_SEVERAL: Sentence(
        "名册中相符的不止一人，请加写岗位；仍不能区分的，请先在名册中区分", "同意绑定 {number} 姓名 单位 填报人"
    ),
    Repair.BIND_BY_ANOTHER: Sentence("本人的账号不能自行办理，请另一名同志办理", "帮助"),
    Repair.BOUND_TO_OTHER: Sentence(
        "该账号已登记在{name}名下；换人使用的，请先解绑，再由现使用人申请", "解绑 {name} {platform}"
    ),
    Repair.UNBIND_PLATFORM: Sentence("请写明平台，现用的有{platforms}", "解绑 姓名 平台"),
    Repair.UNBIND_WHOM: Sentence("没有此人在{platform}的账号，请核对姓名和平台", "解绑 姓名 {platform}"),
    Repair.UNBIND_WHICH_PERSON: Sentence("同名的不止一人，请加写单位", "解绑 姓名 单位 {platform}"),
    Repair.UNBIND_WHICH_ACCOUNT: Sentence(
        "{name}在{platform}的账号有{accounts}，请加写账号末几位", "解绑 {name} {platform} 账号末几位"
    ),
    Repair.UNBOUND_MEANWHILE: Sentence("其间该账号已停用，本次未重复办理", "帮助"),
    Repair.ENTER_WHICH_UNIT: Sentence("未能识别是哪个单位，请写明单位名称", _ENTER),
    Repair.ENTER_WHEN: Sentence("请写明收到的日期和时间", _ENTER),
    Repair.ENTER_OTHER_TIME: Sentence("收到的时间有误或晚于现在；较早的请写明年份", _ENTER),
    Repair.ENTER_WAY: Sentence("请写明报送方式（电话、纸质、传真、邮件等）", _ENTER),
    Repair.ENTER_OTHER_PERIOD: Sentence("写的是{period}，与该项不符，请核对", _ENTER),
    Repair.ENTER_DOUBTFUL: Sentence("“{written}”有疑问，请核实后写明", _ENTER),
    Repair.ENTER_WHAT: Sentence("未能识别报送内容，请写明", _ENTER),
    Repair.ENTER_SIGNER: Sentence("该项须签发，请写明签发人", f"{_ENTER} 签发人 某某"),
}
UNFINISHED = (Repair.NEW_FIGURE,)
"""Nothing was wrong: a button began what the person now completes."""


@card_of.register
def repair(notice: RepairLine, zone: tzinfo) -> Card:
    """Which word, why not, and a line to copy. Facts are data: format_map does not look inside them."""
    sentence = SENTENCES[notice.repair]
    facts = {**notice.facts, "until": by(notice.until, zone) if notice.until is not None else ""}
    why = wide(sentence.why.format_map(facts))
    return Card(
        f"{wide(notice.about)}：{'请补充' if notice.repair in UNFINISHED else '未办理'}",
        (f"{why}。", f"可回复：{sentence.example.format_map(notice.facts)}"),
        Tone.AMBER,
    )
