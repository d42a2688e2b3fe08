"""Floor 1: text to tree, and back: lexer, grammar, tree nodes, printer."""
