"""WIT that uses each name of the generated code itself for everything that can have a name.

`names_used` reads which names generated modules mention that do not come from WIT: what they import, builtins, local
variables, members of base classes. `packages` gives worlds in which interfaces, types, functions, parameters, fields,
cases, flags, resources and methods have these names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from keyword import kwlist, softkwlist

from witkit import runtime
from witkit.bindgen.common.naming import snake

TAG = "zz"
"""Every name of `RICH` has it, so that what a generated module mentions besides is not from WIT."""

RICH = """
package zz:zz@0.1.0;
interface zz-a {
  record zz-r { zz-f: list<tuple<u8, string, bool, f32, char>>, zz-g: option<option<u8>>, zz-b: list<u8> }
  variant zz-v { zz-one(result<u8, string>), zz-two }
  enum zz-e { zz-x, zz-y }
  flags zz-fl { zz-x, zz-y }
  type zz-t = list<zz-r>;
  resource zz-res {
    constructor(zz-p: zz-v);
    zz-m: func(zz-p: zz-e) -> result<zz-t, zz-fl>;
    zz-s: static func(zz-p: borrow<zz-res>) -> zz-res;
    @since(version = 0.1.0)
    @deprecated(version = 0.1.0)
    zz-old: func() -> string;
  }
  zz-fn: func(zz-p: zz-r, zz-q: map<string, u8>) -> result<option<option<zz-v>>, string>;
}
interface zz-c { use zz-a.{zz-r, zz-res}; zz-f: func(zz-p: zz-r, zz-q: zz-res) -> zz-r; }
world zz-w {
  import zz-a; export zz-a; import zz-c; export zz-c;
  import zz-k: interface { zz-f: func() -> bool; }
  record zz-own { zz-f: u8 }
  import zz-run: func(zz-p: zz-own) -> zz-own;
  export zz-go: func(zz-p: list<zz-own>) -> result<string, zz-own>;
}
"""

ASYNC = """
package zz:zz;
interface zz-a { zz-f: async func(zz-p: stream<u8>, zz-q: stream<string>) -> future<string>; }
world zz-w { import zz-a; export zz-a; }
"""

_INHERITED = (runtime.Instance, runtime.Component, runtime.ExportedInterface, runtime.GuestResource)
_MORE = """
self cls args kwargs result value name mro init new handle finalizer annotations typing enum types abc dataclasses
functools collections os weakref asyncio imports exports poll-loop componentize-py-types witkit abi native runtime
interface world test test-case test-it setup-module union any base-exception exception not-implemented-error
typed-dict generic callable iterable replace fields field borrows
"""
_TYPES = "list<tuple<u8, string, bool, f32>>"
_BODY = f"""
  record r {{ a: option<option<u8>> }} enum e {{ a }}
  resource thing {{ constructor(a: u8); }}
  note: func(r: r, e: e) -> result<{_TYPES}, string>;
