"""One text to its tree and its diagnostics."""

from __future__ import annotations

from typing import Any

from witkit._collector import paused
from witkit.syntax import gates, grammar, limits, nodes, strange
from witkit.syntax.driver import Driver
from witkit.syntax.headers import names_in_header
from witkit.syntax.parsed import Parsed
from witkit.syntax.recovery import Recovery
from witkit.syntax.tokens import Scan, Token
from witkit.text import Source


def parse(source: Source) -> Parsed:
    """Read a file of today's WIT. Never raises: what is wrong is a diagnostic, and the tree has the rest."""
    return parse_tokens(source)[0]


def parse_tokens(source: Source) -> tuple[Parsed, list[Token]]:
    """As `parse`, with the tokens; of a text with findings they are those that it was repaired to."""
    wit = grammar.wit()
    with paused():
        scan = wit.lexer.scan(source)
        known_bad = {d.primary.start for d in scan.diagnostics if d.primary}
        strange.explain(scan)
        limits.flatten_deep_types(scan)
        gates.take_out_bad_attributes(scan)
        driver = Driver(wit.lark)
        recovery = Recovery(driver, scan.tokens, known_bad)
        header, items = _drive(driver, recovery, scan)
    found = [*scan.diagnostics, *recovery.diagnostics, *limits.check_packages(header, items)]
    found.sort(key=lambda d: d.primary.start if d.primary else 0)
    lost_header = names_in_header(scan.tokens) if header is None and found else None
    file = nodes.File(source, header, items, scan.comments, recovery.lost, lost_header)
    return Parsed(file, tuple(found)), scan.tokens


def _drive(driver: Driver, recovery: Recovery, scan: Scan) -> Any:
    """Feed all tokens; what the rule `start` made."""
    at = driver.run(scan.tokens)
    while at < len(scan.tokens):
        at = driver.run(scan.tokens, recovery.recover(at))
    return driver.last
