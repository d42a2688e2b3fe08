"""Floor 3: lints and breaking-change rules over the resolved model."""
