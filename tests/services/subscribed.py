"""Subscriptions of NATS that the server is sure to know of."""

from __future__ import annotations

from nats.aio.client import Client
from nats.aio.subscription import Subscription


async def subscribed(client: Client, subject: str) -> Subscription:
    """Subscribe, and return when the server has read it.

    `flush` of the library writes its PING before what waits to be sent. Only a second one comes after the subscription.
    """
    subscription = await client.subscribe(subject)
    await client.flush()
    await client.flush()
    return subscription
