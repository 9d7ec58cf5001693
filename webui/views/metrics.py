"""``/metrics`` for Prometheus: how each source fares, read from the database when it is asked for.

Each worker process answers alike, for nothing is counted in a process. Without a token in the settings
there is no such page.
"""

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from webui.config import Settings, in_force
from webui.feeds import health
from webui.feeds.health import GOOD, PAUSED, SourceHealth
from webui.installation import facts

bp = Blueprint("metrics", __name__)

OF = ["source"]
FATES = ("added", "updated", "unchanged", "ignored", "rejected", "foreign")  # each that was read meets one


@bp.get("/metrics")
def metrics() -> Response:
    """Return the metrics to who knows the token: 404 without one in the settings, 401 for another."""
    settings = in_force()
    if not settings.metrics_token:
        abort(404)
    headers = {"Cache-Control": "no-store"}
    wanted = f"Bearer {settings.metrics_token}".encode()
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), wanted):
        headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return Response("the token is missing or wrong\n", 401, headers, mimetype="text/plain")
    registry = CollectorRegistry()
    registry.register(_Sources(settings))
    return Response(generate_latest(registry), headers=headers, content_type=CONTENT_TYPE_LATEST)


class _Sources(Collector):
    """Reads everything when asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def describe(self) -> list[Metric]:
        """Name nothing before it is asked for."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Give each metric."""
        sources = health.sources(self._settings, datetime.now(UTC))
        yield from _states(sources)
        yield from _times(sources)
        yield from _counts(health.counts())
        yield GaugeMetricFamily(
            "chatpane_activities", "Activities of known people that are stored.", health.stored()
        )
        is_on = facts().chat_enabled
        yield GaugeMetricFamily("chatpane_switch_on", "Whether Enable Dynamic Chat Data is on.", int(is_on))


def _gauge(name: str, explanation: str, values: dict[str, float | None]) -> Metric:
    metric = GaugeMetricFamily(name, explanation, labels=OF)
    for source, value in values.items():
        if value is not None:
            metric.add_metric([source], value)
    return metric


def _states(sources: tuple[SourceHealth, ...]) -> Iterator[Metric]:
    yield _gauge(
        "chatpane_source_configured",
        "Whether the settings connect the source.",
        {one.source: one.is_configured for one in sources},
    )
    yield _gauge(
        "chatpane_source_up",
        "Whether the source has succeeded, and is neither failing, paused nor late.",
        {one.source: one.state == GOOD for one in sources},
    )
    yield _gauge(
        "chatpane_source_late", "Whether the source is late.", {one.source: one.is_late for one in sources}
    )
    yield _gauge(
        "chatpane_source_paused",
        "Whether the source waits for a time to come.",
        {one.source: one.state == PAUSED for one in sources},
    )
    yield _gauge(
        "chatpane_source_calls_left",
        "What is left of the calls of Marketo's running day.",
        {one.source: one.calls_left for one in sources},
    )
    yield _gauge(
        "chatpane_rejected_kept",
        "Rejected rows that are kept until they are tried again or dropped.",
        {one.source: one.kept for one in sources},
    )


def _times(sources: tuple[SourceHealth, ...]) -> Iterator[Metric]:
    yield _gauge(
        "chatpane_source_last_success_timestamp_seconds",
        "When the source was last read to its end, or delivered.",
        {one.source: one.succeeded_at.timestamp() if one.succeeded_at else None for one in sources},
    )
    yield _gauge(
        "chatpane_source_newest_activity_timestamp_seconds",
        "The time of the newest activity that the source told.",
        {one.source: one.newest_at.timestamp() if one.newest_at else None for one in sources},
    )
    yield _gauge(
        "chatpane_source_lag_seconds",
        "For how long a source that is read was not read to its end.",
        {one.source: one.lag.total_seconds() if one.lag is not None else None for one in sources},
    )


def _counts(counts: dict[str, dict[str, int]]) -> Iterator[Metric]:
    read = CounterMetricFamily("chatpane_source_read", "Activities that the source told.", labels=OF)
    fates = CounterMetricFamily("chatpane_source_activities", "What became of them.", labels=[*OF, "fate"])
    unpaired = CounterMetricFamily(
        "chatpane_source_unpaired", "Those that resemble several that came another way.", labels=OF
    )
    for source, of_source in sorted(counts.items()):
        read.add_metric([source], of_source["read"])
        unpaired.add_metric([source], of_source["unpaired"])
        for fate in FATES:
            fates.add_metric([source, fate], of_source[fate])
    yield from (read, fates, unpaired)
