"""Looks that the style sheet gives by property: changed here, because Qt must be told to look again."""

from PySide6.QtWidgets import QWidget


def set_look(widget: QWidget, name: str, value: bool | str) -> None:
    """Gives ``widget`` the property ``name`` of the style sheet, such as a tone or "primary"."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)  # Qt looks at properties only when it dresses a widget anew
        widget.style().polish(widget)


def look_shut(field: QWidget, shut: bool) -> None:
    """Gives ``field`` the look of one that can be read and copied from but not changed, or takes that look away."""
    if bool(field.property("shut")) != shut:
        set_look(field, "shut", shut)
