"""The rules, one module each; `witkit.checks.table` lists them."""
