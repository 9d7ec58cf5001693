"""Logs: one JSON object a line on stderr, without personal data.

Tracebacks name places in the code and never the values of variables, which may be people's. What libraries
log goes the same way, from warnings on: httpx tells every address that it asks, and a query may hold an
e-mail address or a token.
"""

import logging
import sys

import structlog

SHARED: tuple[structlog.types.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)
TALKATIVE = ("httpx", "httpcore", "urllib3", "authlib")


class _Lines(logging.Handler):
    """Writes what the standard library's loggers are given, as our own lines are written."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        ours = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=SHARED, processors=[*ours, structlog.processors.JSONRenderer()]
            )
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Write to stderr as it is now."""
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:
            self.handleError(record)


def configure() -> None:
    """Set up logging for this process."""
    structlog.configure(
        processors=[*SHARED, structlog.processors.JSONRenderer()],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),  # as it is when a line is written
    )
    root = logging.getLogger()
    if not any(isinstance(one, _Lines) for one in root.handlers):
        root.addHandler(_Lines())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
