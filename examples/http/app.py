"""A gateway: it asks a weather service for each city of a request, and answers with all of them at once.

Addresses that it asks for are relative: which service they lead to is for the host to say.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qs, quote, urlsplit

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import http_client
from wit_world.imports.http_types import Method, Request, Response


class HttpHandler(exports.HttpHandler):
    """Answers requests."""

    def handle_http(self, req: Request) -> Response:
        target = urlsplit(req.uri)
        if target.path != "/weather":
            return _answer(404, {"error": f"there is nothing at {target.path}"})
        if req.method is not Method.GET:
            return _answer(405, {"error": "the weather can only be read"}, ("allow", "GET"))
        cities = [city for value in parse_qs(target.query).get("cities", []) for city in value.split(",") if city]
        if not cities:
            return _answer(400, {"error": "name some cities: /weather?cities=Oslo,Rome"})
        return _answer(200, {city: _forecast(city) for city in cities})


def _forecast(city: str) -> object:
    """What the service says about a city, or why there is nothing; one city never spoils the others."""
    uri = f"/forecast/{quote(city, safe='')}"
    try:
        response = http_client.request(Request(Method.GET, uri, [("accept", "application/json")], [], None))
    except Err as failed:
        return {"error": f"{type(failed.value).__name__.partition('_')[2]}: {failed.value.value}"}
    if response.status != 200:
        return {"error": f"the service answered {response.status}"}
    try:
        return json.loads(response.body or b"null")
    except ValueError:
        return {"error": "the service did not answer with JSON"}


def _answer(status: int, content: object, *headers: tuple[str, str]) -> Response:
    body = json.dumps(content, ensure_ascii=False).encode()
    return Response(status, [("content-type", "application/json"), *headers], body)
