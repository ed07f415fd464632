"""A voice note that is one: silence in Opus, in the pages of an Ogg file (RFC 3533, RFC 7845)."""

import struct

_RATE = 48_000
_FRAME = b"\xf8\xff\xfe"  # 20 ms of silence
_FRAME_SAMPLES = 960
_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, _RATE, 0, 0)
_TAGS = b"OpusTags" + struct.pack("<I5sI", 5, b"jiesu", 0)
_FIRST, _LAST = 2, 4
_POLYNOMIAL = 0x04C11DB7


def silence(seconds: int) -> bytes:
    """So many seconds of it."""
    frames = seconds * _RATE // _FRAME_SAMPLES
    pages = [_page(0, _FIRST, 0, [_HEAD]), _page(1, 0, 0, [_TAGS])]
    for number, at in enumerate(range(0, frames, 50), 2):
        count = min(50, frames - at)
        flags = _LAST if at + count == frames else 0
        pages.append(_page(number, flags, (at + count) * _FRAME_SAMPLES, [_FRAME] * count))
    return b"".join(pages)


def _page(number: int, flags: int, position: int, packets: list[bytes]) -> bytes:
    lacing = bytes(len(packet) for packet in packets)
    start = b"OggS" + struct.pack("<BBqII", 0, flags, position, 1, number)
    rest = bytes([len(lacing)]) + lacing + b"".join(packets)
    checksum = _checksum(start + b"\0\0\0\0" + rest)
    return start + struct.pack("<I", checksum) + rest


def _checksum(page: bytes) -> int:
    remainder = 0
    for byte in page:
        remainder ^= byte << 24
        for _ in range(8):
            carry = remainder & 0x80000000
            remainder = (remainder << 1) & 0xFFFFFFFF
            remainder = remainder ^ _POLYNOMIAL if carry else remainder
    return remainder
