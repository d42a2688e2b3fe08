"""Tests that fail and then pass: in CI, each that fails runs once more, and what it said at first is printed."""

from __future__ import annotations

import pytest


def print_first_failures(terminal: pytest.TerminalReporter) -> None:
    """Print why tests failed that passed when they ran again. Each is a defect, of the test or of what it tests."""
    failed = {report.nodeid for report in terminal.stats.get("failed", [])}
    reports = [report for report in terminal.stats.get("rerun", []) if report.nodeid not in failed]
    if reports:
        terminal.section("failed at first, passed when run again")
    for report in reports:
        terminal.section(report.nodeid, sep="_")
        terminal.write_line(report.longreprtext)
        for name, text in report.sections:
            terminal.section(name, sep="-")
            terminal.write_line(text)
