"""The film's skeleton over the picture: whether it is shown, how strongly, and which pose belongs to a frame."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.preference_names import ONION_OPACITY
from svi_studio.document.skeleton.pose import Pose

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm
    from svi_studio.document.preferences import Preferences

LEAST, MOST = 15, 100
"""Percent."""
_USUAL = 70


class OnionSkin(QObject):
    """``changed``: it is shown or not, otherwise, or of another skeleton.

    Until the user says otherwise it is shown in the films whose family follows a skeleton.
    """

    changed = Signal()

    def __init__(self, film: "OpenFilm", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._skeleton = film.skeleton
        self._wanted: bool | None = None
        self._opacity = _USUAL
        self._preferences: Preferences | None = None
        film.skeleton.changed.connect(self.changed)
        if film.preferences is not None:
            self.keep_in(film.preferences)

    def keep_in(self, preferences: "Preferences") -> None:
        """Remembers in ``preferences`` how strongly it is shown."""
        self._preferences = preferences
        text = preferences.text(ONION_OPACITY, str(_USUAL))
        self._opacity = min(max(int(text), LEAST), MOST) if text.isascii() and text.isdigit() else _USUAL
        self.changed.emit()

    @property
    def is_on(self) -> bool:
        """Whether the skeleton lies over the picture."""
        return self._skeleton.is_needed if self._wanted is None else self._wanted

    @property
    def is_of_use(self) -> bool:
        """Whether there is a skeleton to show, or should be."""
        return self._skeleton.is_needed or bool(self._skeleton.pieces)

    @property
    def opacity(self) -> int:
        """How strongly it is shown, in percent."""
        return self._opacity

    @Slot(bool)
    def set_on(self, shown: bool) -> None:
        """Shows it, or not."""
        self._wanted = shown
        self.changed.emit()

    @Slot(int)
    def set_opacity(self, percent: int) -> None:
        """Shows it more or less strongly."""
        self._opacity = min(max(percent, LEAST), MOST)
        if self._preferences is not None:
            self._preferences.set_text(ONION_OPACITY, str(self._opacity))
        self.changed.emit()

    def pose_at(self, frame: int) -> Pose | None:
        """What lies over the film frame ``frame``; None for nothing."""
        return self._skeleton.pose_at(frame) if self.is_on else None
