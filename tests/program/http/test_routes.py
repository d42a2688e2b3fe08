"""Tables of routes: what they match, and what cannot be one."""

from __future__ import annotations

from typing import Any

import pytest

from witkit.program.triggers.http.spiderlightning.routes import BadRoute, Routes


def table(*patterns: str, base: str = "") -> Routes:
    routes = Routes.below(base) if base else Routes()
    for pattern in patterns:
        method, _, path = pattern.partition(" ")
        routes = routes.added(method, path, f"{method} {path}")
    return routes


def found(routes: Routes, path: str, method: str = "GET") -> Any:
    """The pattern of the route and the parameters, or None."""
    matching, params = routes.find(path)
    return (matching[method].handler, params.get(method, [])) if method in matching else None


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/orders/7", [("id", "7")]),
        ("/orders/7/", [("id", "7")]),
        ("/orders/a%2Fb", [("id", "a/b")]),
        ("/orders/caf%C3%A9", [("id", "café")]),
        ("/orders/:id", [("id", ":id")]),
    ],
)
def test_a_part_with_a_colon_takes_any_value(path: str, params: list[tuple[str, str]]) -> None:
    assert found(table("GET /orders/:id"), path) == ("GET /orders/:id", params)


@pytest.mark.parametrize("path", ["/orders", "/orders/", "/orders//", "/orders/7/items", "/Orders/7", "/", "//a"])
def test_other_paths_do_not_match(path: str) -> None:
    assert found(table("GET /orders/:id"), path) is None


@pytest.mark.parametrize("others", [[], ["GET /orders/:id"]], ids=["alone", "beside a parameter"])
@pytest.mark.parametrize(
    ("route", "same", "other"),
    [
        ("/admin/users", ["/admin/users", "/%61dmin/users/"], ["/admin%2Fusers", "/admin%2fusers", "/admin/users//"]),
        ("/a%2Fb", ["/a%2Fb", "/a%2fb"], ["/a/b", "/a%252Fb"]),
        ("/50%25", ["/50%25"], ["/50%2525"]),
        ("/caf\xe9", ["/caf%C3%A9", "/caf%c3%a9"], ["/cafe"]),
        ("/", ["/", ""], ["//", "/%2F", "/."]),
    ],
)
def test_a_slash_that_is_encoded_separates_nothing(
    route: str, same: list[str], other: list[str], others: list[str]
) -> None:
    routes = table(f"GET {route}", *others)
    assert [found(routes, path) for path in same] == [(f"GET {route}", [])] * len(same)
    assert [found(routes, path) for path in other] == [None] * len(other)


def test_a_star_takes_what_is_left() -> None:
    routes = table("GET /files/:user/*")
    assert found(routes, "/files/ada/a/b.txt") == ("GET /files/:user/*", [("user", "ada"), ("*", "a/b.txt")])
    assert found(routes, "/files/ada") is None


def test_a_route_without_parameters_comes_first_and_then_the_first_one() -> None:
    routes = table("GET /orders/:id", "GET /orders/*", "GET /orders/new")
    assert found(routes, "/orders/new") == ("GET /orders/new", [])
    assert found(routes, "/orders/7") == ("GET /orders/:id", [("id", "7")])


def test_each_method_has_routes_of_its_own() -> None:
    routes = table("GET /orders/:id", "PUT /orders/:number", "PUT /orders/new")
    assert found(routes, "/orders/new", "PUT") == ("PUT /orders/new", [])
    assert found(routes, "/orders/new", "GET") == ("GET /orders/:id", [("id", "new")])
    assert found(routes, "/orders/new", "DELETE") is None


@pytest.mark.parametrize("base", ["/shop", "/shop/", "https://example.com/shop"])
def test_all_routes_are_below_the_base(base: str) -> None:
    routes = table("GET /orders/:id", "GET /", base=base)
    assert found(routes, "/shop/orders/7") == ("GET /orders/:id", [("id", "7")])
    assert found(routes, "/shop") == ("GET /", [])
    assert found(routes, "/orders/7") is None


def test_a_table_does_not_change() -> None:
    before = table("GET /a")
    after = before.added("GET", "/b", "b")
    assert (found(before, "/b"), found(after, "/b")) == (None, ("b", []))


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("orders", "does not begin with `/`"),
        ("", "does not begin with `/`"),
        ("/a//b", "a part that no path matches"),
        ("/a/../b", "a part that no path matches"),
        ("/a/:", "a part that no path matches"),
        ("/*/a", "not its last part"),
        ("/:a/:a", "two parameters of one name"),
        ("/orders/:number", "already"),
    ],
)
def test_what_no_request_could_reach_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(BadRoute, match=reason):
        table("GET /orders/:id", f"GET {pattern}")


@pytest.mark.parametrize("base", ["shop", "/shop?a=b", "/shop#a", "http://[", "/a//b"])
def test_what_cannot_be_a_base_is_refused(base: str) -> None:
    with pytest.raises(BadRoute):
        Routes.below(base)


def test_a_path_that_is_not_text_is_an_error_of_the_client() -> None:
    with pytest.raises(UnicodeDecodeError):
        table("GET /orders/:id").find("/orders/%FF")
