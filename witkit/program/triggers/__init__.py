"""Triggers: what makes this host call a guest."""
