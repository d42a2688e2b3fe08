"""Interpreters of other versions of Python, to import with them what was generated with this one."""

from tests.pythons.interpreter import interpreter

__all__ = ["interpreter"]
