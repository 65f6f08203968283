"""Derivatives of a run: the reverse sweep, forward mode, Taylor series; gradients, Jacobians and Hessians as the commands answer them."""

from gradcli.differentiation.gradients import grad
from gradcli.differentiation.sweep import adjoints, requires_grad

__all__ = ["adjoints", "grad", "requires_grad"]
