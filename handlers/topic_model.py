"""The learnt model in force, made ready for use; one that cannot be read is as good as none."""

from dataclasses import dataclass

import structlog

from dialogs.understanding.learnt import LearntTopics, ModelError
from store import topic_models
from store.database import Connection

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ServedModel:
    """Its version, and the model unless that was made for another release."""

    id: int | None = None
    model: LearntTopics | None = None


async def read_topic_model(connection: Connection) -> ServedModel:
    """What is in force; the rules alone serve where there is nothing."""
    kept = await topic_models.read_in_force(connection)
    if kept is None:
        return ServedModel()
    try:
        return ServedModel(kept.id, LearntTopics.load(kept.weights))
    except ModelError as error:
        log.warning("model_not_used", version=kept.id, why=str(error))
        return ServedModel(kept.id)
