"""The README and the help texts: what they show is what happens. `python -m tests.documents --write` brings the README up to date."""
