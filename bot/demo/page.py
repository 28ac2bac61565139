"""The page of the demonstration: its routes, and the plain facts that its templates show. All words stand there."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.web_request import FileField
from aiohttp_sse import EventSourceResponse, sse_response
from multidict import MultiDictProxy

from bot.channels.card import Blank, Form
from bot.channels.showing import Piece
from bot.county import ZONE
from bot.demo.looking import card_from
from bot.demo.minute import Persona, Step
from bot.demo.profiles import PROFILES
from bot.demo.stage import NoService, Stage
from bot.platforms.platform import Line

HERE = Path(__file__).parent
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
LONGEST = 8_000
"""Characters that a visitor may send at once; the service's own limit is lower and answers with a sentence."""
_STREAMS = web.AppKey("streams", set[EventSourceResponse])
_STAGE = web.AppKey("stage", Stage)
_WEEK = "一二三四五六日"
_NUMBER = re.compile(r"([A-Z]-\d+-\d+)")
"""Of a document, such as R-1008-1; kept on one line."""
_OF_A_BUTTON = re.compile(r" #\d{4}$")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class View(NamedTuple):
    """Who the visitor is, and how messages are shown; it stands in the address."""

    persona: Persona
    in_group: bool
    profile: str

    def query(self, **other: str) -> str:
        """The address of this view, changed in what is named."""
        now = {"who": self.persona.account, "in": "group" if self.in_group else "private", "as": self.profile}
        return urlencode({**now, **other})


class Bubble(NamedTuple):
    """One line of a chat as the template shows it."""

    time: str
    day: str
    """Set where a new day begins."""
    own: bool
    bot: bool
    sender: str
    pieces: tuple[Piece, ...]
    picture: str = ""
    """Under which name its picture is to be had; empty where there is none or it cannot be shown."""
    alternative: str = ""


def page(stage: Stage) -> web.Application:
    """The whole page; `stage.news` is bound to its live updates."""
    app = web.Application(middlewares=[guarded])
    app[_STAGE] = stage
    app[_STREAMS] = set()
    app.on_shutdown.append(_end_streams)
    env = aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True)
    env.trim_blocks = env.lstrip_blocks = True
    env.filters["parted"] = _NUMBER.split
    app.router.add_get("/", show)
    app.router.add_get("/part/{name}", part)
    app.router.add_get("/events", events)
    app.router.add_post("/say", say)
    app.router.add_post("/wind", wind)
    app.router.add_post("/plug", plug)
    app.router.add_post("/reset", reset)
    app.router.add_static("/static", HERE / "static")
    app.router.add_static("/htmx", Path(str(files("js_lib_htmx") / "static" / "htmx")))
    app.router.add_get("/font", font)
    app.router.add_get("/picture/{sha256}", picture)
    stage.news = lambda: _tell(app)
    return app


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only this machine's own page may ask: no other name (DNS rebinding), no other page's form (CSRF)."""
    host = request.host.rpartition(":")[0] or request.host
    if host not in {"127.0.0.1", "localhost"}:
        raise web.HTTPMisdirectedRequest
    if request.method == "POST" and request.headers.get("Origin") != f"http://{request.host}":
        raise web.HTTPForbidden
    try:
        answer = await handler(request) if _may(request) else web.Response(status=503, text="正在准备，请稍候再试。")
    except NoService:
        answer = web.Response(status=503, text="服务没有应答，请点“重来”。")
    if not answer.prepared:
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        if not request.path.startswith(("/static", "/htmx", "/font", "/picture")):
            answer.headers["Cache-Control"] = "no-store"
    return answer


def _may(request: web.Request) -> bool:
    """Nothing can be done on a stage that is not open; it can only be looked at."""
    return request.method != "POST" or request.app[_STAGE].ready


async def show(request: web.Request) -> web.Response:
    """The page, or what the visitor waits for."""
    stage = request.app[_STAGE]
    if not stage.ready:
        return aiohttp_jinja2.render_template("starting.html", request, {"progress": stage.progress})
    view = _view(request)
    return aiohttp_jinja2.render_template("page.html", request, await _facts(stage, view, first=True))


async def part(request: web.Request) -> web.Response:
    """One piece of the page anew."""
    stage, name = request.app[_STAGE], request.match_info["name"]
    if name == "progress":
        headers = {"HX-Refresh": "true"} if stage.ready else {}
        return web.Response(text=stage.progress, headers=headers)
    if name not in {"people", "chat", "bar", "behind", "steps"}:
        raise web.HTTPNotFound
    if not stage.ready:
        return web.Response(headers={"HX-Refresh": "true"})
    return aiohttp_jinja2.render_template(f"{name}.html", request, await _facts(stage, _view(request)))


async def say(request: web.Request) -> web.StreamResponse:
    """Type or press as the persona; the composer comes back with what to try next."""
    stage, view = request.app[_STAGE], _view(request)
    form = await request.post()
    text = _typed(form)[:LONGEST].replace("\r\n", "\n")
    names = tuple(str(name) for name in form.getall("attachment", []) if isinstance(name, str) and name)
    if text.strip() or names:
        async with stage.busy:
            await stage.say(view.persona.account, text, in_group=view.in_group, attachments=names)
    if "HX-Request" not in request.headers:
        raise web.HTTPSeeOther(f"/?{view.query()}")
    return aiohttp_jinja2.render_template("composer.html", request, await _facts(stage, view))


def _typed(form: MultiDictProxy[str | bytes | bytearray | FileField]) -> str:
    """What was typed, or what the blanks of a card's form amount to as a text."""
    labels, values = (tuple(map(str, form.getall(name, []))) for name in ("label", "value"))
    if not labels or len(labels) != len(values) or not any(map(str.strip, values)):
        return str(form.get("text", ""))
    return Form(str(form.get("command", "")), tuple(map(Blank, labels))).composed(values)


