"""What a guest gets of the machine it runs on: only what is named here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from ctypes import c_size_t, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from witkit.runtime import callbacks, capi
from witkit.runtime.tracebacks import Tail
from witkit.text import WitkitError, error

if TYPE_CHECKING:
    from witkit.runtime.state import State

BAD_GRANT = "WIT0721"

Output: TypeAlias = "Literal['inherit'] | str | os.PathLike[str] | Callable[[bytes], object] | None"
"""`inherit`, a file to write, a function that gets the bytes, or None: thrown away."""

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})

_UNSTABLE = {
    "wasi:clocks/timezone": frozenset[str](),
    "wasi:cli/exit": frozenset({"exit-with-code"}),
    "wasi:sockets/network": frozenset({"network-error-code"}),
}
"""What WASI 0.2 marks as unstable and the C library links no function for; an empty set is a whole interface."""

_PACKAGES = ("wasi:cli", "wasi:clocks", "wasi:filesystem", "wasi:io", "wasi:random", "wasi:sockets")


@dataclass(frozen=True, slots=True)
class Wasi:
    """Grants for WASI 0.2. Without any, a guest has clocks and random numbers only: no arguments, environment,
    files or network; its output is thrown away and its input is empty.

    `stdin` is `inherit`, a file, or the bytes themselves. `dirs` maps a folder in the guest to one here,
    `read_only_dirs` the same without write access. `inherit_env` gives the whole environment, `env` single
    variables. `network` is everything, or a list of addresses and names that only `witkit.wasi` can keep to, each such
    as `tcp://db.example.com:5432`. Instantiation raises WitkitError if a file or folder cannot be opened.
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

    def apply(self, state: State) -> None:
        """Set the grants on a store."""
        from wasmtime import WasiConfig, WasmtimeError

        config = WasiConfig()
        try:
            self._set(config, state)
        except WasmtimeError as failure:
            raise WitkitError([error(BAD_GRANT, f"WASI cannot be granted: {failure}")]) from None
        state.store.set_wasi(config)

    def _set(self, config: Any, state: State) -> None:
        config.argv = [_plain("argument", a) for a in self.args]
        # The C library takes either the whole environment or a list.
        env = {**os.environ, **self.env} if self.inherit_env else dict(self.env)
        config.env = [(_plain("name", k), _plain("value", v)) for k, v in env.items()]
        self._set_input(config)
        _set_output(config, "stdout", self.stdout, state)
        _set_output(config, "stderr", _remembered(self.stderr, state), state)
        for dirs, writable in ((self.dirs, True), (self.read_only_dirs, False)):
            for guest, here in dirs.items():
                path = Path(here)
                if not path.is_dir():
                    raise _bad(f"`{path}` is not a folder", "give an existing folder to `dirs`")
                config.preopen_dir(str(path), guest, writable)
        if self.network and self.network is not True:
            raise _bad(
                "wasmtime's WASI has no list of allowed addresses for `network`",
                "grant `network=True`, or give the component the imports of `witkit.wasi.Machine`",
            )
        if self.network:
            _inherit_network(config.ptr())
            _allow_lookup(config.ptr(), True)

    def _set_input(self, config: Any) -> None:
        if self.stdin == "inherit":
            config.inherit_stdin()
        elif isinstance(self.stdin, bytes):
            _set_stdin_bytes(config, self.stdin)
        elif self.stdin is not None:
            path = Path(self.stdin)
            if not path.is_file():
                raise _bad(f"standard input `{path}` is not a file", "give an existing file, or bytes")
            config.stdin_file = path


def _remembered(target: Output, state: State) -> Output:
    """Standard error, whose end belongs to a `Trap`: a guest in Python writes there what it raises.

    A file is written by wasmtime itself.
    """
    if isinstance(target, (str, os.PathLike)) and target != "inherit":
        return target
    writes = {None: lambda data: None, "inherit": _to_own_errors}
    state.errors = Tail(target if callable(target) else writes[target])
    return state.errors


def _to_own_errors(data: bytes) -> None:
    """Write to the standard error of this process, whatever `sys.stderr` is. A closed one is not the guest's fault."""
    with suppress(OSError):
        while data:
            data = data[os.write(2, data) :]


def _set_output(config: Any, name: str, target: Output, state: State) -> None:
    if target == "inherit":
        getattr(config, f"inherit_{name}")()
    elif callable(target):
        number = callbacks.add_writer(target, state)
        state.numbers.append(number)
        _set_custom[name](capi.address(config.ptr()), callbacks.WRITTEN, number, None)
    elif target is not None:
        setattr(config, f"{name}_file", str(Path(target)))


_set_custom = {
    name: capi.function(f"wasi_config_set_{name}_custom", None, c_void_p, c_void_p, c_size_t, c_void_p)
    for name in ("stdout", "stderr")
}


def _set_stdin_bytes(config: Any, data: bytes) -> None:
    from ctypes import byref

    from wasmtime import _ffi as ffi

    vector = ffi.wasm_byte_vec_t()
    capi.byte_vec_new(byref(vector), len(data), data)
    ffi.wasi_config_set_stdin_bytes(config.ptr(), byref(vector))


def _inherit_network(config: Any) -> None:
    from wasmtime import _bindings

    _bindings.wasi_config_inherit_network(config)


def _allow_lookup(config: Any, enable: bool) -> None:
    from wasmtime import _bindings

    _bindings.wasi_config_allow_ip_name_lookup(config, enable)


def _plain(what: str, text: str) -> str:
    """Text without NUL, which C would cut there."""
    if "\0" in text:
        raise _bad(f"a WASI {what} holds a NUL character: {text!r}", "remove it")
    return text


def _bad(message: str, help: str) -> WitkitError:
    return WitkitError([error(BAD_GRANT, message, help=help)])


def provides(interface: str) -> bool:
    """Whether wasmtime itself implements an interface of WASI 0.2 (`wasi:http` is not among them)."""
    name, _, version = interface.partition("@")
    if name in _UNSTABLE and not _UNSTABLE[name]:
        return False
    return name.partition("/")[0] in _PACKAGES and version.startswith("0.2.") and "-" not in version


def lacks(interface: str, functions: Iterable[str]) -> list[str]:
    """Those of the functions that wasmtime leaves out of an interface it implements."""
    unstable = _UNSTABLE.get(interface.partition("@")[0], frozenset())
    return [name for name in functions if name in unstable]