"""


def names_used(texts: Iterable[str]) -> set[str]:
    """The names that modules with these texts mention, and those that their classes inherit."""
    found = {name for text in texts for name in _mentioned(ast.parse(text)) if TAG not in name.lower()}
    found |= {name for cls in _INHERITED for name in dir(cls)}
    return found | set(kwlist) | set(softkwlist) | set(_MORE.split())


def _mentioned(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.ClassDef(name=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.alias(name=name, asname=local):
                yield from (*name.split("."), *([local] if local else []))
            case ast.ImportFrom(module=str(module)):
                yield from module.split(".")


def wit_names(names: Iterable[str]) -> list[str]:
    """The WIT names whose Python spellings are among `names`, each once, however it is spelled."""
    spelled = sorted({_kebab(name) for name in names})
    found = [name for name in spelled if re.fullmatch(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*", name) and snake(name)]
    return list({name.replace("-", ""): name for name in found}.values())


def _kebab(name: str) -> str:
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name.strip("_"))
    return re.sub(r"[_-]+", "-", plain).lower()


def packages(names: list[str]) -> dict[str, str]:
    """Packages by what has the names, each with a world `w`. `%` makes a keyword of WIT a name."""
    parts = {"shared": _shared(names), "held": _held(names)}
    called = f"interface called {{\n{_called(names)}\n}}\nworld w {{ import called; export called; }}"
    members = "\n".join(f"interface {name} {{\n{body}\n}}" for name, body in parts.items())
    moved = " ".join(f"{verb} {name};" for verb in ("import", "export") for name in parts)
    return {
        "interfaces": f"package a:b;\n{_interfaces(names)}\n",
        "members": f"package a:b;\n{members}\nworld w {{ {moved} }}\n",
        "functions": f"package a:b;\n{called}\n",
        "world": f"package a:b;\nworld w {{\n{_of_world(names)}\n}}\n",
        "types": f"package a:b;\nworld w {{\n{_world_types(names)}\n}}\n",
        "labels": f"package a:b;\nworld w {{\n{_labels(names)}\n}}\n",
    }


def _interfaces(names: list[str]) -> str:
    """Interfaces called by the names, and one that uses types of them all."""
    each = "\n".join(f"interface %{name} {{{_BODY}}}" for name in names)
    uses = "\n".join(f"use %{name}.{{r as r-{name}, thing as t-{name}}};" for name in names)
    calls = "\n".join(f"g-{name}: func(x: r-{name}, t: t-{name}) -> r-{name};" for name in names)
    both = "".join(f"{verb} %{name}; " for verb in ("import", "export") for name in (*names, "zz-user"))
    return f"{each}\ninterface zz-user {{ {uses} {calls} }}\nworld w {{ {both} }}"


def _shared(names: list[str]) -> str:
    """Types called by the names, and records, variants, enums and flags whose parts are."""
    parts = [names[n : n + 32] for n in range(0, len(names), 32)]
    lines = [f"record %{name} {{ %{name}: u8, next: {_TYPES} }}" for name in names]
    lines += [f"use-{name}: func(a: %{name}, b: zz-record) -> result<%{name}, zz-variant>;" for name in names]
    lines += [f"flags zz-{n} {{ {_listed('%{}', part)} }}" for n, part in enumerate(parts)]
    lines.append(f"record zz-record {{ {_listed(f'%{{}}: {_TYPES}', names)} }}")
    lines.append(f"variant zz-variant {{ {_listed(f'%{{}}({_TYPES})', names)} }}")
    lines.append(f"enum zz-enum {{ {_listed('%{}', names)} }}\nzz-e: func(e: zz-enum);")
    return "\n".join(lines)


def _listed(form: str, names: Iterable[str]) -> str:
    return ", ".join(form.format(name) for name in names)


def _held(names: list[str]) -> str:
    """Resources called by the names, and one whose methods are, and one whose static functions are."""
    lines = []
    for name in names:
        method = f"do-{name}: func({_param(name)}: string, b: u8) -> {_TYPES};"
        lines.append(f"resource %{name} {{ constructor(%{name}: u8); {method} }}")
    methods = [f"%{name}: func({_param(name)}: string, b: u8) -> option<option<{_TYPES}>>;" for name in names]
    statics = [f"%{name}: static func(%{name}: u8, b: zz-static) -> zz-static;" for name in names]
    return "\n".join([*lines, "resource zz-many {", *methods, "}", "resource zz-static {", *statics, "}"])


def _param(name: str) -> str:
    """A parameter's name; a method has a `self` already."""
    return "me" if name == "self" else f"%{name}"


def _called(names: list[str]) -> str:
    """Functions called by the names, with parameters that are."""
    found = [f"%{name}: func(%{name}: string, b: u8) -> result<{_TYPES}, string>;" for name in names]
    return "\n".join([*found, f"zz-all: func({_listed('%{}: u8', names)}) -> u8;"])


def _of_world(names: list[str]) -> str:
    """Functions of the world itself, imported and exported."""
    lines = [f"record zz-r {{ a: {_TYPES} }}"]
    for verb in ("import", "export"):
        lines += [f"{verb} %{name}: func(%{name}: zz-r, b: u8) -> result<zz-r, string>;" for name in names]
    return "\n".join(lines)


def _world_types(names: list[str]) -> str:
    types = [f"record %{name} {{ %{name}: {_TYPES} }}" for name in names]
    return "\n".join([*types, *(f"import zz-{name}: func(a: %{name}) -> %{name};" for name in names)])


def _labels(names: list[str]) -> str:
    body = f"record r {{ a: u8 }} f: func(r: r) -> {_TYPES};"
    return "\n".join(f"{verb} %{name}: interface {{ {body} }}" for verb in ("import", "export") for name in names)
