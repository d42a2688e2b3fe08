"""Topics with a type: what does not fit is refused by the producer, and buried by the consumer."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.errors import fails_with
from tests.backends.messaging.backends import Backend, backend_of
from tests.backends.messaging.test_promises import LONG
from witkit.backends.connect import Choice
from witkit.backends.failure import Failure, Kind
from witkit.backends.messaging.protocol import Messages
from witkit.backends.messaging.typed import Topic, TypedMessages
from witkit.interfaces.messaging import messaging as api
from witkit.program.project import examine_configuration
from witkit.text import WitkitError

WIT = """package shop:orders@0.1.0;
interface types {
    record order-placed { item: string, count: u32 }
    enum size { small, large }
}
"""
TYPED = """[messaging]
backend = "memory"
wait = 0.01
[messaging.topics.orders]
type = "shop:orders/types@0.1.0#order-placed"
"""
GOOD, BAD = b'{"item": "tea", "count": 2}', b'{"item": "tea", "count": -1}'


def number(message: bytes) -> str | None:
    return None if message.isdigit() else "the value is not a number"


@pytest.fixture(params=["memory", "sqlite"])
def backend(request: pytest.FixtureRequest) -> Backend:
    return backend_of(request.param, request)


@pytest.fixture
def both(backend: Backend) -> Iterator[tuple[Messages, Messages]]:
    """The backend with a type for the topic `orders`, and without."""
    with backend.spoken() as messages:
        yield TypedMessages(messages, {"orders": Topic("a number", number, "orders.dead")}), messages


def test_what_does_not_fit_is_refused_when_it_is_published(both: tuple[Messages, Messages]) -> None:
    typed, _ = both
    token = typed.subscribe("broker", "orders")
    with pytest.raises(Failure, match="the value is not a number, which `a number` asks for") as caught:
        typed.publish("broker", "orders", b"tea")
    assert caught.value.kind is Kind.INVALID_TYPE
    typed.publish("broker", "orders", b"1")
    typed.publish("broker", "others", b"tea")
    received = typed.receive(token, LONG)
    assert received is not None
    assert received.message == b"1"


def test_what_does_not_fit_when_it_arrives_is_a_dead_letter(
    both: tuple[Messages, Messages], caplog: pytest.LogCaptureFixture
) -> None:
    typed, plain = both
    token = typed.subscribe("broker", "orders", "workers")
    for message in (b"tea", b"1"):
        plain.publish("broker", "orders", message)
    with caplog.at_level(logging.ERROR, "witkit.messages"):
        received = typed.receive(token, LONG)
    assert received is not None
    assert received.message == b"1"
    typed.acknowledge(token, received)
    assert "does not have the type `a number`: the value is not a number; it is in `orders.dead`" in caplog.text
    dead = plain.receive(plain.subscribe("broker", "orders.dead", "workers"), LONG)
    assert dead is not None
    assert dead.message == b"tea"
    assert typed.receive(token, 0) is None


def test_dead_letters_can_be_dropped(backend: Backend) -> None:
    with backend.spoken() as messages:
        typed = TypedMessages(messages, {"orders": Topic("a number", number, "")})
        token = typed.subscribe("broker", "orders")
        messages.publish("broker", "orders", b"tea")
        assert typed.receive(token, 0) is None
        typed.unsubscribe(token)
        with pytest.raises(Failure):
            typed.receive(token, 0)


def configured(folder: Path, text: str) -> Choice:
    (folder / "wit").mkdir(exist_ok=True)
    (folder / "wit" / "types.wit").write_text(WIT)
    (folder / "witkit.toml").write_text(text)
    found = examine_configuration(folder / "witkit.toml")
    if found.problems:
        raise WitkitError(found.problems)
    return found.choices["messaging"]


def test_a_component_gets_the_declared_error_with_the_path(tmp_path: Path) -> None:
    configured(tmp_path, TYPED)
    messaging = opened(tmp_path)
    with messaging as imports:
        pub, sub = imports.Pub.open("broker"), imports.Sub.open("broker")
        token = sub.subscribe("orders")
        with fails_with(api.MessagingError_UnsupportedMessageFormat) as payload:
            pub.publish(BAD, "orders")
        assert payload == [".count is not in the range of u32, which `shop:orders/types@0.1.0#order-placed` asks for"]
        pub.publish(GOOD, "orders")
        pub.publish(b"\xff any bytes", "others")
        assert sub.receive(token) == GOOD


def opened(folder: Path) -> Any:
    from contextlib import ExitStack, contextmanager

    from witkit.backends.fronts.table import front_for
    from witkit.backends.openings import Openings
    from witkit.backends.table import CAPABILITIES

    @contextmanager
    def connected() -> Iterator[Any]:
        choice = examine_configuration(folder / "witkit.toml").choices["messaging"]
        with ExitStack() as stack:
            front = front_for("spiderlightning:messaging/messaging@0.5.1")
            assert front is not None
            yield front.bind(Openings(stack).selector(CAPABILITIES["messaging"], choice))

    return connected()


def test_names_of_brokers_have_the_types_too(tmp_path: Path) -> None:
    text = TYPED + '[messaging.names.shop]\nbackend = "memory"\n'
    configured(tmp_path, text)
    with opened(tmp_path) as messaging, fails_with(api.MessagingError_UnsupportedMessageFormat):
        messaging.Pub.open("shop").publish(BAD, "orders")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('type = "shop:orders/types@0.1.0#order-place"', "has no type `order-place`"),
        ('type = "orders"', "is not the name of a type"),
        ('dead = "lost"', "needs `type`"),
        ('type = "shop:orders/types@0.1.0#order-placed"\ndead = "orders"', "`dead` must be another topic"),
        ('type = "shop:orders/types@0.1.0#order-placed"\nwit = "nowhere"', "nowhere"),
        ('type = "shop:orders/types@0.1.0#order-placed"\ntyp = "x"', "typ"),
        ("type = 1", "`type` must be a string"),
    ],
)
def test_mistakes_in_types_have_a_place(lines: str, said: str, tmp_path: Path) -> None:
    text = f"[messaging.topics.orders]\n{lines}\n"
    with pytest.raises(WitkitError) as caught:
        configured(tmp_path, text)
    (problem,) = caught.value.diagnostics
    assert said in problem.message
    assert problem.primary is not None


def test_a_subscription_gives_its_topic_a_type(tmp_path: Path) -> None:
    subscription = '[[messaging.subscriptions]]\ntopic = "orders"\n'
    type_ = 'type = "shop:orders/types@0.1.0#order-placed"\n'
    configured(tmp_path, f'[messaging]\nbackend = "memory"\n{subscription}{type_}')
    with opened(tmp_path) as messaging, fails_with(api.MessagingError_UnsupportedMessageFormat):
        messaging.Pub.open("shop").publish(BAD, "orders")
    assert configured(tmp_path, f"[messaging]\n{subscription}").wrap is None
    with pytest.raises(WitkitError, match="has no type `order-place`"):
        configured(tmp_path, subscription + type_.replace("placed", "place"))


def test_a_topic_has_one_type(tmp_path: Path) -> None:
    tables = [
        f'[[messaging.subscriptions]]\ntopic = "orders"\ngroup = "{group}"\ntype = "shop:orders/types@0.1.0#{type_}"\n'
        for group, type_ in (("one", "order-placed"), ("same", "order-placed"), ("other", "size"))
    ]
    assert configured(tmp_path, "".join(tables[:2])).wrap is not None
    said = "`orders` has two types: this one, and `shop:orders/types@0.1.0#order-placed`"
    with pytest.raises(WitkitError, match=said):
        configured(tmp_path, "".join(tables))
    with pytest.raises(WitkitError, match=said.replace("order-placed", "size")):
        configured(tmp_path, tables[2] + '[messaging.topics.orders]\ntype = "shop:orders/types@0.1.0#order-placed"\n')


def test_a_topic_is_a_table(tmp_path: Path) -> None:
    with pytest.raises(WitkitError, match="`orders` must be a table"):
        configured(tmp_path, '[messaging.topics]\norders = "x"\n')
