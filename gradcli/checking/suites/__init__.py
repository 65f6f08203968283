"""Suites: `*.grad.toml` files with [[check]] tables, found in folders, read with file and line for every fault, and run in order."""
