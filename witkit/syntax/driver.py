"""Lark's LALR automaton, fed token by token, with what recovery needs: look ahead, insert, cut back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lark import Lark
from lark.parsers.lalr_analysis import Shift

from witkit.syntax.tokens import Token


class Driver:
    """One parse. `run` can go on after any change made here."""

    def __init__(self, lark: Lark) -> None:
        state = lark.parse_interactive().parser_state
        self._table = state.parse_conf.parse_table.states
        self._end = state.parse_conf.parse_table.end_states["start"]
        self._states: list[int] = state.state_stack
        self._values: list[Any] = state.value_stack
        self._builders: Mapping[Any, Callable[[list[Any]], Any]] = state.parse_conf.callbacks
        self._rules: dict[int, tuple[int, Callable[[list[Any]], Any], str]] = {}

    def run(self, tokens: Sequence[Token], at: int = 0) -> int:
        """Feed the tokens from the index `at` on, `$END` being the last one. Gives the index of the first that does
        not fit, or how many there are: then `last` is what the rule `start` made.

        This is `feed_token` of Lark without a call for each token, or a hash of a whole rule for each reduction.
        """
        table, states, values, rules, end = self._table, self._states, self._values, self._rules, self._end
        for at in range(at, len(tokens)):  # noqa: B020  # it is where reading starts
            token = tokens[at]
            terminal = token.type
            while True:
                step = table[states[-1]].get(terminal)
                if step is None:
                    return at
                action, arg = step
                if action is Shift:
                    states.append(arg)
                    values.append(token)
                    break
                size, build, name = rules.get(id(arg)) or self._rule(arg)
                parts: list[Any] = []
                if size:
                    parts = values[-size:]
                    del states[-size:], values[-size:]
                states.append(table[states[-1]][name][1])
                values.append(build(parts))
                if states[-1] == end and terminal == "$END":
                    break
        return len(tokens)

    def _rule(self, rule: Any) -> tuple[int, Callable[[list[Any]], Any], str]:
        """What reducing by a rule takes: how many things, what builds its value from them, and its name."""
        known = self._rules[id(rule)] = (len(rule.expansion), self._builders[rule], rule.origin.name)
        return known

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
