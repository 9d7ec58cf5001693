"""For operators: is the process alive, can it answer."""

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from webui.installation import facts

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """Say that the process is alive; touches nothing."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@bp.get("/readyz")
def readyz() -> Response:
    """Say whether the database answers: 200, or 503."""
    try:
        facts()
    except SQLAlchemyError:
        return Response("the database does not answer\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})
