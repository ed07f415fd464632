"""The bot of `jiesu dev`, which is started again and again over one database."""

from pathlib import Path

from gateway import clock
from gateway.config import Settings
from gateway.simulator.telegram_demo import with_bot

LI = 700100200


def test_messages_after_a_restart_are_not_numbered_like_those_before(tmp_path: Path) -> None:
    """The gateway knows messages by chat and number: the same ones again would be taken for repeats, and be ignored."""
    began = int(clock.now().timestamp())
    settings = Settings.from_env({"DATA_DIR": str(tmp_path)}, production=False)
    _, standin = with_bot(settings)
    chats = standin.state.chats
    said = chats.add(chats.open(LI), mine=True, at=clock.now(), content={"text": "你好"})
    assert began < said.id < 2**31
