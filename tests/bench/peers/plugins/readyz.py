"""Datasette answers the bench's question whether it is ready."""

from datasette import Response, hookimpl


@hookimpl
def register_routes():
    return [(r"^/readyz$", lambda: Response.text("ready\n"))]
