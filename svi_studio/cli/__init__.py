"""The command `svi-studio`: render, new, info, export, doctor, models. Imports torch only once it is needed."""

from svi_studio.cli.program import main

__all__ = ["main"]
