"""Gradients of programs without branches at many points: traced once, run as a tape.

steady     a run that no value steers
tracing    program -> graph of value and gradient -> tape
code       the operations of the tape, without what is not needed
kernels    how one operation is carried out
steps      steps over registers, memory that is used again
functions  the function that the caller gets
"""

from gradcli.differentiation.tape.functions import GradientFunction
from gradcli.differentiation.tape.tracing import gradient_function

__all__ = ["GradientFunction", "gradient_function"]
