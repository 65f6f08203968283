"""Derivatives of a run: the reverse sweep, Taylor series, and the gradient as `grad` answers it."""

from gradcli.differentiation.gradients import grad
from gradcli.differentiation.sweep import adjoints, requires_grad

__all__ = ["adjoints", "grad", "requires_grad"]
