"""A stand-in for jax.numpy."""

from numpy import *  # noqa: F403
