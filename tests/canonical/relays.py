"""Components that hand every call on: what goes in by an export reaches the host's import of the same type.

The core module is made from the functions' core types: it passes arguments on as they are, and results lie where the
import has written them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.canonical import plain
from tests.runtime.guests import REALLOC
from tests.tools import wasm_tools
from witkit import abi

_AREA = 64
"""Where results are written; the allocator's memory begins at 4096."""


class Text:
    """WIT for types, with a declaration for each of those that need a name."""

    def __init__(self) -> None:
        self.declarations: list[str] = []
        self.names: list[str] = []

    def of(self, type: abi.Type | None) -> str:
        match type:
            case None:
                return "_"
            case abi.Primitive(name):
                return name
            case abi.List(element, length):
                return f"list<{self.of(element)}>" if length is None else f"list<{self.of(element)}, {length}>"
            case abi.Option(element):
                return f"option<{self.of(element)}>"
            case abi.Map(key, value):
                return f"map<{self.of(key)}, {self.of(value)}>"
            case abi.Tuple(elements):
                return f"tuple<{', '.join(map(self.of, elements))}>"
            case abi.Result(None, None):
                return "result"
            case abi.Result(ok, None):
                return f"result<{self.of(ok)}>"
            case abi.Result(ok, err):
                return f"result<{self.of(ok)}, {self.of(err)}>"
            case abi.Own():
                return "thing"
            case abi.Borrow():
                return "borrow<thing>"
        return self._declared(type)

    def _declared(self, type: abi.Type) -> str:
        match type:
            case abi.Record(_, _, fields):
                kind, members = "record", [f"f{i}: {self.of(f.type)}" for i, f in enumerate(fields)]
            case abi.Variant(_, cases):
                kind = "variant"
                members = [f"c{i}" + (f"({self.of(c.payload)})" if c.payload else "") for i, c in enumerate(cases)]
            case abi.Enum():
                kind, members = "enum", [f"c{i}" for i in range(len(type.cases))]
            case abi.Flags():
                kind, members = "flags", [f"f{i}" for i in range(len(type.flags))]
            case _:
                raise AssertionError(type)
        name = f"t{len(self.names)}"
        self.names.append(name)
        self.declarations.append(f"{kind} {name} {{ {', '.join(members)} }}")
        return name


def relay(funcs: Sequence[abi.Func], folder: Path, encoding: str) -> bytes:
    """The component whose exports `g0`, `g1`, … call the imports `f0`, `f1`, … of `t:r/h`."""
    text, signatures = Text(), list[str]()
    for func in funcs:
        params = ", ".join(f"{p.name}: {text.of(p.type)}" for p in func.params)
        signatures.append(f"({params})" + ("" if func.result is None else f" -> {text.of(func.result)}"))
    imports = "\n".join(f"f{i}: func{signature};" for i, signature in enumerate(signatures))
    exports = "\n".join(f"export g{i}: func{signature};" for i, signature in enumerate(signatures))
    types = "\n".join(text.declarations)
    used = f"use h.{{{', '.join(['thing', *text.names])}}};"
    (folder / "r.wit").write_text(
        f"package t:r;\ninterface h {{ resource thing;\n{types}\n{imports}\n}}\n"
        f"world w {{ import h; {used}\n{exports}\n}}"
    )
    numbered = list(enumerate(funcs))
    lines = ["(module", *(_import(*each) for each in numbered), REALLOC, *(_export(*each) for each in numbered), ")"]
    (folder / "r.wat").write_text("\n".join(lines))
    wasm_tools.component("embed", "r.wit", "r.wat", "-w", "w", "--encoding", encoding, "-o", "core.wasm", cwd=folder)
    wasm_tools.component("new", "core.wasm", "-o", "r.wasm", cwd=folder)
    return (folder / "r.wasm").read_bytes()


def _core(func: abi.Func) -> tuple[list[str], list[str]]:
    params = plain.flatten_all([p.type for p in func.params])
    results = [] if func.result is None else plain.flatten(func.result)
    return params if len(params) <= 16 else ["i32"], results


def _import(i: int, func: abi.Func) -> str:
    params, results = _core(func)
    given = f"(result {results[0]})" if len(results) == 1 else ""
    params = [*params, "i32"] if len(results) > 1 else params
    return f'(import "t:r/h" "f{i}" (func $f{i} (param {" ".join(params)}) {given}))'


def _export(i: int, func: abi.Func) -> str:
    params, results = _core(func)
    given = f"(result {results[0] if len(results) == 1 else 'i32'})" if results else ""
    passed = " ".join(f"(local.get {n})" for n in range(len(params)))
    call = f"(call $f{i} {passed})"
    if len(results) > 1:
        call = f"(call $f{i} {passed} (i32.const {_AREA})) (i32.const {_AREA})"
    post = ""
    if results:
        at = results[0] if len(results) == 1 else "i32"
        post = f'(func (export "cabi_post_g{i}") (param {at}) (global.set $top (global.get $base)))'
    return f'(func (export "g{i}") (param {" ".join(params)}) {given} {call}) {post}'
