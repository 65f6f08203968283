"""The engines for programs of the language, in exact arithmetic: the sweep under test, SymPy's chain, forward mode, differences."""
