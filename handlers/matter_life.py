"""The life of a matter and of a problem until 销号 in one router: rounds, feedback, time, 整改, what cannot be done."""

from handlers import (
    analysis,
    circulars,
    coordinating,
    extending,
    major,
    progress,
    rectification_book,
    rectified,
    rectifying,
    supervising,
    unable,
    unable_to_rectify,
)
from handlers.router import Router

router = Router().mount(
    supervising.router,
    progress.router,
    extending.router,
    coordinating.router,
    unable.router,
    rectifying.router,
    rectified.router,
    rectification_book.router,
    unable_to_rectify.router,
    circulars.router,
    analysis.router,
    major.router,
)
