"""The line over the picture while one take or two takes are looked at: what they are, and the way back."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from svi_studio.document.preview.scene import Layout, View
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.theme.icons import keep_icon


class ViewBar(QFrame):
    """Hidden while the film itself is shown. Signals: what the user wants."""

    back_wanted = Signal()
    take_wanted = Signal(str)
    """Use the take with this hash."""
    layout_wanted = Signal(object)
    """A Layout for two takes."""
    swap_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = View()
        self.words = ElidedLabel()
        self._layouts = self._layout_buttons()
        self._swap = self._button(self.tr("Swap"), self.tr("Swap the two takes"))
        self.use_first = self._button(self.tr("Use this take"))
        self.use_second = self._button(self.tr("Use the right take"))
        self.back = self._button(self.tr("Back to the film"), self.tr("Back to the film (Esc)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 8, 6)
        row.setSpacing(6)
        row.addWidget(self.words, 1)
        for part in (*self._layouts.buttons(), self._swap, self.use_first, self.use_second, self.back):
            row.addWidget(part)
        self._swap.clicked.connect(self.swap_wanted)
        self.back.clicked.connect(self.back_wanted)
        self.use_first.clicked.connect(lambda: self.take_wanted.emit(self._view.takes[0]))
        self.use_second.clicked.connect(lambda: self.take_wanted.emit(self._view.takes[-1]))
        self.hide()

    def show_view(self, view: View, words: str, usable: Sequence[bool]) -> None:
        """One take is looked at, or two are compared; ``usable``: the clip may become each of them."""
        self._view, two = view, len(view.takes) == 2
        self.words.setText(words)
        self.use_first.setText(self.tr("Use the left take") if two else self.tr("Use this take"))
        self.use_first.setVisible(usable[0])
        self.use_second.setVisible(two and usable[-1])
        self._swap.setVisible(two)
        for button in self._layouts.buttons():
            button.setVisible(two)
            button.setChecked(button.property("layout") == view.layout.value)
        self.show()

    def _layout_buttons(self) -> QButtonGroup:
        group = QButtonGroup(self)
        group.setExclusive(True)
        kinds = (
            (Layout.SIDE_BY_SIDE, "compare", self.tr("Side by side")),
            (Layout.WIPE, "wipe", self.tr("Wipe: drag the line, or press Ctrl with the arrows")),
            (Layout.DIFFERENCE, "layers", self.tr("Difference, four times brighter")),
        )
        for layout, icon, words in kinds:
            button = QToolButton()
            button.setCheckable(True)
            button.setIconSize(QSize(20, 20))
            button.setText(words)
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.setProperty("layout", layout.value)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            keep_icon(button, icon)
            button.clicked.connect(lambda _=False, chosen=layout: self.layout_wanted.emit(chosen))
            group.addButton(button)
        return group

    def _button(self, words: str, tip: str = "") -> QPushButton:
        button = QPushButton(words)
        button.setProperty("flat", "true")
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
