"""How late a timeout strikes, what a guest without end of memory costs the host, and what instances leave.

python benchmarks/runtime_limits.py
"""

from __future__ import annotations

import gc
import resource
import sys
import tempfile
import threading
from pathlib import Path
from time import perf_counter, sleep

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from witkit.runtime import Engine, Limits, Trap, UntypedComponent

GUEST = """
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "spin") (loop $again (br $again)))
    (func (export "grow") (result i32)
      (loop $again (br_if $again (i32.ne (i32.const -1) (memory.grow (i32.const 16))))) (memory.size))
    (func (export "fill") (result i32) (local $p i32)
      (loop $again
        (i32.store8 (local.get $p) (i32.const 1))
        (local.set $p (i32.add (local.get $p) (i32.const 4096)))
        (br_if $again (i32.lt_u (local.get $p) (i32.mul (memory.size) (i32.const 65536)))))
      (local.get $p)))
  (core instance $i (instantiate $m))
  (func (export "spin") (canon lift (core func $i "spin")))
  (func (export "grow") (result u32) (canon lift (core func $i "grow")))
  (func (export "fill") (result u32) (canon lift (core func $i "fill"))))
"""


def lateness(component: UntypedComponent, timeout: float, rounds: int = 20) -> list[float]:
    """Milliseconds from each timeout to the exception, in order."""
    late = []
    for _ in range(rounds):
        with component.instantiate(limits=Limits(timeout=timeout)) as instance:
            spin = instance.function(None, "spin")
            begin = perf_counter()
            try:
                spin()
            except Trap:
                late.append((perf_counter() - begin - timeout) * 1000)
    return sorted(late)


def resident() -> float:
    """The process's memory now, in MB."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def busy(stop: threading.Event) -> None:
    """Python code that competes for the interpreter's lock."""
    while not stop.is_set():
        sum(range(1000))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "guest.wat"
        path.write_text(GUEST)
        component = Engine(cache=folder).load(path)
    for timeout in (0.02, 0.1, 0.5):
        late = lateness(component, timeout, 20 if timeout < 0.5 else 5)
        print(
            f"timeout {timeout * 1000:4.0f} ms: stopped {late[0]:.1f} to {late[-1]:.1f} ms after it ({len(late)} runs)"
        )
    stop = threading.Event()
    thread = threading.Thread(target=busy, args=(stop,))
    thread.start()
    late = lateness(component, 0.1)
    stop.set()
    thread.join()
    print(f"  beside a busy Python thread: {late[0]:.1f} to {late[-1]:.1f} ms late")
    sleep(0.1)
    for limit in (16 << 20, 256 << 20):
        before = resident()
        with component.instantiate(limits=Limits(memory=limit)) as instance:
            got = instance.function(None, "grow")() * 65536
            grown = resident() - before
            instance.function(None, "fill")()
            filled = resident() - before
        print(
            f"memory limit {limit >> 20} MiB: the guest got {got >> 20} MiB; the host grew by {grown:.1f} MB, "
            f"by {filled:.1f} MB once the guest wrote to all of it, by {resident() - before:.1f} MB after it was closed"
        )
    for count in (1000, 10_000):
        before, begin = resident(), perf_counter()
        for _ in range(count):
            with component.instantiate() as instance:
                instance.function(None, "fill")()
        each = (perf_counter() - begin) / count * 1000
        print(f"{count:,} instances, each called once: {each:.2f} ms each, {resident() - before:+.1f} MB")


if __name__ == "__main__":
    main()