async def wind(request: web.Request) -> web.StreamResponse:
    """Let time pass: to a moment of the script, to what is due next, or by a day."""
    stage = request.app[_STAGE]
    form = await request.post()
    to = str(form.get("to", "next"))
    async with stage.busy:
        if to == "next":
            await stage.wind_on()
        else:
            await stage.wind(_moment(to, stage.now()))
    return _done(request)


async def plug(request: web.Request) -> web.StreamResponse:
    """〔拔电源〕."""
    stage = request.app[_STAGE]
    async with stage.busy:
        await stage.pull_the_plug(_view(request).persona.account)
    return _done(request)


async def reset(request: web.Request) -> web.StreamResponse:
    """〔重来〕."""
    stage = request.app[_STAGE]
    async with stage.busy:
        await stage.reset()
    return _done(request)


async def events(request: web.Request) -> web.StreamResponse:
    """Tells the page that something has changed; what it is, the page asks itself."""
    streams = request.app[_STREAMS]
    async with sse_response(request) as stream:
        streams.add(stream)
        try:
            await stream.wait()
        finally:
            streams.discard(stream)
    return stream


async def picture(request: web.Request) -> web.Response:
    """A picture of a card in the chat that is looked at; nobody else's can be had by guessing."""
    stage, view = request.app[_STAGE], _view(request)
    for line in stage.chat(view.persona.account, in_group=view.in_group) if stage.ready else ():
        if line.picture is not None and _digest(line.picture) == request.match_info["sha256"]:
            # Named by what it shows, so that the browser need not ask again when the chat is drawn anew.
            keep = {"Cache-Control": "private, max-age=86400, immutable"}
            return web.Response(body=line.picture, content_type="image/png", headers=keep)
    raise web.HTTPNotFound


