"""The staff console at /console: pages and forms alone; what they do is done by handlers."""

from gateway.console.routes import routes

__all__ = ["routes"]
