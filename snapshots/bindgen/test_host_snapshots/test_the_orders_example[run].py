# Source: wasi:cli/run@0.2.0

"""The exported interface `wasi:cli/run@0.2.0`."""

from __future__ import annotations

from typing import Literal

from witkit import abi, runtime

__all__ = [
    "INTERFACE",
    "Run",
]


class Run(runtime.ExportedInterface[Literal["wasi:cli/run"]]):
    """The entry point of a command: a host that is asked to run a component calls this."""

    def __init__(
        self, instance: runtime.Instance, interface: abi.Interface | None = None
    ) -> None:
        """Bind the interface to an instance; `interface` is that of a labelled export."""
        super().__init__(instance, interface or INTERFACE)

    def run(self) -> None:
        """Runs the command. An error becomes a non-zero exit code.

        Raises:
            Err: without a value.
        """
        self._exports["run"]()


# What the runtime knows of these types and functions.
INTERFACE = abi.Interface(
    "wasi:cli/run@0.2.0",
    functions=(abi.Func("run", "run", (), abi.Result(None, None), raises=True),),
)
