"""Refusals as problem documents (RFC 9457), in the residents' two languages."""

from collections.abc import Mapping

import orjson
from aiohttp import web

CONTENT_TYPE = "application/problem+json"


class Problem(web.HTTPException):
    """A request that is refused. `kind` is a stable word for programs; people read the titles."""

    def __init__(
        self,
        status: int,
        kind: str,
        chinese: str,
        english: str,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status_code = status
        self.kind = kind
        document = {
            "type": f"urn:jiesu:{kind}",
            "title": f"{chinese} {english}",
            "status": status,
            "title_zh": chinese,
            "title_en": english,
        }
        super().__init__(
            text=orjson.dumps(document).decode(),
            content_type=CONTENT_TYPE,
            headers={"Cache-Control": "no-store", **(headers or {})},
        )


def too_often(wait_seconds: float) -> Problem:
    """429, with the time after which it is worth trying again."""
    return Problem(
        429,
        "too-often",
        "您发得太快了，请稍等一下再试。",
        "Too many messages: please wait a moment.",
        headers={"Retry-After": str(max(1, round(wait_seconds)))},
    )


def unavailable() -> Problem:
    """503: what was asked for cannot be read just now."""
    return Problem(
        503,
        "unavailable",
        "系统正在恢复，请稍后再试。",
        "The service is recovering: please try again shortly.",
        headers={"Retry-After": "5"},
    )