async def font(_: web.Request) -> web.FileResponse:
    """The font with the rare characters of names, for desks that have none."""
    return web.FileResponse(
        Path(str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf")),
        headers={"Content-Type": "font/otf", "Cache-Control": "max-age=86400"},
    )


def _moment(written: str, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise web.HTTPBadRequest from None
    if moment.tzinfo is None or (moment - now).days > 40:
        raise web.HTTPBadRequest
    return moment


def _done(request: web.Request) -> web.StreamResponse:
    if "HX-Request" in request.headers:
        return web.Response(status=204)
    raise web.HTTPSeeOther(f"/?{_view(request).query()}")


def _view(request: web.Request) -> View:
    stage, asked = request.app[_STAGE], request.query
    try:
        persona = stage.minute.persona(asked.get("who", stage.minute.personas[0].account))
    except KeyError:
        raise web.HTTPNotFound from None
    profile = asked.get("as", "feishu")
    if profile not in PROFILES:
        raise web.HTTPNotFound
    return View(persona, asked.get("in") == "group", profile)


async def _facts(stage: Stage, view: View, *, first: bool = False) -> dict[str, Any]:
    step = stage.next_step(view.persona.account)
    chat = list(_bubbles(stage, view))
    return {
        "stage": stage,
        "view": view,
        "profiles": PROFILES,
        "now": stage.now(),
        "clock": _clock(stage.now()),
        "chat": chat,
        "offered": _offered(step, chat) if not view.in_group else "",
        "next": stage.next_step(),
        "behind": await stage.behind(),
        "winds": [
            (step.to, _clock(stage.minute.at(step.to)), stage.minute.at(step.to).isoformat())
            for step in stage.minute.steps
            if step.to and stage.minute.at(step.to) > stage.now()
        ],
        "tomorrow": _tomorrow(stage.now()).isoformat(),
        "first": first,
    }


def _offered(step: Step | None, chat: list[Bubble]) -> str:
    """What stands in the box for the visitor to send, unless it has been sent already."""
    said = {bubble.pieces[0].text for bubble in chat if bubble.own}
    return step.says if step and step.says not in said else ""


def _bubbles(stage: Stage, view: View) -> Iterator[Bubble]:
    account = view.persona.account
    stage.look(account, in_group=view.in_group)
    day = ""
    for line in stage.chat(account, in_group=view.in_group):
        here = line.at.astimezone(ZONE)
        today = f"{here:%-m月%-d日} 周{_WEEK[here.weekday()]}"
        yield Bubble(
            time=f"{here:%H:%M}",
            day=today if today != day else "",
            own=line.sender == account,
            bot=line.card is not None,
            sender=_name(stage, line),
            pieces=_pieces(line, view),
            picture=_digest(line.picture) if line.picture and PROFILES[view.profile].can.picture else "",
            alternative=line.card["title"] if line.card else "",
        )
        day = today


def _pieces(line: Line, view: View) -> tuple[Piece, ...]:
    if line.card is None:
        # A pressed button names the question it answers, which means nothing to whoever pressed it.
        return (Piece(_OF_A_BUTTON.sub("", line.text)),)
    return PROFILES[view.profile].pieces(card_from(line.card))


def _digest(png: bytes) -> str:
    return hashlib.sha256(png).hexdigest()


def _name(stage: Stage, line: Line) -> str:
    names = {persona.account: f"{persona.unit}{persona.name}" for persona in stage.minute.personas}
    return line.sender if line.card is not None else names.get(line.sender, line.sender)


def _clock(at: datetime) -> str:
    return f"{at.year}年{at:%-m月%-d日}（周{_WEEK[at.weekday()]}）{at:%H:%M}"


def _tomorrow(now: datetime) -> datetime:
    return datetime.fromtimestamp(now.timestamp() + 86_400, tz=ZONE)


def _tell(app: web.Application) -> None:
    for stream in app[_STREAMS]:
        if stream.prepared and stream.is_connected():
            task = asyncio.ensure_future(stream.send("news", event="news"))
            task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())


async def _end_streams(app: web.Application) -> None:
    streams = app[_STREAMS]
    for stream in tuple(streams):
        stream.stop_streaming()
