"""Binaries made by wasm-tools: encoded packages, components and core modules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.ir.conftest import reference

# Something of everything that a binary can say.
RICH = """/// What is bought and sold.
package test:rich@1.2.0;

/// Types.
@since(version = 1.1.0)
interface types {
  /// A basket.
  resource basket {
    constructor(size: u32);
    /// Adds.
    @since(version = 1.2.0)
    add: func(item: item) -> result<_, problem>;
    merge: static func(a: borrow<basket>, b: basket) -> basket;
    @unstable(feature = slow)
    wait: async func() -> stream<u8>;
  }
  record item {
    /// Its name.
    name: string,
    tags: list<string>,
    more: option<tuple<u8, f64, char>>,
  }
  variant problem { none, named(string), many(list<list<string>>) }
  enum colour { red, green }
  flags rights { /// May read.
    read, write }
  type prices = map<string, u64>;
  type sums = list<u32, 4>;
  type alias = item;
}

interface shop {
  use types.{basket, item as thing, rights};
  open: func(all: rights) -> future<basket>;
  buy: func(what: borrow<basket>, why: error-context) -> list<thing>;
}

world market {
  use types.{item};
  import shop;
  import log: interface { use types.{colour}; write: func(text: string, in: colour); }
  import now: func() -> u64;
  resource token { spend: func(); }
  /// The second shop.
  export second: shop;
  export types;
  export pay: func(for: item, using: borrow<token>) -> result;
}
"""


def text(folder: Path, wit: str, name: str = "p.wit") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(wit, encoding="utf-8")
    return folder / name


def encoded(path: Path, to: Path, *flags: str) -> Path:
    """The package at `path`, encoded by wasm-tools."""
    to.parent.mkdir(parents=True, exist_ok=True)
    _made("wit", path, "--wasm", "-o", to, *flags)
    return to


def module(path: Path, world: str, to: Path, *flags: str) -> Path:
    """A core module made for a world, whose functions trap."""
    _made("embed", "--dummy", "-w", world, path, "-o", to, *flags)
    return to


def component(path: Path, world: str, to: Path, *flags: str) -> Path:
    """A component of a world, whose functions trap."""
    _made("new", module(path, world, to.with_suffix(".core.wasm"), *flags), "-o", to)
    return to


def wat(source: str, to: Path) -> Path:
    """What a text of WebAssembly says, as a binary. It need not be valid."""
    to.with_suffix(".wat").write_text(source, encoding="utf-8")
    done = reference("parse", to.with_suffix(".wat"), "-o", to)
    assert done.returncode == 0, done.stderr
    return to


def answer(binary: Path) -> Any:
    """What wasm-tools understands of a binary."""
    done = reference("component", "wit", binary, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _made(*arguments: str | Path) -> None:
    done = reference("component", *arguments)
    assert done.returncode == 0, done.stderr
