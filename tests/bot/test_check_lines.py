"""What `duban check` says of the lines: from here to the platform, and from the platform back to us."""

import errno
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn

import aiohttp
import pytest
from aiohttp import web
from aiohttp.client_reqrep import ConnectionKey
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.channels.probing import unreached
from tests.bot.house import Said
from tests.bot.neighbours import KINDS, Neighbours, Write, free_port, of

# ── the way there ──


@pytest.mark.parametrize("kind", KINDS)
def test_a_port_where_nobody_listens(duban: Said, neighbours: Neighbours, write: Write, kind: str) -> None:
    _, table = neighbours.platform(kind)
    port = free_port()
    write(table, api_base=f"http://127.0.0.1:{port}")

    status, _, complained = duban("check")

    assert status == 1
    assert of(kind, complained) == [
        f"✗ 127.0.0.1:{port} 拒绝连接 → 请核对 api_base 的地址和端口，并确认对方服务已启动、防火墙已放行"
    ]


def test_a_proxy_in_the_environment_is_mentioned(
    duban: Said, neighbours: Neighbours, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, table = neighbours.platform("wecom")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    write(table, api_base=f"http://127.0.0.1:{free_port()}")

    assert duban("check")[2].endswith("；本机设有代理变量，但本服务直接连接、不经代理\n")


def test_a_port_without_encryption(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("wecom")
    place = table.api_base.removeprefix("http://")
    write(table, api_base=f"https://{place}")

    status, _, complained = duban("check")

    assert status == 1
    assert of("wecom", complained) == [
        f"✗ {place} 不能建立加密连接 → 请核对 api_base 的端口是否为 https 端口，中间的网关是否支持 TLS 1.2"
    ]


def test_a_name_that_nobody_knows(
    duban: Said, neighbours: Neighbours, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(*_: object, **__: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    _, table = neighbours.platform("feishu")
    monkeypatch.setattr(aiohttp.DefaultResolver, "resolve", unknown)
    write(table, api_base="https://open.feishu.invalid")

    assert of("feishu", duban("check")[2])[0].startswith("✗ 域名 open.feishu.invalid 解析不到 → 请核对 api_base 的拼写")


def test_a_certificate_that_nobody_vouches_for(
    duban: Said, neighbours: Neighbours, write: Write, tmp_path: Path
) -> None:
    _, table = neighbours.platform("wecom")
    address = neighbours.serve(web.Application, self_signed(tmp_path))
    write(table, api_base=address)

    status, _, complained = duban("check")

    assert status == 1
    assert "的证书不受本机信任 → 私有化部署请把其根证书文件的路径写入环境变量 SSL_CERT_FILE" in complained


def test_the_office_own_authority_is_trusted_once_it_is_named(
    duban: Said, neighbours: Neighbours, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, table = neighbours.platform("wecom")
    write(table, api_base=neighbours.serve(web.Application, self_signed(tmp_path)))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", ssl.create_default_context())

    assert "的回音不是平台的格式（404）" in duban("check")[2]


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's end of TLS for this machine, vouched for by nobody; its certificate is own.pem."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "own")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    (folder / "own.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "own.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "own.pem", folder / "own.key")
    return context


def certificate_error(code: int) -> aiohttp.ClientConnectorCertificateError:
    inner = ssl.SSLCertVerificationError("verify failed")
    inner.verify_code = code
    return aiohttp.ClientConnectorCertificateError(KEY, inner)


KEY = ConnectionKey("open.example.gov.cn", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (certificate_error(10), "的证书已过期"),
        (certificate_error(62), "的证书不是发给 open.example.gov.cn 的"),
        (certificate_error(19), "的证书不受本机信任"),
        (
            aiohttp.ClientConnectorError(KEY, OSError(errno.ENETUNREACH, "")),
            "本机没有到 open.example.gov.cn:443 的路由",
        ),
        (aiohttp.ClientConnectorError(KEY, OSError("several")), "open.example.gov.cn:443 连接不上"),
        (aiohttp.ConnectionTimeoutError(), "连接 open.example.gov.cn:443 超时"),
        (aiohttp.ServerDisconnectedError(), "与 open.example.gov.cn:443 的连接中断"),
    ],
)
def test_what_goes_wrong_on_the_way_is_told_apart(error: Exception, what: str) -> None:
    finding = unreached("https://open.example.gov.cn/path", "api_base", error)

    assert what in finding.what
    assert finding.remedy


def test_a_gateway_that_answers_in_the_platforms_place(duban: Said, neighbours: Neighbours, write: Write) -> None:
    def gateway() -> web.Application:
        async def login(_: web.Request) -> web.Response:
            return web.Response(text="<html>请先登录</html>", content_type="text/html")

        app = web.Application()
        app.router.add_route("*", "/{any:.*}", login)
        return app

    _, table = neighbours.platform("dingtalk")
    write(table, api_base=neighbours.serve(gateway))

    assert "的回音不是平台的格式（200） → 请核对 api_base；网址无误的，多为网关或认证页面拦截" in duban("check")[2]


@pytest.mark.parametrize("kind", ["wecom", "feishu", "dingtalk"])
@pytest.mark.parametrize(("minutes", "turned"), [(7, "慢"), (-30, "快")])
def test_a_clock_that_is_off(
    duban: Said, neighbours: Neighbours, write: Write, kind: str, minutes: int, turned: str
) -> None:
    _, table = neighbours.platform(kind)
    neighbours.ahead = timedelta(minutes=minutes)
    write(table)

    status, _, complained = duban("check")

    assert status == 1
    assert of(kind, complained) == [
        f"✗ 本机时间比平台{turned} {abs(minutes)} 分钟 → 请校准本机时间并开启自动对时（NTP），否则签名会被拒绝"
    ]


def test_a_clock_that_is_a_little_off(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("wecom")
    neighbours.ahead = timedelta(minutes=4)
    write(table)

    assert duban("check")[0] == 0


# ── the way back ──


@pytest.mark.parametrize("kind", ["wecom", "feishu"])
def test_without_an_address_of_our_own(duban: Said, neighbours: Neighbours, write: Write, kind: str) -> None:
    _, table = neighbours.platform(kind)
    write(table)

    status, said, _ = duban("check")

    assert status == 0
    assert of(kind, said)[-1].startswith("△ 没有外部访问网址，平台不能把消息送来 → 请在 [service] 一节填写 public_url")


@pytest.mark.parametrize(
    ("kind", "key"), [("wecom", "token"), ("wecom", "encoding_aes_key"), ("feishu", "encrypt_key")]
)
def test_a_service_that_runs_under_other_keys(
    duban: Said, neighbours: Neighbours, write: Write, kind: str, key: str
) -> None:
    _, table = neighbours.platform(kind)
    address, _ = neighbours.duban(table)
    write(table, public_url=address, **{key: "0" * 43})

    status, _, complained = duban("check")

    assert status == 1
    assert [line.partition(" → ")[0] for line in of(kind, complained)] == ["✗ 回调网址背后的服务不认设置文件中的密钥"]


def test_a_service_without_this_channel(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("feishu")
    address, _ = neighbours.duban()
    write(table, public_url=address)

    assert "✗ 渠道 feishu：回调网址背后没有这个渠道" in duban("check")[2]


def test_somebody_elses_service_at_our_address(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("wecom")
    address = neighbours.serve(web.Application)
    write(table, public_url=address)

    status, _, complained = duban("check")

    assert status == 1
    assert (
        f"✗ {address} 的应答不是本服务的（404） → 请核对 public_url，以及反向代理是否转到 127.0.0.1:8080" in complained
    )


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (200, "回调网址的应答不是本服务的（200）"),
        (302, "回调网址的应答不是本服务的（302）"),
        (502, "反向代理连不上本服务（502）"),
    ],
)
def test_a_proxy_that_answers_in_our_place(
    duban: Said, neighbours: Neighbours, write: Write, status: int, what: str
) -> None:
    def proxy() -> web.Application:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=status, text="<html></html>")

        app = web.Application()
        app.router.add_route("*", "/{any:.*}", answer)
        return app

    _, table = neighbours.platform("feishu")
    write(table, public_url=neighbours.serve(proxy))

    assert [line.partition(" → ")[0] for line in of("feishu", duban("check")[2])] == [f"✗ {what}"]


def test_a_service_that_does_not_run_yet(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("wecom")
    port = free_port()
    write(table, public_url=f"http://127.0.0.1:{port}")

    status, said, _ = duban("check")

    assert status == 0
    assert (
        f"△ 从本机访问不到 http://127.0.0.1:{port}（127.0.0.1:{port} 拒绝连接） → 服务未启动的请先运行 duban serve"
        in said
    )


def test_our_own_address_without_encryption(duban: Said, neighbours: Neighbours, write: Write) -> None:
    _, table = neighbours.platform("wecom")
    address, _ = neighbours.duban(table)
    write(table, public_url=address.replace("http:", "https:"))

    status, _, complained = duban("check")

    assert status == 1
    assert "不能建立加密连接 → 请核对 public_url" in complained
