"""One consumer of Kafka with a thread, for the subscriptions of one group in this process, or for all without a group.

The thread takes messages from the cluster into the inboxes of their topics, and pauses a topic whose inbox is full. For
a group, it reports to the cluster which messages are done and how often the others were given out. If the cluster gives
a partition to another process, the thread waits a little for those who have messages of it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition, Event, Thread
from typing import Any, Final

from witkit.backends.failure import Failure, Kind

from .kafka_client import Cluster, failures
from .kafka_headers import headers_of
from .kafka_inbox import Inbox, InboxEntry
from .kafka_progress import Progress, known

SLICE: Final = 0.05
"""The seconds that one look for messages takes, and after which the cluster hears what is done."""

BATCH: Final = 32
"""The most messages of one look."""

PATIENCE: Final = 5.0
"""The seconds that somebody who has a message keeps its partition."""

OUT_OF_TURN: Final = ("UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "REBALANCE_IN_PROGRESS", "_NO_OFFSET")


@dataclass(slots=True)
class _Asked:
    """Where a group begins, which only the reader's thread can say: the client waits forever if another one does."""

    places: list[Any]
    answered: Event = field(default_factory=Event)
    is_taken: bool = False


class KafkaReader:
    """`group` is the name of a group of consumers; None for subscriptions without a group."""

    def __init__(self, server: Cluster, group: str | None, name: str, again: float, session: float) -> None:
        from confluent_kafka import Consumer

        self._server, self._group, self._again = server, group, again
        self._is_shared = group is not None
        more = {
            "group.id": group or name,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "partition.assignment.strategy": "cooperative-sticky",
            "fetch.wait.max.ms": 100,
            "session.timeout.ms": max(1, round(session * 1000)),
            "heartbeat.interval.ms": max(1, round(session * 300)),
        }
        self._consumer: Any = Consumer(server.options | more)
        self._changed = Condition()
        self._inboxes: dict[str, list[Inbox]] = {}
        self._progress: dict[tuple[str, int], Progress] = {}
        self._known: dict[tuple[str, int], dict[int, int]] = {}
        self._topics: set[str] = set()
        self._asked: list[_Asked] = []
        self._paused: set[str] = set()
        self._is_stopped = False
        self._thread = Thread(target=self._work, name="witkit-kafka", daemon=True)
        self._thread.start()

    def add(self, topic: str, only: str | None = None) -> Inbox:
        """An inbox for what is published to the topic from now on, or since its group began. Raises Failure.

        Without a group, it may be for messages with one mark only.
        """
        starts = self._server.ends(topic)
        unbegun = [] if self._group is None else self._server.begin(self._group, topic, starts)
        if unbegun and self._topics:
            unbegun = self._begun(unbegun)
        with self._changed:
            inboxes = self._inboxes.setdefault(topic, [])
            if not inboxes or not self._is_shared:
                inboxes.append(Inbox(topic, only, starts, bool(unbegun)))
            inboxes[-1].users += 1
            return inboxes[-1]

    def begin(self, inbox: Inbox) -> None:
        """Have a group whose subscription ends begin where that has begun, even if it never got a message.

        While members come and go, the cluster does not take that: it is asked again. Raises Failure.
        """
        deadline = time.monotonic() + self._server.timeout
        while self._group is not None and inbox.is_new and self._topics and not self._is_stopped:
            places = self._server.begin(self._group, inbox.topic, inbox.starts)
            inbox.is_new = bool(places and self._begun(places))
            if time.monotonic() > deadline:
                return
            time.sleep(SLICE if inbox.is_new else 0)

    def _begun(self, places: list[Any]) -> list[Any]:
        """Say as a member of the group where it begins. The places that the cluster does not take now."""
        asked = _Asked(places)
        with self._changed:
            self._asked.append(asked)
        return [] if asked.answered.wait(self._server.timeout) and asked.is_taken else places

    def remove(self, inbox: Inbox) -> bool:
        """End one use of an inbox. True if nothing is left to read."""
        with self._changed:
            inbox.users -= 1
            inboxes = self._inboxes.get(inbox.topic, [])
            if not inbox.users and inbox in inboxes:
                inboxes.remove(inbox)
                self._not_given(inbox.topic, inbox.drop(set(inbox.starts), held=True))
                if not inboxes:
                    del self._inboxes[inbox.topic]
            return not self._inboxes

    def take(self, inbox: Inbox, wait: float) -> InboxEntry | None:
        """The next message of an inbox, if one comes within `wait` seconds."""
        if not (self._is_stopped or self._thread.is_alive()):
            raise Failure(Kind.OTHER, "receiving from the server has stopped")
        with self._changed:
            if (found := self._taken(inbox)) is None and wait > 0:
                self._changed.wait(inbox.wait(wait))
                found = self._taken(inbox)
            return found

    def acknowledge(self, inbox: Inbox, receipt: tuple[tuple[int, int], int]) -> None:
        with self._changed:
            if (entry := inbox.release(*receipt)) is not None:
                if (progress := self._progress.get((inbox.topic, entry.place[0]))) is not None:
                    progress.finish(entry.place[1])
                self._changed.notify_all()

    def give_back(self, inbox: Inbox, receipt: tuple[tuple[int, int], int], delay: float) -> None:
        with self._changed:
            inbox.give_back(*receipt, delay)
            self._changed.notify_all()

    def stop(self) -> None:
        """Report to the cluster what is done, and leave it."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        self._thread.join(self._server.timeout + PATIENCE)

    def _taken(self, inbox: Inbox) -> InboxEntry | None:
        if (entry := inbox.take(self._again)) is not None:
            partition, offset = entry.place
            if (progress := self._progress.get((inbox.topic, partition))) is not None:
                progress.count(offset, entry.attempt)
        return entry

    def _not_given(self, topic: str, entries: list[InboxEntry]) -> None:
        """Messages were counted as given out when they came, but nobody got them."""
        for entry in entries:
            if (progress := self._progress.get((topic, entry.place[0]))) is not None:
                progress.count(entry.place[1], entry.attempt - 1)

    def _work(self) -> None:
        while not self._is_stopped:
            with suppress(Failure), failures():
                self._begin()
                self._follow()
                self._accept(self._looked())
                self._pause()
        with suppress(Failure), failures():
            self._let_go(list(self._progress), held=True)
        with suppress(Failure, RuntimeError), failures():
            self._consumer.close()

    def _begin(self) -> None:
        """Report to the cluster where the group begins with new topics."""
        from confluent_kafka import KafkaException

        while self._asked:
            with self._changed:
                asked = self._asked.pop()
            with suppress(KafkaException):
                self._consumer.commit(offsets=asked.places, asynchronous=False)
                asked.is_taken = True
            asked.answered.set()

    def _follow(self) -> None:
        """Read the topics that have inboxes now."""
        from confluent_kafka import TopicPartition

        with self._changed:
            now = {topic: inboxes[0].starts for topic, inboxes in self._inboxes.items()}
        if now.keys() == self._topics:
            return
        gone, new = self._topics - now.keys(), now.keys() - self._topics
        if self._is_shared:
            self._consumer.subscribe(
                sorted(now), on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._revoked
            )
        else:
            if gone:
                assigned = self._consumer.assignment()
                self._consumer.incremental_unassign([each for each in assigned if each.topic in gone])
            places = [TopicPartition(topic, *place) for topic in new for place in now[topic].items()]
            if places:
                self._consumer.incremental_assign(places)
        self._topics = set(now)
        self._paused -= gone

    def _looked(self) -> list[Any]:
        first = self._consumer.poll(SLICE)
        if first is None:
            return []
        return [each for each in [first, *self._consumer.consume(BATCH - 1, 0)] if each.error() is None]

    def _accept(self, messages: list[Any]) -> None:
        """Put messages into their inboxes, after the cluster has heard that they are given out."""
        ready: list[tuple[str, InboxEntry]] = []
        with self._changed:
            for each in messages:
                place = each.topic(), each.partition()
                attempt = 1
                if self._is_shared:
                    if (progress := self._progress.get(place)) is None:
                        continue
                    if not (attempt := progress.see(each.offset(), self._known.get(place, {}))):
                        continue
                place = each.partition(), each.offset()
                entry = InboxEntry(place, each.value() or b"", attempt, *headers_of(each.headers()))
                ready.append((each.topic(), entry))
        self._commit_at_last()
        with self._changed:
            for topic, entry in ready:
                partition, offset = entry.place
                inboxes = self._inboxes.get(topic, [])
                if self._is_shared and not inboxes:
                    self._not_given(topic, [entry])  # The last subscription has ended meanwhile.
                for inbox in inboxes:
                    if self._is_shared:
                        inbox.put(entry)
                    elif offset >= inbox.starts.get(partition, 0) and inbox.only in (None, entry.mark):
                        inbox.put(InboxEntry(entry.place, entry.message, 1, entry.headers))
            if ready:
                self._changed.notify_all()

    def _pause(self) -> None:
        with self._changed:
            full = {topic for topic, inboxes in self._inboxes.items() if any(each.is_full for each in inboxes)}
            ready = {topic for topic, inboxes in self._inboxes.items() if all(each.is_half_empty for each in inboxes)}
        if (stop := full - self._paused) or (go := self._paused & ready):
            assigned = self._consumer.assignment()
            if stop:
                self._consumer.pause([each for each in assigned if each.topic in stop])
                self._paused |= stop
            elif go:
                self._consumer.resume([each for each in assigned if each.topic in go])
                self._paused -= go

    def _commit(self, places: list[tuple[str, int]] | None = None) -> None:
        """Report to the cluster how far the group is, if that has changed."""
        from confluent_kafka import KafkaException, TopicPartition

        with self._changed:
            chosen = self._progress if places is None else places
            changed = {place: self._progress[place] for place in chosen if self._progress[place].is_changed}
            offsets = [TopicPartition(*place, each.first, each.text) for place, each in changed.items()]
            for each in changed.values():
                each.is_changed = False
        if not offsets:
            return
        try:
            self._consumer.commit(offsets=offsets, asynchronous=False)
        except KafkaException as error:
            for each in changed.values():
                each.is_changed = True
            if error.args[0].name() not in OUT_OF_TURN:
                raise

    def _commit_at_last(self) -> None:
        """Report until the cluster hears it. What has come is not read again, so an error here must not drop it."""
        while not self._is_stopped:
            with suppress(Failure), failures():
                self._commit()
                return
            time.sleep(SLICE)

    def _assigned(self, consumer: Any, places: list[Any]) -> None:
        """The cluster gives partitions to this process: go on where the group was."""
        from confluent_kafka import TopicPartition

        found = self._committed(consumer, places) if places else []
        begin: list[Any] = []
        with self._changed:
            for each in found:
                place, first = (each.topic, each.partition), each.offset
                if first < 0:
                    inboxes = self._inboxes.get(each.topic)
                    first = inboxes[0].starts.get(each.partition, 0) if inboxes else 0
                self._progress[place] = Progress(first)
                self._known[place] = known(first, each.metadata)
                begin.append(TopicPartition(*place, first))
        with suppress(Failure), failures():  # What this function raises would end the thread.
            consumer.incremental_assign(begin)
        self._paused -= {each.topic for each in found}

    def _committed(self, consumer: Any, places: list[Any]) -> list[Any]:
        """Where the group is. The cluster is asked until it says so: messages could not be counted otherwise."""
        while not self._is_stopped:
            with suppress(Failure), failures():
                found: list[Any] = consumer.committed(places, timeout=self._server.timeout)
                if all(each.error is None for each in found):
                    return found
            time.sleep(SLICE)
        return []

    def _revoked(self, consumer: Any, places: list[Any]) -> None:
        """The cluster gives partitions to another process."""
        self._let_go([(each.topic, each.partition) for each in places], held=False)
        with suppress(Failure), failures():
            consumer.incremental_unassign(places)

    def _let_go(self, places: list[tuple[str, int]], *, held: bool) -> None:
        """Forget partitions. Without `held`, wait for those who have messages of them."""
        end = time.monotonic() + min(PATIENCE, self._again)
        by_topic: dict[str, set[int]] = {}
        for topic, partition in places:
            by_topic.setdefault(topic, set()).add(partition)
        with self._changed:
            inboxes = [(each, parts) for topic, parts in by_topic.items() for each in self._inboxes.get(topic, [])]
            for inbox, parts in inboxes:
                self._not_given(inbox.topic, inbox.drop(parts, held=held))
            while not self._is_stopped and any(inbox.holds(parts) for inbox, parts in inboxes):
                if (left := end - time.monotonic()) <= 0:
                    break
                self._changed.wait(left)
        with suppress(Failure), failures():
            self._commit([place for place in places if place in self._progress])
        with self._changed:
            for inbox, parts in inboxes:
                inbox.drop(parts, held=True)
            for place in places:
                self._progress.pop(place, None)
                self._known.pop(place, None)
