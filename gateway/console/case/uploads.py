"""Files of a form: kept on disk with their rows before the act runs, so that it may be run again."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from aiohttp import web

from gateway import clock
from gateway.chat_media import MEDIA
from gateway.console.case.form import Form, Input, Upload
from gateway.keys import CLOCK, KEYS, POOL, SETTINGS
from handlers.case import ActRefusedError, By
from handlers.keep_media import MEGABYTE, MediaShelf, TooLargeError, WrongTypeError
from store.media_files import DiskFullError

MOST_FILES = 9


def takes_files(form: Form) -> bool:
    """Whether a form asks for files; what is sent with another is not looked at."""
    return any(one.input is Input.FILES for one in form.fields)


async def keep(request: web.Request, who: By, sent: Sequence[Upload]) -> Sequence[Upload]:
    """The same files with what they are kept under; raises `ActRefusedError` for what is not kept."""
    if len(sent) > MOST_FILES:
        raise ActRefusedError(f"一次最多上传{MOST_FILES}个文件。")
    return [await _keep(request, who, one) for one in sent]


async def _keep(request: web.Request, who: By, one: Upload) -> Upload:
    app = request.app
    most = app[SETTINGS].media_largest_mb
    shelf = MediaShelf(app[POOL], app[KEYS], app[MEDIA], most * MEGABYTE)
    owner, now = f"staff:{who.staff_id}", app[CLOCK]()
    try:
        kept = await shelf.keep(_chunks(one.content), owner=owner, nonce=clock.new_id(), now=now)
    except TooLargeError as error:
        raise ActRefusedError(f"“{one.name}”太大：照片最多10兆，其他文件最多{most}兆。") from error
    except WrongTypeError as error:
        raise ActRefusedError(f"“{one.name}”不是照片、录音或PDF。") from error
    except DiskFullError as error:
        raise ActRefusedError("文件暂时存不下了，请先用文字说明，稍后再传。") from error
    return replace(one, media_id=kept.attachment.id, content_type=kept.attachment.content_type)


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content
