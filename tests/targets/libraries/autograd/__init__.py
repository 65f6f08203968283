"""A stand-in for autograd: reverse mode by complex steps, through its own containers only."""
