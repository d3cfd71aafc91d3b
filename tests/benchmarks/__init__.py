"""Figures of speed and memory that the engine must hold; run all with `python -m tests.benchmarks`."""
