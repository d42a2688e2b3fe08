"""What the tools that `target` names cannot carry: one module per tool, with the versions that were measured."""
