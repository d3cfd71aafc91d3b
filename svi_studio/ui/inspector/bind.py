"""Ties a control to one piece of state: what the film says is shown, what the user does is an edit, nothing loops."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from svi_studio.document.inspector.inherited import Inherited
from svi_studio.document.inspector.values import VARIOUS, Value
from svi_studio.domain.number_range import Number
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.number_box import NumberBox

Hint = tuple[Number | None, str]
"""What an empty number box stands for: where the first step starts, and the dimmed words in it."""


def bind_number(field: Field, box: NumberBox, state: Value, hint: Callable[[], Hint]) -> None:
    """A number that may be inherited; the field's button goes back to the inherited one."""

    def show() -> None:
        value = state.get()
        various = value is VARIOUS
        number, words = hint()
        box.show_inherited(number, various_words() if various else words)
        box.show_value(None if various else value)
        box.setReadOnly(not state.is_open)
        field.show_reset(value is not None and state.is_open)

    box.edited.connect(state.set)
    box.left.connect(state.end)
    field.reset.connect(lambda: state.set(None))
    state.changed.connect(show)
    show()


def number_hint(box: NumberBox, found: Inherited) -> Hint:
    """The inherited number and where it comes from."""
    if not isinstance(found.value, int | float):
        return None, ""
    return found.value, from_words(found).format(value=box.words(found.value))


def from_words(found: Inherited) -> str:
    """ "{value}, from the film", or wherever it comes from."""
    words = {
        "film": QCoreApplication.translate("Inspector", "{value}, from the film"),
        "model": QCoreApplication.translate("Inspector", "{value}, from the model"),
        "family": QCoreApplication.translate("Inspector", "{value}, from the family"),
    }
    return words[found.source]


def various_words() -> str:
    """What a box says when the selected clips do not agree."""
    return QCoreApplication.translate("Inspector", "various")
