"""Short valid recordings: a quiet tone as WAV, eight thousand samples a second as a telephone has, and silence as MP3."""

import io
import math
import wave

RATE = 8000
HERTZ = 440
LOUDNESS = 2000
MOST_SECONDS = 120
# One frame of MPEG-2 layer III, mono, 16 kHz, 8 kbit/s: 576 samples that are all nothing.
SILENT_FRAME = bytes.fromhex("fff318c4") + bytes(32)
FRAMES_A_SECOND = 16_000 / 576


def tone(seconds: int) -> bytes:
    """A WAV file of that length; a recording is never empty and here never longer than two minutes."""
    period = [round(LOUDNESS * math.sin(2 * math.pi * HERTZ * at / RATE)) for at in range(200)]
    second = b"".join(value.to_bytes(2, "little", signed=True) for value in period) * (RATE // 200)
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(second * min(max(seconds, 1), MOST_SECONDS))
    return file.getvalue()


def silence(seconds: int) -> bytes:
    """An MP3 file of that length, within the same limits."""
    return SILENT_FRAME * round(min(max(seconds, 1), MOST_SECONDS) * FRAMES_A_SECOND)
