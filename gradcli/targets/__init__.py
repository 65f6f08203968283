"""Functions that somebody else computes, with the derivatives that they claim: how to call them, not whether they are right."""

from gradcli.targets.opening import open_target
from gradcli.targets.target import Target

__all__ = ["Target", "open_target"]
