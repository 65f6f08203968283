"""The engine for functions of which only values are known: float64 differences with bounds, noise that is measured, the complex step."""
