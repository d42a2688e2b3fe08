"""A connection to a Kafka cluster, and its errors as failures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote, urlsplit

from witkit.backends.backend import Requirement
from witkit.backends.errors import wrong_setting
from witkit.backends.failure import Failure, Kind

if TYPE_CHECKING:
    from confluent_kafka import KafkaError

T = TypeVar("T")

KAFKA: Final = Requirement("confluent_kafka", "kafka")

URL: Final = "kafka://127.0.0.1:9092"
"""The default for `url`."""

LARGEST: Final = 1_048_588
"""The most bytes of a message with what belongs to it, which is what Kafka takes by default."""

SLICE: Final = 0.25
"""The seconds of one attempt to reach the cluster."""

_DENIED: Final = ("_AUTHENTICATION", "AUTHORIZATION_FAILED", "SASL_AUTHENTICATION_FAILED")
_AWAY: Final = ("_TRANSPORT", "_ALL_BROKERS_DOWN", "_RESOLVE", "NOT_AVAILABLE", "NETWORK_EXCEPTION")
_LATE: Final = ("_MSG_TIMED_OUT", "_TIMED_OUT", "_TIMED_OUT_QUEUE", "REQUEST_TIMED_OUT")
_FULL: Final = ("_QUEUE_FULL", "NOT_ENOUGH_REPLICAS")
_LARGE: Final = ("MSG_SIZE_TOO_LARGE", "RECORD_LIST_TOO_LARGE")


class Cluster:
    """A cluster, the client that publishes to it, and what the clients of this process hear about it.

    `options` are those of every client.
    """

    def __init__(self, url: str, mechanism: str, timeout: float) -> None:
        """Connect to nothing yet. Raises WitkitError (WIT0910) if the URL is wrong."""
        hosts, options = _options(url, mechanism)
        self.location = f"Kafka at {hosts}"
        self.timeout = timeout
        self.options: dict[str, Any] = {
            **options,
            "bootstrap.servers": hosts,
            "error_cb": self._note,
            # The client would write to standard error.
            "log_level": 0,
            "reconnect.backoff.max.ms": 500,
        }
        self._lock, self._known = Lock(), set[str]()
        self._producer: Any = None
        self._admin: Any = None
        self._lost: KafkaError | None = None

    @property
    def producer(self) -> Any:
        from confluent_kafka import Producer

        with self._lock:
            if self._producer is None:
                more = {
                    # Keeps the order when the client sends something again.
                    "enable.idempotence": True,
                    "linger.ms": 0,
                    "message.max.bytes": LARGEST,
                    "message.timeout.ms": max(1, round(self.timeout * 1000)),
                }
                self._producer = Producer(self.options | more)
        return self._producer

    @property
    def admin(self) -> Any:
        from confluent_kafka.admin import AdminClient

        with self._lock:
            if self._admin is None:
                self._admin = AdminClient(self.options)
        return self._admin

    def reach(self) -> None:
        """Raise Failure unless the cluster answers."""
        self._asked(lambda seconds: self.producer.list_topics(timeout=seconds))

    def expect_well(self) -> None:
        """Raise Failure if the cluster was lost and does not answer."""
        if self._lost is not None:
            self.reach()

    def send(self, topic: str, message: bytes, key: bytes | None, headers: Sequence[tuple[str, bytes]] = ()) -> None:
        """Publish a message, and wait until the cluster has it. Raises Failure."""
        if topic not in self._known:
            self.partitions(topic)
        answers: list[KafkaError | None] = []
        with failures(), _buffered():
            options = {"headers": [*headers]} if headers else {}
            self.producer.produce(topic, message, key, on_delivery=lambda error, _: answers.append(error), **options)
        deadline = time.monotonic() + self.timeout + SLICE
        while not answers:
            if time.monotonic() > deadline:
                raise Failure(Kind.TIMEOUT, "the server did not answer in time")
            # Another thread may get the answer.
            self.producer.poll(0.01)
        if answers[0] is not None:
            self._known.discard(topic)
            raise failure(answers[0])

    def partitions(self, topic: str) -> list[int]:
        """The numbers of a topic's partitions. The cluster creates it as it creates topics by default."""
        found = self._asked(lambda seconds: self._found(topic, seconds))
        self._known.add(topic)
        return found

    def ends(self, topic: str) -> dict[int, int]:
        """The offset of the next message of each partition. Raises Failure."""
        import confluent_kafka.admin
        from confluent_kafka import TopicPartition

        last = _untyped(confluent_kafka.admin).OffsetSpec.latest()
        places = {TopicPartition(topic, number): last for number in self.partitions(topic)}
        with failures():
            asked = self.admin.list_offsets(places, request_timeout=self.timeout)
            return {place.partition: found.result().offset for place, found in asked.items()}

    def begin(self, group: str, topic: str, ends: dict[int, int]) -> list[Any]:
        """Let a group that does not have this topic yet begin with these offsets.

        Gives the places that the cluster did not take: a group with members takes them only from those. Raises Failure.
        """
        from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition

        places = [TopicPartition(topic, number) for number in ends]
        with failures():
            asked = self.admin.list_consumer_group_offsets(
                [ConsumerGroupTopicPartitions(group, places)], request_timeout=self.timeout
            )
            begun = asked[group].result().topic_partitions
        new = [TopicPartition(topic, each.partition, ends[each.partition]) for each in begun if each.offset < 0]
        if new:
            altered = self.admin.alter_consumer_group_offsets(
                [ConsumerGroupTopicPartitions(group, new)], request_timeout=self.timeout
            )
            try:
                places = altered[group].result().topic_partitions
            except KafkaException:
                return new
            refused = {each.partition for each in places if each.error is not None}
            return [each for each in new if each.partition in refused]
        return []

    def _found(self, topic: str, seconds: float) -> list[int] | None:
        from confluent_kafka import KafkaError

        found = self.producer.list_topics(topic, timeout=seconds).topics[topic]
        if found.error is None:
            return sorted(found.partitions) or None
        if found.error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
            self._create(topic)
        elif found.error.code() != KafkaError.LEADER_NOT_AVAILABLE:
            raise failure(found.error)
        return None

    def _create(self, topic: str) -> None:
        """Create a topic, in a cluster that does not do so when it is asked for one."""
        import confluent_kafka.admin
        from confluent_kafka import KafkaError, KafkaException

        new = _untyped(confluent_kafka.admin).NewTopic(topic, num_partitions=-1, replication_factor=-1)
        asked = self.admin.create_topics([new], request_timeout=self.timeout)
        try:
            asked[topic].result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise

    def _asked(self, ask: Callable[[float], T | None]) -> T:
        """What the cluster answers, which is asked again until the time limit. Raises Failure."""
        from confluent_kafka import KafkaException

        deadline, said, self._lost = time.monotonic() + self.timeout, None, None
        while (left := deadline - time.monotonic()) > 0:
            try:
                answer = ask(min(left, SLICE))
            except KafkaException as error:
                said = error.args[0]
                # The client reports lost connections when it is polled.
                self.producer.poll(0)
                if self._lost is not None:
                    raise failure(self._lost) from None
                if failure(said).kind is Kind.DENIED:
                    break
                continue
            if answer is not None:
                return answer
            time.sleep(0.02)
        raise Failure(Kind.TIMEOUT, "the server did not answer in time") if said is None else failure(said)

    def _note(self, error: KafkaError) -> None:
        if error.name() in ("_ALL_BROKERS_DOWN", "_AUTHENTICATION"):
            self._lost = error


