"""Small SDKs of many layouts, and guests that use them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

LOG_WIT = """package acme:log@1.2.0;
/// Where lines go.
interface sink { resource line { constructor(text: string); send: func() -> result<u32, string>; } }
interface handler { handle: func(request: string) -> string; }
world service { import sink; export handler; }
world job { import sink; export run: func() -> u32; }
world imports { import sink; }
"""
LOG = {
    "acme_log/componentize-py.toml": 'wit_directory = "wit"\nbindings = "bindings"\n',
    "acme_log/wit/log.wit": LOG_WIT,
    "acme_log/__init__.py": """
from acme_log.bindings.imports import sink

def log(text):
    return sink.Line(text).send()
""",
    # What an SDK ships for editors does nothing.
    "acme_log/bindings/__init__.py": "",
    "acme_log/bindings/imports/__init__.py": "",
    "acme_log/bindings/imports/sink.py": "class Line:\n    def __init__(self, text): raise NotImplementedError\n",
    "acme_log/bindings/exports/__init__.py": "class Handler: pass\n",
}
"""An SDK with three worlds and bindings in a folder of their own."""

APP = """
from acme_log import log
from acme_log.bindings import exports

class Handler(exports.Handler):
    def handle(self, request):
        return f"{request} {log(request)}"
"""
"""A guest of its world `service`."""


def package(top: str, wit: str, *, settings: str = 'wit_directory = "wit"\nbindings = "bindings"\n') -> dict[str, str]:
    """The files of an SDK whose dotted name is `top`, without anything but WIT and settings."""
    folder = top.replace(".", "/")
    parents = [folder.rsplit("/", count)[0] for count in range(folder.count("/") + 1)]
    files = {f"{parent}/__init__.py": "" for parent in parents}
    return files | {f"{folder}/componentize-py.toml": settings, f"{folder}/wit/w.wit": wit}


def write(folder: Path, *parts: Mapping[str, str]) -> Path:
    """Write the files of several parts below a folder; the folder."""
    for part in parts:
        for name, text in part.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return folder
