"""Random programs with streams and pollables of WASI, natively and in the component.

`WITKIT_FUZZ=200` tries more of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest

from tests.guest.machines import Machine, machine
from tests.sampled import every

SEEDS = range(int(os.environ.get("WITKIT_FUZZ", "3" if every() == 1 else "1")))
PROGRAMS = 30
LENGTHS = [0, 1, 2, 3, 7, 100, 4096, 4097, 1 << 33, (1 << 64) - 1, -1, 1 << 64]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("machine")) as made:
        yield made


def step(random: Random) -> str:
    """A step of a program: `s` and `t` are inputs, `o` and `e` outputs, `p` and `q` pollables, if there are any."""
    i, o, p = random.choice("st"), random.choice("oe"), random.choice("pq")
    length, few = random.choice(LENGTHS), random.choice([0, 1, 3, 100, 4096])
    over = random.choice([few, 4097])
    steps = [
        f"{i}.blocking_read({length})",
        f"{i}.blocking_skip({length})",
        f"{o}.blocking_write_and_flush(b'a' * {over})",
        f"{o}.blocking_write_zeroes_and_flush({over})",
        f"{o}.check_write() > 0, {o}.write(b'b' * {few}), {o}.blocking_flush()",
        f"{o}.check_write() > 0, {o}.write_zeroes({few}), {o}.blocking_flush()",
        f"{o}.blocking_splice({i}, {length}), {o}.blocking_flush()",
        f"({p} := {random.choice([i, o])}.subscribe()) and None",
        f"({p} := monotonic_clock.subscribe_duration({random.choice([0, 1000])})) and None",
        f"({p} := None)",
        f"{p}.block(), {p}.ready()",
        "p.block(), q.block(), sorted(poll.poll([p, q, p]))",
        f"{random.choice([i, o, p])}.__exit__(None, None, None)",
        f"len(random.get_random_bytes({length}))",
        "stdin.get_stdin().blocking_read(2)",
    ]
    return random.choice(steps)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_programs_do_natively_with_streams_what_they_do_in_the_component(asked: Machine, seed: int) -> None:
    random = Random(seed)
    programs = [f"steps{tuple(step(random) for _ in range(random.randint(2, 8)))!r}" for _ in range(PROGRAMS)]
    done = [(program, asked.natively(program), asked.in_wasm(program)) for program in programs]
    assert [each for each in done if each[1] != each[2]] == []
    assert 3 < [native for _, (native, _, _), _ in done].count("trap") < PROGRAMS
