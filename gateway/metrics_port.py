"""The figures of worker and clock, on a port of their own: they serve no web. Never open it to the world."""

import structlog
from prometheus_client import CollectorRegistry, start_http_server

from gateway.config import Settings

log = structlog.get_logger()

TRIED = 10  # several workers may run on one machine: the next port that is free


def serve_figures(settings: Settings, registry: CollectorRegistry) -> int | None:
    """Serve `/metrics` on METRICS_PORT or one of the next; returns which, None where none is set or free."""
    if settings.metrics_port is None:
        return None
    for port in range(settings.metrics_port, settings.metrics_port + TRIED):
        try:
            start_http_server(port, addr=settings.host, registry=registry)
        except OSError:
            continue
        log.info("figures_served", port=port)
        return port
    log.warning("no_port_for_figures", first=settings.metrics_port)
    return None
