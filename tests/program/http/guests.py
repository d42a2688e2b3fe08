"""A guest in WAT whose functions answer requests, each in its own way, and one that starts a server from inside."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.runtime.guests import REALLOC
from tests.tools import wasm_tools
from witkit._resources import data_folder

HTTP = "spiderlightning:http"

HANDLERS = ("hello", "echo", "param", "count", "trap", "spin", "fail", "split", "lie", "early", "ask")
"""What the guest's world exports, each with the signature of `handle-http`."""

_SIGNATURE = "func(req: request) -> result<response, http-error>"

_PARAMETERS = (
    "(param $method i32) (param $uri i32) (param $uri-size i32) (param $headers i32) (param $headers-size i32)"
    " (param $params i32) (param $params-size i32) (param $has-body i32) (param $body i32) (param $body-size i32)"
    " (result i32)"
)

# The result in memory: 0 for `ok`, at 4 the status, at 8 the headers and at 20 the body, both after a byte.
_ANSWER = """
  (global $calls (mut i32) (i32.const 0))
  (func $answer (param $status i32) (param $has-headers i32) (param $headers i32) (param $headers-size i32)
    (param $has-body i32) (param $body i32) (param $body-size i32) (result i32)
    (local $at i32)
    (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 32)))
    (i32.store (local.get $at) (i32.const 0))
    (i32.store (i32.add (local.get $at) (i32.const 4)) (local.get $status))
    (i32.store (i32.add (local.get $at) (i32.const 8)) (local.get $has-headers))
    (i32.store (i32.add (local.get $at) (i32.const 12)) (local.get $headers))
    (i32.store (i32.add (local.get $at) (i32.const 16)) (local.get $headers-size))
    (i32.store (i32.add (local.get $at) (i32.const 20)) (local.get $has-body))
    (i32.store (i32.add (local.get $at) (i32.const 24)) (local.get $body))
    (i32.store (i32.add (local.get $at) (i32.const 28)) (local.get $body-size))
    (local.get $at))
  (func $pair (param $name i32) (param $name-size i32) (param $value i32) (param $value-size i32) (result i32)
    (local $at i32)
    (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 16)))
    (i32.store (local.get $at) (local.get $name))
    (i32.store (i32.add (local.get $at) (i32.const 4)) (local.get $name-size))
    (i32.store (i32.add (local.get $at) (i32.const 8)) (local.get $value))
    (i32.store (i32.add (local.get $at) (i32.const 12)) (local.get $value-size))
    (local.get $at))
  (data (i32.const 1024) "hello")
  (data (i32.const 1040) "x-split")
  (data (i32.const 1060) "a\\0d\\0aset-cookie: b")
  (data (i32.const 1090) "content-length")
  (data (i32.const 1110) "7")
  (data (i32.const 1120) "the password is 1234")
"""

_BODIES = {
    # The headers of the request and a body of its own, as in slight's demo.
    "hello": "(call $answer (i32.const 200) (i32.const 1) (local.get $headers) (local.get $headers-size)"
    " (i32.const 1) (i32.const 1024) (i32.const 5))",
    # The request as it is: headers and body.
    "echo": "(call $answer (i32.const 200) (i32.const 1) (local.get $headers) (local.get $headers-size)"
    " (local.get $has-body) (local.get $body) (local.get $body-size))",
    # The value of the first parameter.
    "param": "(call $answer (i32.const 200) (i32.const 0) (i32.const 0) (i32.const 0)"
    " (i32.const 1) (i32.load offset=8 (local.get $params)) (i32.load offset=12 (local.get $params)))",
    # How often this instance was called, as one digit.
    "count": "(global.set $calls (i32.add (global.get $calls) (i32.const 1)))"
    " (i32.store8 (i32.const 1200) (i32.add (i32.const 48) (global.get $calls)))"
    " (call $answer (i32.const 200) (i32.const 0) (i32.const 0) (i32.const 0)"
    " (i32.const 1) (i32.const 1200) (i32.const 1))",
    "trap": "unreachable",
    "spin": "(loop $again (br $again)) unreachable",
    # `unexpected-error` with a text that clients must not see.
    "fail": "(local $at i32) (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 32)))"
    " (i32.store8 (local.get $at) (i32.const 1)) (i32.store8 offset=4 (local.get $at) (i32.const 4))"
    " (i32.store offset=8 (local.get $at) (i32.const 1120)) (i32.store offset=12 (local.get $at) (i32.const 20))"
    " (local.get $at)",
    # A header whose value would begin another one.
    "split": "(call $answer (i32.const 200) (i32.const 1)"
    " (call $pair (i32.const 1040) (i32.const 7) (i32.const 1060) (i32.const 16)) (i32.const 1)"
    " (i32.const 0) (i32.const 0) (i32.const 0))",
    # `content-length: 7` with a body of five bytes.
    "lie": "(call $answer (i32.const 200) (i32.const 1)"
    " (call $pair (i32.const 1090) (i32.const 14) (i32.const 1110) (i32.const 1)) (i32.const 1)"
    " (i32.const 1) (i32.const 1024) (i32.const 5))",
    # A status that is not one of a response.
    "early": "(call $answer (i32.const 100) (i32.const 0) (i32.const 0) (i32.const 0)"
    " (i32.const 0) (i32.const 0) (i32.const 0))",
    # The address of the request.
    "ask": "(call $answer (i32.const 200) (i32.const 0) (i32.const 0) (i32.const 0)"
    " (i32.const 1) (local.get $uri) (local.get $uri-size))",
}

