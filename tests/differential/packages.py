"""Random packages: files by path, made from a seed, mostly right and as odd as the language allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

WORDS = ["a", "b", "c", "d", "e", "x-y", "list-of", "%type", "ABC", "a-B2", "%interface", "n1", "q", "%record", "zz-9"]
COMMENTS = [
    *["// note\n", "/// docs\n", "///  deep\n/// shallow\n", "////four\n", "//\n", "/* plain */", "/** starred */"],
    *["/**\n * one\n *   two\n */\n", "/* a /* b */ c */", "/* first\n     second\n   */", "/// \n", "///\ttab\n"],
]
PRIMITIVES = ["u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "bool", "string"]
KEYS = ["u8", "s64", "char", "bool", "string"]


@dataclass
class Interface:
    """What is known of an interface: how others name it, and its types (name, whether it is a resource)."""

    path: str
    types: dict[str, bool] = field(default_factory=dict)


@dataclass
class Package:
    """A package being made: its interfaces and worlds so far, in an order without cycles."""

    name: str
    version: str
    interfaces: dict[str, Interface] = field(default_factory=dict)
    worlds: dict[str, list[str]] = field(default_factory=dict)

    @property
    def at(self) -> str:
        return f"@{self.version}" if self.version else ""


class Maker:
    """Makes the files of one main package with its dependencies; `odd` is how much of it may be wrong."""

    def __init__(self, seed: int, odd: float = 0.0) -> None:
        self.random = Random(seed)
        self.odd = odd
        self.packages: list[Package] = []
        self.package = Package("none:none", "")
        self.scope: dict[str, bool] = {}

    def files(self) -> dict[str, str]:
        """The files of a folder by their paths, `deps/` included."""
        made: dict[str, str] = {}
        names = ["z:dep", "t:dep", "t:other", "z:dep"][: self.random.randrange(5)]
        for number, name in enumerate(names):
            version = f"0.{number + 1}.0" if names.count(name) > 1 else self.version()
            if self.chance(0.3):
                made[f"deps/d{number}.wit"] = "\n".join(self.make(name, version, 1))
            else:
                texts = self.make(name, version, self.random.randint(1, 2))
                made |= {f"deps/d{number}/{i}.wit": text for i, text in enumerate(texts)}
        nested = self.nested() if self.chance(0.25) else ""
        texts = self.make("t:main", self.version(), self.random.randint(1, 3))
        texts[-1] += nested
        return made | {f"{'mab'[i]}.wit": text for i, text in enumerate(texts)}

    # ---- packages ---------------------------------------------------------------------------------

    def make(self, name: str, version: str, files: int) -> list[str]:
        """The texts of one package; their items are dealt out and mixed."""
        items = self.start(name, version)
        texts = [""] * files
        for item in items:
            texts[self.random.randrange(files)] += item
        documented = self.random.randrange(files)
        for i in range(files):
            header = f"package {name}{self.package.at};\n" if i == 0 or self.chance(0.5) else ""
            texts[i] = (self.docs() if header and i == documented else "") + header + self.top_uses(i) + texts[i]
        return texts

    def nested(self) -> str:
        """Packages inside the file of another one."""
        text = ""
        for name in ["n:one", "n:two"][: self.random.randint(1, 2)]:
            items = self.start(name, self.version())
            text += f"{self.docs()}package {name}{self.package.at} {{\n{''.join(items)}}}\n"
        return text

    def start(self, name: str, version: str) -> list[str]:
        self.package = Package(name, version)
        items = []
        for _ in range(self.random.randint(1, 4)):
            items.append(self.world() if self.chance(0.35) else self.interface())
        self.packages.append(self.package)
        self.random.shuffle(items)
        return items

    def top_uses(self, number: int) -> str:
        if not self.chance(0.2):
            return ""
        before = [i.path for p in self.packages if p is not self.package for i in p.interfaces.values()]
        if not before:
            return ""
        return f"use {self.random.choice(before)} as top{number};\n"

    def interface(self) -> str:
        name = self.fresh({*self.package.interfaces, *self.package.worlds})
        gate = self.gate()
        body, known = self.interface_body()
        if "unstable" not in gate:
            path = f"{self.package.name}/{name}{self.package.at}"
            self.package.interfaces[name] = Interface(path, known)
        else:
            self.package.worlds[name] = []
        return f"{self.docs()}{gate}interface {name} {{\n{body}}}\n"

    def interface_body(self) -> tuple[str, dict[str, bool]]:
        self.scope = {}
        taken: set[str] = set()
        uses = "".join(self.use(taken) for _ in range(self.random.randrange(3)) if self.chance(0.6))
        items = [self.definition(taken) for _ in range(self.random.randrange(5))]
        items += [self.function(self.fresh(taken)) for _ in range(self.random.randrange(4))]
        self.random.shuffle(items)
        return uses + "".join(items), dict(self.scope)

    # ---- worlds -----------------------------------------------------------------------------------

    def world(self) -> str:
        name = self.fresh({*self.package.interfaces, *self.package.worlds})
        self.scope = {}
        taken: set[str] = set()
        uses = "".join(self.use(taken) for _ in range(self.random.randrange(2)))
        items = [self.definition(taken) for _ in range(self.random.randrange(3))]
        paths: set[str] = set()
        labels: list[str] = []
        for _ in range(self.random.randrange(6)):
            items.append(self.extern(taken, paths, labels))
        if self.package.worlds and self.chance(0.4):
            items.append(self.include())
        self.random.shuffle(items)
        gate = self.gate() if self.chance(0.3) else ""
        text = f"{self.docs()}{gate}world {name} {{\n{uses}{''.join(items)}}}\n"
        self.package.worlds[name] = labels if "unstable" not in gate else []
        return text

    def include(self) -> str:
        package = self.random.choice([p for p in [*self.packages, self.package] if p.worlds])
        name = self.random.choice(list(package.worlds))
        path = name if package is self.package else f"{package.name}/{name}{package.at}"
        renames = [f"{label} as {label.lstrip('%')}-renamed" for label in package.worlds[name] if self.chance(0.5)]
        return f"{self.docs()}include {path}" + (f" with {{ {', '.join(renames)} }}\n" if renames else ";\n")

    def extern(self, taken: set[str], paths: set[str], labels: list[str]) -> str:
        direction = self.random.choice(["import", "export"])
        head = f"{self.docs()}{self.gate()}{direction} "
        kind = self.random.randrange(5)
        known = [i for p in [*self.packages, self.package] for i in p.interfaces.values()]
        if kind < 2 and known:
            path = self.random.choice(known).path
            path = path.rpartition("/")[2].partition("@")[0] if path.startswith(self.package.name + "/") else path
            if kind == 0:
                if direction + path not in paths or self.chance(self.odd):
                    paths.add(direction + path)
                    return f"{head}{path};\n"
                return ""
            name = self.fresh(taken)
            labels.append(name)
            return f"{head}{name}: {path};\n"
        name = self.fresh(taken)
        if kind == 3:
            outer, self.scope = self.scope, {}
            body, _ = self.interface_body()
            self.scope = outer
            labels.append(name)
            return f"{head}{name}: interface {{\n{body}}}\n"
        labels.append(name)
        return f"{head}{name}: {self.signature()};\n"

    # ---- definitions ------------------------------------------------------------------------------

    def use(self, taken: set[str]) -> str:
        sources = [(p, i) for p in [*self.packages, self.package] for i in p.interfaces.values() if i.types]
        if not sources:
            return ""
        package, interface = self.random.choice(sources)
        path = interface.path
        if package is self.package:
            path = path.rpartition("/")[2].partition("@")[0]
        names = []
        for name in self.random.sample(sorted(interface.types), self.random.randint(1, min(3, len(interface.types)))):
            local = name if name not in taken and self.chance(0.6) else self.fresh(taken)
            taken.add(local)
            self.scope[local] = interface.types[name]
            names.append(name if local == name else f"{name} as {local}")
        return f"{self.docs()}use {path}.{{{', '.join(names)}}};\n"

    def definition(self, taken: set[str]) -> str:
        name = self.fresh(taken)
        gate = self.gate()
        kind = self.random.randrange(6)
        is_resource = kind == 5
        text = ""
        match kind:
            case 0:
                target = self.random.choice(sorted(self.scope)) if self.scope and self.chance(0.4) else self.type(0)
                is_resource = self.scope.get(target, False)
                text = f"type {name} = {target};"
            case 1:
                text = f"record {name} {{ {self.members(lambda m: f'{m}: {self.type(0)}')} }}"
            case 2:
                text = (
                    f"variant {name} {{ {self.members(lambda m: f'{m}({self.type(0)})' if self.chance(0.6) else m)} }}"
                )
            case 3:
                text = f"enum {name} {{ {self.members(lambda m: m)} }}"
            case 4:
                text = f"flags {name} {{ {self.members(lambda m: m)} }}"
            case _:
                self.scope[name] = True
                text = self.resource(name)
        if "unstable" not in gate:
            self.scope[name] = is_resource
        else:
            self.scope.pop(name, None)
        return f"{self.docs()}{gate}{text}\n"

    def members(self, one: object) -> str:
        assert callable(one)
        taken: set[str] = set()
        made = [self.docs(0.3) + one(self.fresh(taken)) for _ in range(self.random.randint(1, 4))]
        return ", ".join(made) + ("," if self.chance(0.5) else "")

    def resource(self, name: str) -> str:
        if self.chance(0.2):
            return f"resource {name};"
        taken: set[str] = {name}
        items = []
        if self.chance(0.5):
            result = self.random.choice(["", "", f" -> result<{name}>", f" -> result<{name}, {self.type(1)}>"])
            items.append(f"{self.docs()}{self.gate(0.1)}constructor({self.parameters()}){result};\n")
        for _ in range(self.random.randrange(4)):
            static = self.random.choice(["", "static "])
            items.append(f"{self.docs()}{self.gate(0.2)}{self.fresh(taken)}: {static}{self.signature()};\n")
        self.random.shuffle(items)
        return f"resource {name} {{\n{''.join(items)}}}"

    def function(self, name: str) -> str:
        return f"{self.docs()}{self.gate()}{name}: {self.signature()};\n"

    def signature(self) -> str:
        result = f" -> {self.type(0, result=True)}" if self.chance(0.6) else ""
        return f"{'async ' if self.chance(0.2) else ''}func({self.parameters()}){result}"

    def parameters(self) -> str:
        taken: set[str] = set()
        return ", ".join(f"{self.fresh(taken)}: {self.type(0, lend=True)}" for _ in range(self.random.randrange(4)))

    def type(self, depth: int, *, lend: bool = False, result: bool = False) -> str:
        if self.scope and self.chance(0.35):
            name = self.random.choice(sorted(self.scope))
            if self.scope[name] and self.chance(0.5):
                return f"borrow<{name}>" if lend and self.chance(0.6) else f"own<{name}>"
            return name
        if depth > 2 or self.chance(0.4):
            return self.random.choice(PRIMITIVES) if self.chance(0.95) else "error-context"

        def inner() -> str:
            return self.type(depth + 1, lend=lend, result=result)

        match self.random.randrange(9):
            case 0:
                return f"list<{inner()}>"
            case 1:
                return f"list<{inner()}, {self.random.choice([1, 4, 1000])}>"
            case 2:
                return f"option<{inner()}>"
            case 3:
                forms = ["result", f"result<{inner()}>", f"result<_, {inner()}>", f"result<{inner()}, {inner()}>"]
                return self.random.choice(forms)
            case 4:
                return f"tuple<{', '.join(inner() for _ in range(self.random.randint(1, 3)))}>"
            case 5:
                return f"map<{self.random.choice(KEYS)}, {inner()}>"
            case 6:
                return self.random.choice(["future", f"future<{self.type(depth + 1)}>"])
            case 7:
                return self.random.choice(["stream", f"stream<{self.type(depth + 1)}>"])
            case _:
                return inner()

    # ---- small things -----------------------------------------------------------------------------

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def version(self) -> str:
        return self.random.choice(["", "", "0.1.0", "1.2.0", "1.0.0-rc.1", "2.0.0+meta"])

    def fresh(self, taken: set[str]) -> str:
        """A name that nothing has; two that differ only by case or by `%` are the same."""
        known = {name.lower().lstrip("%") for name in taken}
        free = [w for w in WORDS if w.lower().lstrip("%") not in known]
        name = self.random.choice(free) if free else f"more-{len(taken)}"
        if self.chance(self.odd * 0.05):
            name = self.random.choice(WORDS)
        taken.add(name)
        return name

    def gate(self, chance: float = 0.15) -> str:
        if not self.chance(chance):
            return ""
        if self.package.version and "-" not in self.package.version and self.chance(0.5):
            old = self.random.choice(["0.1.0", "0.0.1", self.package.version.partition("+")[0]])
            text = f"@since(version = {old}) " + ("@deprecated(version = 0.1.0) " if self.chance(0.2) else "")
            return text if self.chance(1 - self.odd * 0.1) else "@since(version = 9.0.0) "
        if self.chance(0.3):
            return '@external-id("some id") '
        if self.chance(0.3):
            return f"@unstable(feature = {self.random.choice(['off', 'on'])}) "
        return ""

    def docs(self, chance: float = 0.25) -> str:
        if not self.chance(chance):
            return ""
        return "".join(self.random.choice(COMMENTS) for _ in range(self.random.randint(1, 3)))
