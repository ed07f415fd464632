"""Types of photos, recordings and files: told by their first bytes, never by what is said of them."""

import re

SNIFFED_BYTES = 32
UNKNOWN = "application/octet-stream"
_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")

# https://mimesniff.spec.whatwg.org/ and, for HEIC, the brands of ISO/IEC 23008-12 that cameras write.
_SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"RIFF....WEBPVP", re.DOTALL), "image/webp"),
    (re.compile(rb"....ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.DOTALL), "image/heic"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"), "audio/mpeg"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"....ftypM4[AB] ", re.DOTALL), "audio/mp4"),
    (re.compile(rb"#!AMR(-WB)?\n"), "audio/amr"),
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"....ftyp3g[ep2]", re.DOTALL), "video/3gpp"),
    (re.compile(rb"....ftypqt  ", re.DOTALL), "video/quicktime"),
    (re.compile(rb"....ftyp(isom|iso[2-9]|mp4[12]|avc1|dash|MSNV|M4V )", re.DOTALL), "video/mp4"),
    (re.compile(rb"\x1a\x45\xdf\xa3"), "video/webm"),
)
# A container of either sound or pictures: what it holds is what it was said to hold.
_SOUND_ALONE = {
    "video/mp4": "audio/mp4",
    "video/webm": "audio/webm",
    "video/3gpp": "audio/3gpp",
}

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/gif": "gif",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/amr": "amr",
    "audio/webm": "weba",
    "audio/3gpp": "3ga",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/3gpp": "3gp",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
}
TYPES = {extension: content_type for content_type, extension in EXTENSIONS.items()}
NO_EXTENSION = "bin"
_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/heif": "image/heic",
    "audio/mp3": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/aac": "audio/mp4",
    "audio/opus": "audio/ogg",
    "audio/amr-wb": "audio/amr",
    "application/ogg": "audio/ogg",
}


def sniff(head: bytes, claimed: str = "") -> str | None:
    """The content type by the first bytes; None when it is nothing that is kept.

    `claimed` tells sound from pictures where one container holds either.
    """
    for pattern, content_type in _SIGNATURES:
        if pattern.match(head):
            sound = claimed.startswith("audio/")
            return _SOUND_ALONE.get(content_type, content_type) if sound else content_type
    return None


def tidied(claimed: str) -> str:
    """A content type as a provider writes it, without parameters and in its usual spelling."""
    plain = claimed.partition(";")[0].strip().lower()
    return _ALIASES.get(plain, plain) if _TYPE.fullmatch(plain) else UNKNOWN


def is_photo(content_type: str) -> bool:
    """Whether it can be shown as a picture."""
    return content_type.startswith("image/")


def is_sound(content_type: str) -> bool:
    """Whether it can be listened to."""
    return content_type.startswith("audio/")
