"""The self-test: faults planted in gradients, and whether the check would have caught them."""
