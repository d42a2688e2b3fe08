"""Formatting WIT: one style, described in docs/style.md, and the proof that nothing but layout has changed."""
