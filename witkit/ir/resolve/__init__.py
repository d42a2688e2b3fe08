"""Trees of one package to its resolved form: names, types, functions, worlds."""
