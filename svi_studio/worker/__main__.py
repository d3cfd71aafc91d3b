"""Runs the worker: `python -m svi_studio.worker`."""
