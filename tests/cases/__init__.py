"""Golden sessions: what the tool answers to whole command lines, one file per subject.

`python -m tests.cases --write` brings them up to date.
"""
