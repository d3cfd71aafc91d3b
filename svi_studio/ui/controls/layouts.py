"""Columns and rows of widgets, each in one expression."""

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

Margins = tuple[int, int, int, int]
NONE: Margins = (0, 0, 0, 0)


class Gap(NamedTuple):
    """So many empty pixels."""

    pixels: int


Part = QWidget | QLayout | int | Gap | tuple[QWidget | QLayout, int] | tuple[QWidget, int, Qt.AlignmentFlag]
"""A widget or a layout, also with its stretch and its alignment; a number is empty room that stretches."""


def column_of(
    *parts: Part, within: QWidget | None = None, spacing: int | None = None, margins: Margins | None = NONE
) -> QVBoxLayout:
    """The parts under each other, as the layout of ``within``. ``spacing`` and ``margins`` None = the style's own."""
    box = QVBoxLayout(within) if within is not None else QVBoxLayout()
    _fill(box, parts, spacing, margins)
    return box


def row_of(
    *parts: Part, within: QWidget | None = None, spacing: int | None = None, margins: Margins | None = NONE
) -> QHBoxLayout:
    """The parts beside each other, else as ``column_of``."""
    box = QHBoxLayout(within) if within is not None else QHBoxLayout()
    _fill(box, parts, spacing, margins)
    return box


def _fill(box: QBoxLayout, parts: tuple[Part, ...], spacing: int | None, margins: Margins | None) -> None:
    if margins is not None:
        box.setContentsMargins(*margins)
    if spacing is not None:
        box.setSpacing(spacing)
    for part in parts:
        if isinstance(part, Gap):
            box.addSpacing(part.pixels)
        elif isinstance(part, int):
            box.addStretch(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        elif isinstance(part, QWidget):
            box.addWidget(part)
        elif isinstance(part[0], QLayout):
            box.addLayout(part[0], part[1])
        else:
            box.addWidget(part[0], *part[1:])
