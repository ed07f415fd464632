"""`jiesu worker`: an RQ worker that does not fork, because its jobs share one pool and drain many rows each."""

import time

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker

from gateway import jobs
from gateway.config import Settings

log = structlog.get_logger()

RETRY_SECONDS = 1.0


def run(settings: Settings) -> None:
    """Work until SIGTERM; a job under way is finished. A Redis that is away is waited for."""
    connection = Redis.from_url(settings.redis_url or "")
    while not _reached(connection):
        log.warning("redis_away")
        time.sleep(RETRY_SECONDS)
    worker = SimpleWorker(
        [Queue(jobs.QUEUE, connection=connection)],
        connection=connection,
        worker_ttl=60,
        maintenance_interval=10,
        job_monitoring_interval=5,
        log_job_description=False,
    )
    try:
        worker.work(with_scheduler=False, logging_level="WARNING")
    finally:
        jobs.close()


def _reached(connection: Redis) -> bool:
    try:
        connection.ping()
    except RedisError:
        return False
    return True
