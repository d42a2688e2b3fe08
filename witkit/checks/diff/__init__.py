"""Compare two versions of a package: what has changed, where, whom it breaks, and what the version has to say."""

from witkit.checks.diff.changes import Change
from witkit.checks.diff.compare import Comparison, Promise, diff
from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.verdict import Bump, Judgement, Verdict

__all__ = ["Bump", "Change", "Comparison", "Judgement", "Kind", "Promise", "Verdict", "diff"]
