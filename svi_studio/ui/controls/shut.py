"""Makes a field that can only be read look so."""

from PySide6.QtWidgets import QWidget


def look_shut(field: QWidget, shut: bool) -> None:
    """Give ``field`` the look of one that can be read and copied from but not changed, or take it away."""
    if bool(field.property("shut")) != shut:
        field.setProperty("shut", shut)
        field.style().unpolish(field)  # Qt looks at properties only when it dresses a widget anew
        field.style().polish(field)
