"""The inspector: what the selected clips and the film are made from, the everyday knobs first."""

from svi_studio.ui.inspector.panel import InspectorPanel

__all__ = ["InspectorPanel"]
