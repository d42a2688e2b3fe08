"""The version of witkit, named once."""

__version__ = "0.1.0"
