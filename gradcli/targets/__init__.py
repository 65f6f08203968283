"""Functions that somebody else computes, with the derivatives that they claim: how to call them, not whether they are right."""
