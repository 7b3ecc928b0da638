"""Routes that everybody may call."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.container import container

routes = Blueprint(__name__)


@routes.route("/v1/health", methods=["GET"])
def health() -> dict[str, Any]:
    """Say which build answers."""
    settings = container().settings
    return {"status": "ok", "build": settings.build, "version": settings.version}
