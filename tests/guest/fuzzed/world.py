"""A random world: types of every kind, and for each of them functions that carry it in every direction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

PRIMITIVES = ["bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string"]
INTERFACES = {"shared": "import", "local": "export", "both": "import and export"}
FUNCTIONS = """  give{n}: func(e: string) -> {wit};
  throw{n}: func(e: string) -> result<_, {wit}>;
  show{n}: func(v: {wit}) -> string;
  echo{n}: func(v: {wit}) -> tuple<{wit}>;
"""


@dataclass(frozen=True)
class Type:
    """A WIT type: how it is written, its kind, the types that it is made of (None: a case without a payload)."""

    wit: str
    kind: str
    parts: tuple[Type | None, ...] = ()

    @property
    def cls(self) -> str:
        """The name of the Python class of a named type."""
        return self.wit.capitalize()


@dataclass(frozen=True)
class Interface:
    """An interface: the type behind each number of its functions, and its text."""

    name: str
    carried: dict[int, Type]
    text: str


class Maker:
    """Makes the interfaces of one world."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.named: list[Type] = []
        self.shared: list[Type] = []
        self.text = self.prefix = ""

    def world(self, size: int) -> dict[str, Interface]:
        """`size` types for each interface; those of `shared` are used by the others."""
        return {name: self.interface(name, size) for name in INTERFACES}

    def interface(self, name: str, size: int) -> Interface:
        inherited = self.named if name != "shared" else []
        self.named, self.text, self.prefix = list(inherited), "", name[0]
        new = [self.define(f"{'rvef'[i % 4]}{name[0]}{i}") for i in range(size // 2)]
        types = new + [Type(p, p) for p in PRIMITIVES] + [self.type(3) for _ in range(size // 2)]
        carried = dict(enumerate(types))
        functions = "".join(FUNCTIONS.format(n=n, wit=type.wit) for n, type in carried.items())
        used = f"  use shared.{{{', '.join(type.wit for type in inherited)}}};\n" if inherited else ""
        if name == "shared":
            self.shared = list(self.named)
        else:
            self.named = self.shared
        return Interface(name, carried, f"interface {name} {{\n{used}{self.text}{functions}}}\n")

    def define(self, name: str) -> Type:
        """A new named type of the kind that its name begins with."""
        make: Callable[[str], tuple[Type, str]] = getattr(self, "_" + name[0])
        made, body = make(name)
        self.text += f"  {body}\n"
        self.named.append(made)
        return made

    def _r(self, name: str) -> tuple[Type, str]:
        parts = [self.type(2) for _ in range(self.random.randint(1, 4))]
        fields = ", ".join(f"f{i}: {part.wit}" for i, part in enumerate(parts))
        return Type(name, "record", tuple(parts)), f"record {name} {{ {fields} }}"

    def _v(self, name: str) -> tuple[Type, str]:
        parts = [self.type(2) if self.random.random() < 0.7 else None for _ in range(self.random.randint(1, 5))]
        cases = ", ".join(f"c{i}({part.wit})" if part else f"c{i}" for i, part in enumerate(parts))
        return Type(name, "variant", tuple(parts)), f"variant {name} {{ {cases} }}"

    def _e(self, name: str) -> tuple[Type, str]:
        count = self.random.choice([1, 2, 3, 7, 256, 257])
        return Type(name, "enum", (None,) * count), f"enum {name} {{ {', '.join(f'e{i}' for i in range(count))} }}"

    def _f(self, name: str) -> tuple[Type, str]:
        count = self.random.choice([1, 2, 7, 8, 9, 16, 17, 31, 32])
        return Type(name, "flags", (None,) * count), f"flags {name} {{ {', '.join(f'b{i}' for i in range(count))} }}"

    def type(self, depth: int) -> Type:
        """A type of at most `depth` layers, of named types and primitives."""
        kinds = ["list", "bytes", "tuple", "option", "option", "result", "named", "named", "primitive", "alias"]
        kind = self.random.choice(kinds) if depth else "primitive"
        if kind == "alias":
            return self.alias(self.type(depth - 1))
        if kind == "named" and self.named:
            return self.random.choice(self.named)
        if kind in ("named", "primitive"):
            name = self.random.choice(PRIMITIVES)
            return Type(name, name)
        if kind == "bytes":
            return self.random.choice([Type("list<u8>", "bytes"), Type("list<s8>", "bytes")])
        if kind == "result":
            return self.result(depth)
        count = self.random.randint(1, 4) if kind == "tuple" else 1
        parts = tuple(self.type(depth - 1) for _ in range(count))
        wit = f"{kind}<{', '.join(part.wit for part in parts)}>"
        if kind == "list" and parts[0].wit in ("u8", "s8"):
            kind = "bytes"
        return Type(wit, kind, parts if kind != "bytes" else ())

    def alias(self, type: Type) -> Type:
        """Another name for a type; one that has a class keeps its own."""
        if type.kind in ("record", "variant", "enum", "flags"):
            return type
        made = replace(type, wit=f"a{self.prefix}{len(self.named)}")
        self.text += f"  type {made.wit} = {type.wit};\n"
        self.named.append(made)
        return made

    def result(self, depth: int) -> Type:
        ok, err = (self.type(depth - 1) if self.random.random() < 0.7 else None for _ in "ab")
        sides = f"<{ok.wit if ok else '_'}{f', {err.wit}' if err else ''}>" if ok or err else ""
        return Type(f"result{sides}", "result", (ok, err))


def text(interfaces: dict[str, Interface]) -> str:
    """The package with its world `fuzz`."""
    ways = [f"  {way} {name};\n" for name, both in INTERFACES.items() for way in both.split(" and ")]
    world = f"world fuzz {{\n{''.join(ways)}  export run: func(e: string) -> string;\n}}\n"
    return "package test:fuzz;\n" + "".join(one.text for one in interfaces.values()) + world