ROUTES = (
    ("get", "/hello", "hello"),
    ("post", "/echo", "echo"),
    ("put", "/echo", "echo"),
    ("delete", "/echo", "echo"),
    ("get", "/count", "count"),
    ("get", "/trap", "trap"),
    ("get", "/spin", "spin"),
    ("get", "/fail", "fail"),
    ("get", "/split", "split"),
    ("get", "/lie", "lie"),
    ("get", "/early", "early"),
    ("get", "/orders/:id", "param"),
    ("get", "/files/*", "param"),
    ("get", "/ask", "ask"),
)


@cache
def routed(base: str = "", address: str = "127.0.0.1:0", routes: tuple[tuple[str, str, str], ...] = ROUTES) -> bytes:
    """The component that serves its routes in `on-server-init`. An error of the import stops it."""
    exports = "".join(f"export {name}: {_SIGNATURE};" for name in HANDLERS)
    wit = (
        f"world w {{ use {HTTP}/http-types@0.5.1.{{request, response, http-error}};"
        f" import {HTTP}/http-server@0.5.1; {exports} export {HTTP}/http-server-export@0.5.1; }}"
    )
    return _built(wit, f"{_functions(HANDLERS)} {_init(base, address, routes)}", _IMPORTS)


@cache
def handler(body: str = "ask") -> bytes:
    """The component that exports `http-handler` only."""
    wit = f"world w {{ export {HTTP}/http-handler@0.5.1; }}"
    name = f"{HTTP}/http-handler@0.5.1#handle-http"
    return _built(wit, f'(func (export "{name}") {_PARAMETERS} {_BODIES[body]})', "")


def _functions(names: tuple[str, ...]) -> str:
    return "\n".join(f'(func (export "{name}") {_PARAMETERS} {_BODIES[name]})' for name in names)


_IMPORTS = "\n".join(
    f'(import "{HTTP}/http-server@0.5.1" "{name}" (func ${short} {params}))'
    for name, short, params in (
        ("[static]router.new", "new", "(param i32)"),
        ("[static]router.new-with-base", "below", "(param i32 i32 i32)"),
        *(
            (f"[method]router.{each}", each, "(param i32 i32 i32 i32 i32 i32)")
            for each in ("get", "put", "post", "delete")
        ),
        ("[static]server.serve", "serve", "(param i32 i32 i32 i32)"),
    )
)


def _init(base: str, address: str, routes: tuple[tuple[str, str, str], ...]) -> str:
    """`on-server-init`: makes the router, adds the routes, and serves it. The router is the number at 2004."""
    texts: list[str] = []
    at = 3000

    def text(value: str) -> str:
        nonlocal at
        texts.append(f'(data (i32.const {at}) "{value}")')
        place = f"(i32.const {at}) (i32.const {len(value)})"
        at += len(value)
        return place

    check = "(if (i32.load8_u (i32.const 2000)) (then unreachable))"
    make = f"(call $below {text(base)} (i32.const 2000))" if base else "(call $new (i32.const 2000))"
    adding = "\n".join(
        f"(call ${method} (i32.load (i32.const 2004)) {text(route)} {text(name)} (i32.const 2000)) {check}"
        for method, route, name in routes
    )
    serve = f"(call $serve {text(address)} (i32.load (i32.const 2004)) (i32.const 2000)) {check}"
    name = f"{HTTP}/http-server-export@0.5.1#on-server-init"
    # The result is `ok`: the byte at 2100, which nobody has written.
    body = f"{make} {check} {adding} {serve} (i32.const 2100)"
    return f'{" ".join(texts)} (func (export "{name}") (result i32) {body})'


def _built(wit: str, functions: str, imports: str) -> bytes:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        package = root / "wit"
        shutil.copytree(data_folder("wit") / "http", package / "deps" / "http")
        (package / "world.wit").write_text(f"package test:http; {wit}")
        (root / "guest.wat").write_text(f"(module {imports} {REALLOC} {_ANSWER} {functions})")
        wasm_tools.component("embed", package, root / "guest.wat", "-w", "w", "-o", root / "core.wasm")
        wasm_tools.component("new", root / "core.wasm", "-o", root / "guest.wasm")
        return (root / "guest.wasm").read_bytes()
