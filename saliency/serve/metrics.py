"""What is counted, for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from saliency import __version__
from saliency.serve.pool import Pool
from saliency.serve.problems import STATUS

STEPS = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.02,
    0.03,
    0.05,
    0.075,
    0.1,
    0.15,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
    30.0,
)  # seconds
TIMES = {
    "queue": "until a worker began with a photo",
    "decode": "in which a photo was opened",
    "network": "in which it was looked at and its crops were placed",
}
ROUTES = ("/crop", "/health", "/ready", "/metrics", "/openapi.json")


class Metrics:
    """A registry of its own, so that two apps in one process count apart."""

    def __init__(self, pool: Pool) -> None:
        self.registry = CollectorRegistry()
        self._times = {
            name: Histogram(f"gazecrop_{name}_seconds", f"Seconds {what}", buckets=STEPS, registry=self.registry)
            for name, what in TIMES.items()
        }
        self._total = Histogram(
            "gazecrop_request_seconds", "Seconds of a request", ["route"], buckets=STEPS, registry=self.registry
        )
        self._requests = Counter("gazecrop_requests", "Requests", ["route", "status"], registry=self.registry)
        self._rejections = Counter("gazecrop_rejections", "Requests refused", ["reason"], registry=self.registry)
        for reason in STATUS:
            self._rejections.labels(reason)
        working = Gauge("gazecrop_working", "Photos that workers have", registry=self.registry)
        working.set_function(lambda: pool.working)
        waiting = Gauge("gazecrop_waiting", "Photos that wait for a worker", registry=self.registry)
        waiting.set_function(lambda: pool.waiting)
        about = Gauge("gazecrop", "Which version runs", ["version"], registry=self.registry)
        about.labels(__version__).set(1)

    def photo(self, seconds: Mapping[str, float]) -> None:
        """seconds: by the names of TIMES."""
        for name, value in seconds.items():
            self._times[name].observe(value)

    def request(self, path: str, status: int, reason: str, seconds: float) -> None:
        """reason: empty where it was answered."""
        route = path if path in ROUTES else "other"  # a stranger's paths are no labels
        self._requests.labels(route, status).inc()
        self._total.labels(route).observe(seconds)
        if reason:
            self._rejections.labels(reason).inc()

    def text(self) -> bytes:
        return generate_latest(self.registry)
