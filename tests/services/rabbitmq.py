"""RabbitMQ at 127.0.0.1:5672, which the tests share with others."""

from __future__ import annotations

from tests.services.standing import Standing, url_fixture

RABBITMQ = Standing("rabbitmq", "amqp://guest:guest@127.0.0.1:5672/")

rabbitmq_url = url_fixture(RABBITMQ)
