"""Types as Python annotations and as `witkit.abi` expressions, inside one generated module."""

from __future__ import annotations

from witkit.bindgen.common.abi_text import sequence
from witkit.bindgen.common.views import Imports, PythonImport
from witkit.bindgen.host.homes import HomeModule
from witkit.bindgen.host.plan import PackagePlan
from witkit.ir import model as m

_BUILTIN = {
    "bool": "bool",
    "char": "str",
    "string": "str",
    "f32": "float",
    "f64": "float",
    "error-context": "object",
}

_ARRAYS = frozenset(map(m.Primitive, ("s8", "u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64")))


class Speller:
    """Spells the types of one view for the module `home`; `imports` is what the view needs for them."""

    def __init__(self, plan: PackagePlan, home: HomeModule) -> None:
        self.plan = plan
        self.home = home
        self._imports: set[PythonImport] = set()

    @property
    def imports(self) -> Imports:
        """What has been used so far."""
        return frozenset(self._imports)

    def fresh(self) -> Speller:
        """A speller for another view of the same module."""
        return Speller(self.plan, self.home)

    def use(self, module: str, name: str) -> str:
        """The local name of `from module import name`, or of `import name` if `module` is empty."""
        used = self.home.locals.of(module, name)
        self._imports.add(used)
        return used.local

    def use_view(self, imports: Imports) -> None:
        """Add what another view needs, which is a part of this one."""
        self._imports |= imports

    # ---- annotations

    def annotation(self, type_: m.Type | None) -> str:
        """The annotation of a value of `type_`; `None` for no type at all."""
        if type_ is None:
            return "None"
        if isinstance(type_, m.Primitive):
            return self.builtin(_BUILTIN.get(type_.value, "int"))
        return self.local(type_) if type_.name else self.structure(type_)

    def local(self, type_: m.TypeDef) -> str:
        """The name of a named type, as this module says it."""
        assert type_.owner is not None
        assert type_.name is not None
        home = self.plan.home(type_.owner, self.home.exported)
        if home is self.home:
            return home.types[type_.name]
        if type_ in self.home.used:
            return self.home.types[self.home.used[type_]]
        return self.use(f".{home.module}", home.types[type_.name])

    def module(self, home: HomeModule) -> str:
        """The local name of another module of the package."""
        return self.use(".", home.module)

    def builtin(self, name: str) -> str:
        """A builtin, also if a method or field of the module has its name."""
        return f"{self.use('', 'builtins')}.{name}" if name in self.home.members else name

    def structure(self, type_: m.TypeDef) -> str:
        """The annotation of what a type is made of, whatever its name."""
        match type_.kind:
            case m.Own(t) | m.Borrow(t) | m.Alias(t):
                return self.annotation(t)
            case m.Option(t):
                return self._option(t)
            case m.Result(ok, err):
                names = (self.use("witkit.abi", name) for name in ("Ok", "Err"))
                return " | ".join(f"{n}[{self.annotation(t)}]" for n, t in zip(names, (ok, err), strict=True))
            case m.List(t) if self._is_array(t):
                return f"{self.use('array', 'array')}[{self.annotation(t)}]"
            case m.List(t) | m.FixedLengthList(t, _):
                byte = m.unalias(t) is m.Primitive.U8
                return self.builtin("bytes") if byte else f"{self.builtin('list')}[{self.annotation(t)}]"
            case m.Tuple(types):
                inner = ", ".join(map(self.annotation, types)) or "()"
                return f"{self.builtin('tuple')}[{inner}]"
            case m.Map(key, value):
                return f"{self.builtin('dict')}[{self.annotation(key)}, {self.annotation(value)}]"
            case m.Future(t):
                return f"{self.use('collections.abc', 'Awaitable')}[{self.annotation(t)}]"
            case m.Stream(t):
                return f"{self.use('collections.abc', 'AsyncIterator')}[{self.annotation(t)}]"
        return self.local(type_)

    def alias(self, type_: m.TypeDef) -> str:
        """The value of the alias for `type_`: text if Python would take long to build the type."""
        text = self.structure(type_)
        # Python 3.11 has no parameters for arrays.
        return f'"{text}"' if self.plan.sizes.is_long(type_) or (self.plan.arrays and "array" in text) else text

    def _is_array(self, element: m.Type) -> bool:
        """Whether lists of these elements are arrays: of numbers, apart from bytes."""
        return self.plan.arrays and m.unalias(element) in _ARRAYS

    def _option(self, inner: m.Type) -> str:
        spelled, defined = self.annotation(inner), m.unalias(inner)
        if isinstance(defined, m.TypeDef) and isinstance(defined.kind, m.Option):
            return f"{self.use('witkit.abi', 'Some')}[{spelled}] | None"
        return f"{spelled} | None"

    # ---- ABI expressions

    @property
    def abi(self) -> str:
        return self.use("witkit", "abi")

    def expression(self, type_: m.Type) -> str:
        """The `witkit.abi` expression of a type: its constant if it has a name, its structure otherwise."""
        type_ = m.unalias(type_)
        if isinstance(type_, m.Primitive):
            if type_ is m.Primitive.ERROR_CONTEXT:
                return f'{self.abi}.Unsupported("error-context")'
            return f"{self.abi}.{type_.name}"
        return self.constant(type_) if type_.name else self.structural(type_)

    def structural(self, type_: m.TypeDef) -> str:
        """The expression of what a type without a class of its own is made of."""
        match type_.kind:
            case m.Own(resource):
                return f"{self.abi}.Own({self.expression(resource)})"
            case m.Borrow(resource):
                return f"{self.abi}.Borrow({self.expression(resource)})"
            case m.Option(t):
                return f"{self.abi}.Option({self.expression(t)})"
            case m.Result(ok, err):
                return f"{self.abi}.Result({self.optional(ok)}, {self.optional(err)})"
            case m.List(t):
                array = ", array=True" if self._is_array(t) else ""
                return f"{self.abi}.List({self.expression(t)}{array})"
            case m.FixedLengthList(t, length):
                return f"{self.abi}.List({self.expression(t)}, {length})"
            case m.Tuple(types):
                return f"{self.abi}.Tuple({sequence(map(self.expression, types))})"
            case m.Map(key, value):
                return f"{self.abi}.Map({self.expression(key)}, {self.expression(value)})"
            case m.Future(t):
                return f'{self.abi}.Unsupported("{_wit("future", t)}")'
            case m.Stream(t):
                return f'{self.abi}.Unsupported("{_wit("stream", t)}")'
        return self.constant(type_)

    def optional(self, type_: m.Type | None) -> str:
        return "None" if type_ is None else self.expression(type_)

    def constant(self, type_: m.TypeDef) -> str:
        """The constant of a named type."""
        assert type_.name is not None
        home = self.plan.defining(type_, self.home.exported)
        constant = home.constants[type_.name]
        return constant if home is self.home else f"{self.module(home)}.{constant}"


def _wit(kind: str, inner: m.Type | None) -> str:
    name = inner.value if isinstance(inner, m.Primitive) else inner.name if inner else None
    return f"{kind}<{name}>" if name else kind if inner is None else f"{kind}<…>"
