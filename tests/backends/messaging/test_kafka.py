"""What requests leave behind in Kafka, which keeps topics forever."""

from __future__ import annotations

import pytest

from tests.backends.messaging.backends import Backend
from tests.backends.messaging.test_headers import answering, asked
from tests.services.names import new_name


@pytest.mark.kafka
def test_requests_leave_one_topic_in_kafka(kafka_url: str) -> None:
    from confluent_kafka.admin import AdminClient

    backend = Backend("kafka", {"url": kafka_url, "prefix": new_name(), "session": 3})
    with backend.spoken() as messages, answering(messages, "prices", b"3"):
        assert [asked(messages, question) for question in (b"tea", b"milk")] == [[(b"3", "tea")], [(b"3", "milk")]]
    known = AdminClient({"bootstrap.servers": kafka_url.removeprefix("kafka://")}).list_topics(timeout=10).topics
    prefix = f"{backend.settings['prefix']}.broker"
    assert sorted(name for name in known if name.startswith(prefix)) == [f"{prefix}.-replies", f"{prefix}.prices"]
