"""The engines for programs that are too large for exact arithmetic: float64 with bounds."""
