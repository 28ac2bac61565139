"""`duban init`: a folder with everything that an installation starts from, secrets of its own included."""

import secrets
from pathlib import Path

from bot.command_line import Stop

SETTINGS = "duban.toml"
_KEY_BYTES = 32

_TOML = """\
# 督办服务设置。每一项也可用环境变量给出，如 DUBAN_SERVICE__LISTEN；环境变量优先。
# 相对路径从本文件所在目录算起。改动后重启服务生效；用 duban check 核对。

[service]
# 监听的地址和端口。只在本机使用时保持 127.0.0.1。
listen = "127.0.0.1:8080"
# 数据库：SQLite 文件，或 postgresql://用户@主机/库名（多个副本时用）。
database = "duban.sqlite"
# 附件和导出文件的目录。
files = "files"
# 考核办法文件（.yaml）的目录。
rulebooks = "rulebooks"
# 业务时区。
timezone = "Asia/Shanghai"
# 外部访问网址，消息中的链接以此开头；没有可不写。
# public_url = "https://duban.example.gov.cn"
# 台账链的密钥。请离线另存一份：遗失后无法核对台账，泄露后台账不再可信。
ledger_key_file = "secrets/ledger.key"
# 密级标志；带有这些标志的消息不予接收、不予存储。
classification_marks = ["绝密", "机密", "秘密", "内部资料", "不得外传", "工作秘密"]

# 渠道。名称也是回调网址的末段：http://监听地址/webhooks/名称
# 下面是本机的模拟渠道，试用时使用；名册中“渠道”一列写这里的名称。
[[channels]]
name = "sandbox"
kind = "sandbox"
# 平台上的组织编号。
tenant = "sandbox"
# 签名密钥。
secret_file = "secrets/sandbox.secret"
# 平台接口的网址。
api_base = "http://127.0.0.1:8090"

# 接入真实平台：取用下面的一节，去掉每行开头的“# ”，照平台管理后台填写，再运行 duban check。
# 步骤见随附的接入指南（docs/guides）；以 _file 结尾的各项，把密钥存成 secrets 目录中的文件。
#
# 企业微信自建应用：
# [[channels]]
# name = "wecom"
# kind = "wecom"
# corp_id = "企业 ID"
# agent_id = 1000002
# secret_file = "secrets/wecom.secret"
# token_file = "secrets/wecom.token"
# encoding_aes_key_file = "secrets/wecom.aeskey"
#
# 企业微信智能机器人（可加入群聊）：
# [[channels]]
# name = "wecom-bot"
# kind = "wecom_bot"
# corp_id = "企业 ID"
# bot_id = "机器人 ID"
# bot_name = "督办"
# token_file = "secrets/wecom-bot.token"
# encoding_aes_key_file = "secrets/wecom-bot.aeskey"
#
# 钉钉企业内部应用机器人（Stream 方式，不需要外部访问网址）：
# [[channels]]
# name = "dingtalk"
# kind = "dingtalk"
# corp_id = "CorpId"
# app_key = "Client ID"
# app_secret_file = "secrets/dingtalk.secret"
#
# 飞书自建应用：
# [[channels]]
# name = "feishu"
# kind = "feishu"
# tenant_key = "企业标识，可由 duban check 查出"
# app_id = "App ID"
# app_secret_file = "secrets/feishu.secret"
# encrypt_key_file = "secrets/feishu.encrypt-key"
# verification_token_file = "secrets/feishu.verification-token"
"""

_ROSTER = """\
单位,单位别名,类别,姓名,岗位,渠道,账号,起,止
#示例局,示例、某局,部门,张三,填报人,sandbox,zhangsan,2026-01-01,
"""


def set_up(folder: Path) -> list[Path]:
    """Make the folder's files and return them; raise Stop where there is an installation, or no room for one."""
    if (folder / SETTINGS).exists():
        raise Stop(f"{folder / SETTINGS} 已经存在，未作改动。请另选目录")
    files = {
        SETTINGS: _TOML,
        # Excel takes a file without the mark for one in the machine's own encoding.
        "roster.csv": "\ufeff" + _ROSTER,
    }
    keys = {"secrets/ledger.key", "secrets/sandbox.secret"}
    try:
        for part in ("rulebooks", "files"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "secrets").mkdir(mode=0o700, exist_ok=True)
        for name in keys:
            _write_secret(folder / name)
        for name, text in files.items():
            with (folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
    except FileExistsError as error:
        raise Stop(f"{error.filename} 已经存在，未作改动。请另选目录") from None
    except OSError as error:
        raise Stop(f"{folder}：不能建立目录或文件（{error.strerror}）") from None
    return [folder / name for name in (*files, *sorted(keys), "rulebooks", "files")]


def _write_secret(path: Path) -> None:
    """A random key that only its owner may read, from the first byte on."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(secrets.token_hex(_KEY_BYTES) + "\n", encoding="ascii")
