"""Codecs: Python source made and compiled once for each function, from its ABI types."""
