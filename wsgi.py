"""The app, for any WSGI server: ``gunicorn wsgi:app``."""

from webui import create_app

app = create_app()
