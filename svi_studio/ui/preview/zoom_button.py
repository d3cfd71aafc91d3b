"""How large the picture is, as a button that says it and a menu to choose from."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.preview.picture_fit import ZOOM_STEPS
from svi_studio.ui.theme.icons import keep_icon


class ZoomButton(QToolButton):
    """``zoom_wanted`` brings 0 for "fit", else the factor."""

    zoom_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Size of the picture"))
        self.setToolTip(self.tr("Size of the picture (Ctrl and the wheel over the picture)"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        menu = KeyMenu(self)
        self._group = QActionGroup(menu)
        for zoom in (0.0, *ZOOM_STEPS):
            action = menu.addAction(self._words(zoom))
            action.setCheckable(True)
            action.setData(zoom)
            action.triggered.connect(lambda _=False, chosen=zoom: self.zoom_wanted.emit(chosen))
            self._group.addAction(action)
        self.setMenu(menu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the words
        self.setIconSize(QSize(14, 14))
        keep_icon(self, "chevron-down")
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("800 %") + 30)
        self.show_zoom(0.0)

    @Slot(float)
    def show_zoom(self, zoom: float) -> None:
        """Says how large the picture is now."""
        self.setText(self._words(zoom))
        for action in self._group.actions():
            action.setChecked(abs(float(action.data()) - zoom) < 0.005)

    def _words(self, zoom: float) -> str:
        return self.tr("Fit") if zoom == 0 else f"{zoom * 100:.0f} %"
