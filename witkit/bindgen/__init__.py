"""Floor 3: from the resolved model to files in memory; never the disk."""
