"""Dataclasses for what is made by the thousand, or in every run.

A class of `dataclasses` costs a third of a millisecond when it is imported, most of it for methods that are compiled
one by one. Here only `__init__` is compiled; the other methods are the same functions for all classes.

Type checkers refuse to change a `value`, as any frozen dataclass. At run time nothing enforces that, because the check
would be most of what it costs to make one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as entity
    from dataclasses import dataclass as value
else:
    from dataclasses import dataclass
    from functools import partial
    from operator import attrgetter
    from reprlib import recursive_repr

    def value(*, frozen, slots=False, eq=True, kw_only=False):
        """A dataclass whose instances are compared and hashed by what is in them, and are not to be changed."""
        assert frozen
        return partial(_made, eq=eq, repr=True, slots=slots, kw_only=kw_only)

    def entity(*, slots, eq, repr=True, kw_only=False):
        """A dataclass whose instances are compared by identity, and can be changed."""
        assert not eq
        return partial(_made, eq=False, repr=repr, slots=slots, kw_only=kw_only)

    def _made(cls, *, eq, repr, slots, kw_only):
        # A class with its own `__eq__` has None for `__hash__`.
        own = {name for name, method in vars(cls).items() if method is not None}
        made = dataclass(cls, init=True, repr=False, eq=False, slots=slots, kw_only=kw_only)
        if repr and "__repr__" not in own:
            made.__repr__ = _repr
        if eq:
            _compare(made, own)
        return made

    def _compare(made, own):
        names = [name for name, field in made.__dataclass_fields__.items() if field.compare]
        # A single name would give what is in the field, and not a tuple.
        content = attrgetter(*names, *names[:1]) if names else lambda _: ()

        def __eq__(self, other):
            return content(self) == content(other) if other.__class__ is self.__class__ else NotImplemented

        def __hash__(self):
            return hash(content(self))

        for method in (__eq__, __hash__):
            if method.__name__ not in own:
                setattr(made, method.__name__, method)

    @recursive_repr()
    def _repr(self):
        fields = self.__dataclass_fields__.items()
        content = ", ".join(f"{name}={getattr(self, name)!r}" for name, field in fields if field.repr)
        return f"{self.__class__.__qualname__}({content})"


__all__ = ["entity", "value"]
