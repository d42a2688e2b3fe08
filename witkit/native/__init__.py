"""Floor 3: guest code run in this process, its imports bound to Python objects."""
