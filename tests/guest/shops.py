"""A guest whose classes tests break, and what is found in it before a build."""

from __future__ import annotations

from pathlib import Path

from witkit.componentize import load_config, preflight
from witkit.componentize.target import build_target
from witkit.text import Diagnostic, WitkitError

WIT = """package test:shop;
interface shop {
  resource item { constructor(n: string); price: func() -> u32; find: static func() -> item; }
  list-all: func() -> list<string>;
  open: func();
}
world w { export shop; export go: func(what: string) -> string; }
"""
APP = """
import wit_world
from wit_world import exports

class Shop(exports.Shop):
    def list_all(self): return []
    def open(self): pass

class WitWorld(wit_world.WitWorld):
    def go(self, what): return what
"""
RESOURCES = """
class Item:
    def __init__(self, n): pass
    def price(self): return 1
    @staticmethod
    def find(): return Item("")
"""


def shop_project(folder: Path) -> Path:
    """Write the guest into a folder."""
    files = {"wit/shop.wit": WIT, "app.py": APP, "shop.py": RESOURCES}
    for name, text in files.items():
        write(folder / name, text)
    return folder


def write(file: Path, text: str) -> None:
    """Write a file, and make its folder if need be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def problems(folder: Path, **settings: object) -> list[Diagnostic]:
    """What is found before a build."""
    config = load_config(folder, **settings)
    try:
        preflight.check(build_target(config))
    except WitkitError as refused:
        return list(refused.diagnostics)
    return []


def findings(folder: Path, **settings: object) -> list[tuple[str, str]]:
    """What is found before a build: code and message."""
    return [(problem.code, problem.message) for problem in problems(folder, **settings)]
