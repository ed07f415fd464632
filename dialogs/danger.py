"""Danger to life: whom to call, before anything else is said."""

from dialogs.dialog import Talk


def danger(talk: Talk) -> str:
    """Name the emergency numbers; what was said is recorded all the same."""
    return talk.say(
        "If anyone is hurt or in danger, call 110, 119 or 120 now (122 for road accidents). "
        "I have written down what you said."
    )
