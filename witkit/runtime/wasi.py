"""What a guest gets of the machine it runs on: only what is named here."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeAlias

from witkit.runtime.tracebacks import Tail

if TYPE_CHECKING:
    from witkit import abi
    from witkit.runtime.limits import Limits

BAD_GRANT = "WIT0721"

Output: TypeAlias = "Literal['inherit'] | str | os.PathLike[str] | Callable[[bytes], object] | None"
"""`inherit`, a file to write, a function that gets the bytes, or None: thrown away."""

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})

_INTERFACES: Final[Mapping[str, str]] = {
    "cli": "environment exit stdin stdout stderr terminal-input terminal-output terminal-stdin terminal-stdout "
    "terminal-stderr",
    "clocks": "monotonic-clock timezone wall-clock",
    "filesystem": "preopens types",
    "io": "error poll streams",
    "random": "insecure insecure-seed random",
    "sockets": "instance-network ip-name-lookup network tcp tcp-create-socket udp udp-create-socket",
}
"""What `witkit.wasi` implements, so that it need not be imported to know."""


@dataclass(frozen=True, slots=True)
class Wasi:
    """Grants for WASI 0.2. Without any, a guest has clocks and random numbers only: no arguments, environment,
    files or network; its output is thrown away and its input is empty.

    `stdin` is `inherit`, a file, or the bytes themselves. `dirs` maps a folder in the guest to one here,
    `read_only_dirs` the same without write access. `inherit_env` gives the whole environment, `env` single
    variables. `network` is everything, or a list of addresses and names, each such as `tcp://db.example.com:5432`.
    Instantiation raises WitkitError if a file or folder cannot be opened.
    """

    args: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    dirs: Mapping[str, str | os.PathLike[str]] = field(default_factory=dict)
    read_only_dirs: Mapping[str, str | os.PathLike[str]] = field(default_factory=dict)
    stdin: Literal["inherit"] | bytes | Path | None = None
    stdout: Output = None
    stderr: Output = None
    network: bool | Sequence[str] = False
    inherit_env: bool = False

    @classmethod
    def inherit(
        cls, *, args: Sequence[str] = (), env: Mapping[str, str] = _NONE,
        dirs: Mapping[str, str | os.PathLike[str]] = _NONE,
        read_only_dirs: Mapping[str, str | os.PathLike[str]] = _NONE,
        stdin: Literal["inherit"] | bytes | Path | None = "inherit", stdout: Output = "inherit",
        stderr: Output = "inherit", network: bool | Sequence[str] = False, inherit_env: bool = False,
    ) -> Wasi:  # fmt: skip
        """Standard input, output and error of this process, and what else is named."""
        return cls(args, env, dirs, read_only_dirs, stdin, stdout, stderr, network, inherit_env)


class Machine(Protocol):
    """What implements WASI for one guest: `witkit.wasi.Machine`."""

    def implementation(self, interface: str, /) -> Any:
        """The implementation for an interface with this name and version."""

    def close(self) -> None: ...


def machine_for(granted: Wasi, limits: Limits) -> tuple[Machine, Tail]:
    """A machine, and the end of what the guest writes to standard error, which belongs to a `Trap`: a guest in Python
    writes there what it raises."""
    errors, most = Tail(), limits.descriptors
    return _floor_above().Machine(granted, errors=errors, **({} if most is None else {"descriptors": most})), errors


def provides(interface: str) -> bool:
    """Whether witkit implements an interface of WASI 0.2 (`wasi:http` is not among them)."""
    name, _, version = interface.partition("@")
    package, _, short = name.removeprefix("wasi:").partition("/")
    if not name.startswith("wasi:") or short not in _INTERFACES.get(package, "").split():
        return False
    return version.startswith("0.2.") and "-" not in version


def description(interface: str) -> abi.Interface | None:
    """The description that WASI's implementation of an interface is written against; None if there is none."""
    found: abi.Interface | None = _floor_above().described(interface) if provides(interface) else None
    return found


@cache
def _floor_above() -> Any:
    """WASI is written against a generated package, which needs this one: it is imported when a guest asks for it."""
    return import_module("witkit.wasi")
