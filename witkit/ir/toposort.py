"""The order in which definitions of one scope are built."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

from witkit.text import Span

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Edge(Generic[K]):
    """A mention of `target` at `span`; findings about it stand at `place`."""

    target: K
    span: Span
    place: Span


@dataclass(frozen=True, slots=True, eq=False)
class Sorted(Generic[K]):
    """`order` has every node that depends on no cycle; `cyclic` are the others, in source order."""

    order: list[K]
    cyclic: list[K]


def toposort(edges: Mapping[K, Sequence[Edge[K]]]) -> Sorted[K]:
    """Dependencies first; among nodes that are ready, the first in `edges` wins. Unknown targets are ignored."""
    nodes = list(edges)
    index = {node: i for i, node in enumerate(nodes)}
    remaining = [0] * len(nodes)
    dependents: list[list[int]] = [[] for _ in nodes]
    for i, node in enumerate(nodes):
        for edge in edges[node]:
            if (j := index.get(edge.target)) is not None:
                remaining[i] += 1
                dependents[j].append(i)
    ready = [i for i, count in enumerate(remaining) if count == 0]
    heapify(ready)
    order: list[K] = []
    while ready:
        i = heappop(ready)
        order.append(nodes[i])
        for dependent in dependents[i]:
            remaining[dependent] -= 1
            if remaining[dependent] == 0:
                heappush(ready, dependent)
    return Sorted(order, [node for i, node in enumerate(nodes) if remaining[i]])


def find_cycles(edges: Mapping[K, Sequence[Edge[K]]], cyclic: Sequence[K]) -> list[list[Edge[K]]]:
    """One path of mentions for every cycle that `cyclic` nodes run into, none twice.

    A path starts with the first mention of a cyclic node by the earliest node not yet told about, and
    goes on until it comes back to a node that it has passed.
    """
    left = dict.fromkeys(cyclic)
    told: set[K] = set()
    paths: list[list[Edge[K]]] = []
    for start in cyclic:
        path: list[Edge[K]] = []
        passed: dict[K, None] = {}
        node = start
        while node not in told and node not in passed:
            passed[node] = None
            edge = next(e for e in edges[node] if e.target in left)
            path.append(edge)
            node = edge.target
        if node in passed:
            paths.append(path)
        told.update(passed)
    return paths


def postorder(start: K, children: Callable[[K], Iterable[K]], done: Container[object]) -> Iterator[K]:
    """What `start` leads to and is not in `done`, children first, each once; there must be no cycle.

    The caller adds every node it gets to `done`. Chains may be longer than Python's recursion limit.
    """
    if start in done:
        return
    stack = [(start, iter(children(start)))]
    while stack:
        node, rest = stack[-1]
        following = next((child for child in rest if child not in done), None)
        if following is not None:
            stack.append((following, iter(children(following))))
            continue
        stack.pop()
        if node not in done:
            yield node
