"""The life of a matter between 交办 and 销号 in one router: rounds, feedback, time, problems, what cannot be done."""

from handlers import coordinating, extending, major, progress, supervising, unable
from handlers.router import Router

router = Router().mount(
    supervising.router,
    progress.router,
    extending.router,
    coordinating.router,
    unable.router,
    major.router,
)