def _untyped(module: ModuleType) -> Any:
    """A module whose types do not say all that it has."""
    return module


@contextmanager
def _buffered() -> Iterator[None]:
    try:
        yield
    except BufferError as error:
        raise Failure(Kind.FULL, "too many messages wait for the server", str(error)) from None


@contextmanager
def failures() -> Iterator[None]:
    """Raise errors of the client as Failure."""
    from confluent_kafka import KafkaException

    try:
        yield
    except KafkaException as error:
        raise failure(error.args[0]) from error


def failure(error: KafkaError) -> Failure:
    name, text = error.name(), str(error)
    if name.endswith(_DENIED):
        return Failure(Kind.DENIED, "the server refuses the credentials, or these may not do it", text)
    if name.endswith(_AWAY):
        return Failure(Kind.UNREACHABLE, "there is no connection to the server", text)
    if name in _LATE:
        return Failure(Kind.TIMEOUT, "the server did not answer in time", text)
    if name in _LARGE:
        return Failure(Kind.INVALID_VALUE, "the message is larger than the server takes", text)
    if name in _FULL:
        return Failure(Kind.FULL, "the server has no room for the message", text)
    return Failure(Kind.OTHER, "the server refuses the operation", text)


def read(url: str) -> tuple[str, str, str]:
    """Scheme, credentials and hosts of the setting `url`. Raises WitkitError (WIT0910)."""
    scheme, _, rest = url.partition("://")
    credentials, _, places = rest.rstrip("/").rpartition("@")
    try:
        if scheme not in ("kafka", "kafkas"):
            raise ValueError
        return scheme, credentials, ",".join(map(_address, places.split(",")))
    except ValueError:
        help = "kafka://user:password@host:9092,other-host:9092, or kafkas://… for TLS"
        raise wrong_setting("`url` is not the URL of a Kafka cluster", help, "url") from None


def _address(place: str) -> str:
    """Host and port. Raises ValueError."""
    parts = urlsplit(f"//{place}")
    if not parts.hostname or parts.port == 0 or parts.path or parts.query or parts.fragment:
        raise ValueError
    return f"{_host(parts.hostname)}:{parts.port or 9092}"


def _options(url: str, mechanism: str) -> tuple[str, dict[str, Any]]:
    """The hosts of a URL, and the options for its user. Raises WitkitError (WIT0910)."""
    scheme, credentials, addresses = read(url)
    tls = scheme == "kafkas"
    if not credentials:
        return addresses, {"security.protocol": "SSL" if tls else "PLAINTEXT"}
    user, _, password = credentials.partition(":")
    return addresses, {
        "security.protocol": "SASL_SSL" if tls else "SASL_PLAINTEXT",
        "sasl.mechanism": mechanism,
        "sasl.username": unquote(user),
        "sasl.password": unquote(password),
    }


def _host(name: str) -> str:
    return f"[{name}]" if ":" in name else name
