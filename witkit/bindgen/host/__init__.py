"""The target `host`: the typed Python of a program that loads a component."""
