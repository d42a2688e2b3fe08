"""Floor 1: the component binary format, from the bytes of a file to the types in it."""
