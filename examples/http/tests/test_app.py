"""The guest as plain Python between a real client and a real server; the weather service is one of the tests' own."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote

import app
import pytest
from gateway import WORLD
from host import Client, server

from witkit.guest import Bound

FORECASTS = {"Oslo": {"celsius": -3}, "Rome": {"celsius": 14}, "Århus/By": {"celsius": 2}}
PAGE = b"<h1>Out of order</h1>"


class Weather(BaseHTTPRequestHandler):
    """The service that the gateway asks: `GET /forecast/CITY`."""

    def do_GET(self) -> None:
        city = unquote(self.path.removeprefix("/forecast/"))
        forecast = FORECASTS.get(city)
        self.send_response(200 if forecast or city == "Babel" else 404)
        self.end_headers()
        self.wfile.write(PAGE if city == "Babel" else json.dumps(forecast).encode())


@contextmanager
def serving(one: HTTPServer) -> Iterator[str]:
    """The address of the server, which runs in a thread until the `with` statement ends."""
    thread = Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"127.0.0.1:{one.server_port}"
    finally:
        one.shutdown()
        thread.join()
        one.server_close()


@pytest.fixture
def weather() -> Iterator[str]:
    with serving(HTTPServer(("127.0.0.1", 0), Weather)) as address:
        yield address


@pytest.fixture
def gateway(wit_host: Callable[..., Bound], weather: str) -> Iterator[str]:
    guest = wit_host(http_client=Client(weather)).load(app, WORLD)
    with serving(server(guest.http_handler, 0)) as address:
        yield address


def ask(address: str, path: str, method: str = "GET") -> tuple[int, Any]:
    """The status and the content of an answer."""
    connection = HTTPConnection(address)
    connection.request(method, path)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    connection.close()
    return answer.status, content


def test_the_weather_of_several_cities_is_one_answer(gateway: str) -> None:
    assert ask(gateway, "/weather?cities=Oslo,Rome") == (200, {"Oslo": {"celsius": -3}, "Rome": {"celsius": 14}})


def test_a_city_may_be_called_as_it_likes(gateway: str) -> None:
    assert ask(gateway, "/weather?cities=%C3%85rhus%2FBy") == (200, {"Århus/By": {"celsius": 2}})


def test_a_city_that_the_service_does_not_know_spoils_no_other(gateway: str) -> None:
    wrong = {"error": "the service answered 404"}
    assert ask(gateway, "/weather?cities=Atlantis,Oslo") == (200, {"Atlantis": wrong, "Oslo": {"celsius": -3}})


def test_an_answer_that_is_not_json_spoils_no_other(gateway: str) -> None:
    wrong = {"error": "the service did not answer with JSON"}
    assert ask(gateway, "/weather?cities=Babel,Oslo") == (200, {"Babel": wrong, "Oslo": {"celsius": -3}})


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/", "GET", 404), ("/weather", "GET", 400), ("/weather?cities=", "GET", 400), ("/weather", "DELETE", 405)],
)
def test_a_wrong_question_is_refused(gateway: str, path: str, method: str, status: int) -> None:
    assert ask(gateway, path, method)[0] == status


def test_a_missing_service_is_reported(wit_host: Callable[..., Bound]) -> None:
    with serving(HTTPServer(("127.0.0.1", 0), Weather)) as gone:
        pass
    guest = wit_host(http_client=Client(gone)).load(app, WORLD)
    with serving(server(guest.http_handler, 0)) as address:
        wrong = {"error": "UnexpectedError: the service cannot be reached"}
        assert ask(address, "/weather?cities=Oslo") == (200, {"Oslo": wrong})
