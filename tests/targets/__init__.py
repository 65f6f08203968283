"""Functions that somebody else computes: what they answer, and what they can do wrong."""
