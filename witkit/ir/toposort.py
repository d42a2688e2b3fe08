"""Sorting by dependencies, and finding cycles."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

from witkit.text import Span
from witkit.text.values import value

K = TypeVar("K", bound=Hashable)


@value(frozen=True, slots=True, eq=False)
class Edge(Generic[K]):
    """A mention of `target` at `span`. Findings about it are reported at `place`."""

    target: K
    span: Span
    place: Span


@value(frozen=True, slots=True, eq=False)
class Sorted(Generic[K]):
    """`order` has all nodes that do not depend on a cycle; `cyclic` has the others, in source order."""

    order: list[K]
    cyclic: list[K]


def toposort(edges: Mapping[K, Sequence[Edge[K]]]) -> Sorted[K]:
    """Sort nodes so that dependencies come first, otherwise in the order of `edges`. Unknown targets are ignored."""
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
    """One path of mentions for each cycle that `cyclic` nodes lead to, each cycle once.

    A path starts at the first node that no earlier path has visited, and follows the first mention of a cyclic node
    until it comes back to a node of its own.
    """
    left = dict.fromkeys(cyclic)
    visited: set[K] = set()
    paths: list[list[Edge[K]]] = []
    for start in cyclic:
        path: list[Edge[K]] = []
        passed: dict[K, None] = {}
        node = start
        while node not in visited and node not in passed:
            passed[node] = None
            edge = next(e for e in edges[node] if e.target in left)
            path.append(edge)
            node = edge.target
        if node in passed:
            paths.append(path)
        visited.update(passed)
    return paths


def postorder(start: K, children: Callable[[K], Iterable[K]], done: Container[object]) -> Iterator[K]:
    """What `start` leads to and is not in `done`, children first, each once. There must be no cycle.

    The caller must add each node that it gets to `done`. Chains can be longer than Python's recursion limit.
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
