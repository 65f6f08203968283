"""Functions in Python: loading them, calling them with numbers or tensors of their library, and reading what they and gradients return."""
