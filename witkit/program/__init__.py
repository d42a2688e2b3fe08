"""Floor 6: run a component or a guest as a program, with backends for its imports."""
