"""The guest as plain Python, over a lock service in memory that each test has for itself."""

import time
from collections.abc import Callable

import app
import pytest
from componentize_py_types import Err
from wit_world import DeploymentError_Busy, DeploymentError_NoTime, DeploymentError_Over

from witkit.guest import Bound, Guest


@pytest.fixture
def guest(wit_host: Callable[..., Bound]) -> Guest:
    return wit_host().load(app)


def test_services_do_not_wait_for_each_other(guest: Guest) -> None:
    assert guest.begin("shop", 60) != guest.begin("mail", 60)


def test_a_service_has_one_deployment_at_a_time(guest: Guest) -> None:
    ticket = guest.begin("shop", 60)
    with pytest.raises(Err) as refused:
        guest.begin("shop", 60)
    assert isinstance(refused.value.value, DeploymentError_Busy)
    guest.end(ticket)
    assert guest.begin("shop", 60) != ticket


def test_a_deployment_ends_once(guest: Guest) -> None:
    ticket = guest.begin("shop", 60)
    guest.end(ticket)
    with pytest.raises(Err) as refused:
        guest.end(ticket)
    assert refused.value.value == DeploymentError_Over()


def test_a_deployment_that_takes_too_long_makes_room_for_the_next(guest: Guest) -> None:
    forgotten = guest.begin("shop", 1)
    time.sleep(1)
    guest.begin("shop", 60)
    with pytest.raises(Err) as refused:
        guest.end(forgotten)
    assert refused.value.value == DeploymentError_Over()


def test_a_deployment_needs_some_time(guest: Guest) -> None:
    with pytest.raises(Err) as refused:
        guest.begin("shop", 0)
    assert refused.value.value == DeploymentError_NoTime()


def test_the_demonstration_deploys_each_service(guest: Guest, capsys: pytest.CaptureFixture[str]) -> None:
    guest.run.run()
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "deploying shop, mail",
        "shop again",
        "deployed shop",
        "deployed mail",
    ]
