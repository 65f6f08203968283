"""A stand-in for autograd.numpy."""

from numpy import *  # noqa: F403
