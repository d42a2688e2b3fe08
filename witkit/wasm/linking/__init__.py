"""From the bytes of a component to a plan: validate it and link it, nested components included.

Linking has no decisions at run time. A component tree is *elaborated*: each instantiation of a component runs its
definitions with the items that it is given, and what is left is a list of core modules to instantiate, the core
functions that the host makes for them, and a tree of exports.
"""

from witkit.wasm.linking.link import link, validate

__all__ = ["link", "validate"]
