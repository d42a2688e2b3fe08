"""From the types that a binary states to resolved packages."""
