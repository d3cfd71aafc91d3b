"""The takes of a clip: look at them, choose, rate, compare and delete them."""

from svi_studio.ui.takes.panel import TakesPanel

__all__ = ["TakesPanel"]
