"""Lark's LALR automaton, fed token by token, with what recovery needs: look ahead, insert, cut back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from lark import Lark
from lark.parse_tree_builder import ChildFilterLALR, ExpandSingleChild
from lark.parsers.lalr_analysis import Shift

from witkit.syntax.tokens import Token

_Builder: TypeAlias = Callable[[list[Any]], Any]
_Step: TypeAlias = "int | tuple[int, _Builder | None, str]"
"""The state to shift to; or what a reduction takes: how many things, what makes its value of them, and its name. A
single thing of which nothing is made is the value."""


@cache
def _rows(lark: Lark) -> dict[int, dict[str, _Step]]:
    """The steps in each state of a grammar, by terminal; those of names go to the state after a reduction."""
    conf: Any = lark.parse_interactive().parser_state.parse_conf
    reductions = {
        id(rule): (len(rule.expansion), _unwrapped(builder), rule.origin.name)
        for rule, builder in conf.callbacks.items()
    }
    return {
        state: {name: arg if action is Shift else reductions[id(arg)] for name, (action, arg) in row.items()}
        for state, row in conf.parse_table.states.items()
    }


def _unwrapped(builder: Any) -> _Builder | None:
    """What builds the value of a rule, without a loop of Lark over its parts."""
    if isinstance(builder, ExpandSingleChild):
        return None
    if type(builder) is not ChildFilterLALR or any(expand for _, expand, _ in builder.to_include):
        return builder  # type: ignore[no-any-return]
    build, found = builder.node_builder, enumerate(builder.to_include)
    lacking = [at for at, (_, _, before) in found for _ in range(before)]
    lacking = [at + n for n, at in enumerate(lacking)] + [-1] * builder.append_none

    def with_missing(parts: list[Any]) -> Any:
        for at in lacking:
            if at < 0:
                parts.append(None)
            else:
                parts.insert(at, None)
        return build(parts)

    return with_missing


class Driver:
    """One parse. `run` can go on after any change made here."""

    def __init__(self, lark: Lark) -> None:
        state = lark.parse_interactive().parser_state
        self._table = state.parse_conf.parse_table.states
        self._end = state.parse_conf.parse_table.end_states["start"]
        self._states: list[int] = state.state_stack
        self._values: list[Any] = state.value_stack
        self._rows = _rows(lark)

    def run(self, tokens: Sequence[Token], at: int = 0) -> int:
        """Feed the tokens from the index `at` on, `$END` being the last one. Gives the index of the first that does
        not fit, or how many there are: then `last` is what the rule `start` made.

        This is `feed_token` of Lark without a call for each token, or a hash of a whole rule for each reduction.
        """
        rows, states, values, end = self._rows, self._states, self._values, self._end
        state = states[-1]
        for at in range(at, len(tokens)):  # noqa: B020  # it is where reading starts
            token = tokens[at]
            terminal = token.type
            while True:
                step = rows[state].get(terminal)
                if step.__class__ is int:
                    states.append(step)
                    values.append(token)
                    state = step
                    break
                if step is None:
                    return at
                size, build, name = step  # type: ignore[misc]
                if size == 1:
                    if build is not None:
                        values[-1] = build([values[-1]])
                    states[-1] = state = rows[states[-2]][name]  # type: ignore[assignment]
                else:
                    parts: list[Any] = []
                    if size:
                        parts = values[-size:]
                        del states[-size:], values[-size:]
                    state = rows[states[-1]][name]  # type: ignore[assignment]
                    states.append(state)
                    values.append(build(parts))  # type: ignore[misc]
                if state == end and terminal == "$END":
                    break
        return len(tokens)

    def takes(
        self, terminals: Sequence[str], *, back: int = 0, may_lack: Callable[[int], bool] = lambda _: False
    ) -> int:
        """How many of these terminals could be fed one after the other, with `back` things forgotten first.

        Before those whose index `may_lack` accepts, a `;` or a `,` may be missing.
        """
        stack = self._states[: len(self._states) - back]
        for count, terminal in enumerate(terminals):
            before = stack[:]
            if self._take(stack, terminal):
                continue
            if not may_lack(count):
                return count
            for mark in ("SEMICOLON", "COMMA"):
                stack = before[:]
                if self._take(stack, mark) and self._take(stack, terminal):
                    break
            else:
                return count
        return len(terminals)

    def _take(self, stack: list[int], terminal: str) -> bool:
        while True:
            step = self._table[stack[-1]].get(terminal)
            if step is None:
                return False
            action, arg = step
            if action is Shift:
                stack.append(arg)
                return True
            if arg.expansion:
                del stack[-len(arg.expansion) :]
            stack.append(self._table[stack[-1]][arg.origin.name][1])
            if terminal == "$END" and stack[-1] == self._end:
                return True

    def accepted(self) -> set[str]:
        """The terminals that could come next. (A state's own row has more: what some other path allows.)"""
        return {t for t in self._table[self._states[-1]] if (t.isupper() or t == "$END") and self.takes([t])}

    @property
    def last(self) -> object:
        """The last thing on the stack: a token, or what a rule has made."""
        return self._values[-1] if self._values else None

    @property
    def depth(self) -> int:
        """How many things are on the stack."""
        return len(self._states)

    def row(self, back: int = 0) -> Mapping[str, Any]:
        """The present state's row of the table, or that of the state `back` things before."""
        return self._table[self._states[-1 - back]]

    def cut(self, back: int) -> list[Any]:
        """Forget the last `back` things, and give them."""
        if not back:
            return []
        dropped = self._values[-back:]
        del self._states[-back:], self._values[-back:]
        return dropped

    def back_to(self, value: object, furthest: int = 12) -> int | None:
        """How many things have to be forgotten to forget this one, too; None if it is not among the last ones."""
        for back, each in enumerate(reversed(self._values[-furthest:]), 1):
            if each is value:
                return back
        return None

    def top(self, count: int) -> list[Any]:
        """The last `count` things on the stack."""
        return self._values[len(self._values) - count :]
