"""What one process counts for its operators; made once and passed to whoever counts."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """Counters of this process in a registry of their own; each method counts one thing."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        ProcessCollector(namespace="jiesu", registry=registry)
        self._turns = Counter(
            "jiesu_turns",
            "Messages of residents by what became of them.",
            ["channel", "outcome"],
            registry=registry,
        )
        self._failed = Counter(
            "jiesu_failed_turns", "Turns that failed alone.", ["channel"], registry=registry
        )
        self._repeated = Counter(
            "jiesu_repeated",
            "Messages and reports that had had their effect before.",
            ["what"],
            registry=registry,
        )
        self._seconds = Histogram(
            "jiesu_turn_seconds",
            "From the start of a batch of turns until it is on disk.",
            buckets=SECONDS,
            registry=registry,
        )
        self._sizes = Histogram(
            "jiesu_batch_size", "Turns in one commit.", buckets=SIZES, registry=registry
        )
        self._rejected = Counter(
            "jiesu_webhook_rejected",
            "Requests to webhooks that were refused.",
            ["path", "why"],
            registry=registry,
        )
        self._deliveries = Counter(
            "jiesu_delivery",
            "Tries to send a message, by how they ended.",
            ["channel", "outcome"],
            registry=registry,
        )

        self._fetched = Counter(
            "jiesu_media_fetched",
            "Files asked for at their providers, by what came of it.",
            ["state"],
            registry=registry,
        )
        self._readings = Counter(
            "jiesu_second_readings",
            "Messages given to the language model, by what came of it.",
            ["outcome"],
            registry=registry,
        )
        self._circuit = Gauge(
            "jiesu_second_reader_circuit",
            "Whether the language model is asked: 0 yes, 1 one call to see, 2 no.",
            registry=registry,
        )

    def second_reading(self, outcome: str) -> None:
        """A message was `asked` about, then `answered`, `slow`, `unreachable`, `error`, `malformed`, `invented`.

        Or `refused` while the circuit is open; `late` are answers that came after another message.
        """
        self._readings.labels(outcome).inc()

    def circuit(self, state: int) -> None:
        """How the language model's circuit breaker stands."""
        self._circuit.set(state)

    def fetched(self, state: str) -> None:
        """A file was asked for at its provider: `kept`, `wanted` (asked for again), `refused`, `lost`."""
        self._fetched.labels(state).inc()

    def batch(self, size: int, seconds: float) -> None:
        """A batch of turns is on disk, after so many seconds."""
        self._sizes.observe(size)
        self._seconds.observe(seconds)

    def turned(self, channel: str, outcome: str) -> None:
        """One message was `turned`, `repeated`, `over_budget` (heard, not answered) or `failed`."""
        self._turns.labels(channel, outcome).inc()
        if outcome == "failed":
            self._failed.labels(channel).inc()
        elif outcome == "repeated":
            self._repeated.labels("message").inc()

    def idle_reports(self, count: int) -> None:
        """Reports of providers that changed nothing."""
        self._repeated.labels("report").inc(count)

    def rejected(self, path: str, why: str) -> None:
        """A webhook refused a request: `forged`, `malformed`, or `unavailable` when it could not be kept."""
        self._rejected.labels(path, why).inc()

    def delivered(self, channel: str, outcome: str) -> None:
        """A try to send ended: `sent`, `retried`, `given_up`, `cancelled`."""
        self._deliveries.labels(channel, outcome).inc()
