"""Static files under names that carry their hash, so that browsers may keep them for ever."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"
FOR_EVER = "public, max-age=31536000, immutable"
TEXT_TYPES = ("text/", "image/svg", "application/json", "application/manifest")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in memory; `packed` is its gzip form, empty where that is no shorter."""

    content_type: str
    body: bytes
    packed: bytes


class Assets:
    """All static files of the process; read once, at the start."""

    def __init__(self) -> None:
        self._urls: dict[str, str] = {}
        self._served: dict[str, Asset] = {}

    def add(self, name: str, path: Path) -> None:
        """Serve the file at `path` as `name`, which may hold folders (`console/desk.css`)."""
        body = path.read_bytes()
        stem, dot, suffix = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}{dot}{suffix}"
        self._urls[name] = PREFIX + hashed
        self._served[hashed] = Asset(_content_type(name), body, _pack(name, body))

    def add_folder(self, folder: Path, prefix: str = "") -> None:
        """Serve every file below `folder`."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.add(prefix + path.relative_to(folder).as_posix(), path)

    def url(self, name: str) -> str:
        """The address of a file; raises KeyError for one that was never added."""
        return self._urls[name]

    def find(self, hashed: str) -> Asset | None:
        """The file of a hashed name."""
        return self._served.get(hashed)


ASSETS = web.AppKey("ASSETS", Assets)


async def serve(request: web.Request) -> web.Response:
    """Answer with a static file."""
    asset = request.app[ASSETS].find(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    headers = {
        "Cache-Control": FOR_EVER,
        "Content-Type": asset.content_type,
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if asset.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=asset.packed, headers=headers | {"Content-Encoding": "gzip"})
    return web.Response(body=asset.body, headers=headers)


def setup(app: web.Application) -> None:
    """Read the project's own static files and serve them; further ones may be added afterwards."""
    if ASSETS in app:
        return
    assets = Assets()
    assets.add_folder(FOLDER)
    app[ASSETS] = assets
    app.router.add_get(PREFIX + "{name:.+}", serve)


def _content_type(name: str) -> str:
    found = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def _pack(name: str, body: bytes) -> bytes:
    if not _content_type(name).startswith(TEXT_TYPES):
        return b""
    packed = gzip.compress(body, mtime=0)
    return packed if len(packed) < len(body) else b""
