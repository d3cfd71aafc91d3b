"""The button that lays the skeleton over the picture, with how strongly it is seen in its menu."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QLabel, QSlider, QToolButton, QWidget, QWidgetAction

from svi_studio.document.preview.onion_skin import LEAST, MOST, OnionSkin
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.controls.layouts import row_of

_WIDTH = 52
"""Pixels: the icon, and the arrow of the menu beside it."""


class OnionButton(QToolButton):
    """Only there while the film has a skeleton, or needs one."""

    def __init__(self, onion: OnionSkin, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._onion, self._actions = onion, actions
        self.setDefaultAction(actions.action("view.onion_skin"))
        self.setAccessibleName(actions.text("view.onion_skin"))
        self.setIconSize(QSize(20, 20))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.setFixedWidth(_WIDTH)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(LEAST, MOST)
        self.slider.setValue(onion.opacity)
        self.slider.setFixedWidth(140)
        self.slider.setAccessibleName(self.tr("How strongly the skeleton is seen"))
        self.slider.valueChanged.connect(onion.set_opacity)
        self.setMenu(self._menu())
        actions.connect_action("view.onion_skin", onion.set_on)
        onion.changed.connect(self.show_state)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Shows whether the skeleton is over the picture."""
        self._actions.set_checked("view.onion_skin", self._onion.is_on)
        self._actions.set_enabled("view.onion_skin", self._onion.is_of_use)
        self.setVisible(self._onion.is_of_use)
        if self.slider.value() != self._onion.opacity:
            self.slider.setValue(self._onion.opacity)

    def _menu(self) -> KeyMenu:
        menu, holder = KeyMenu(self), QWidget()
        row_of(QLabel(self.tr("Faint")), self.slider, QLabel(self.tr("Strong")), within=holder, margins=(10, 6, 10, 6))
        line = QWidgetAction(menu)
        line.setDefaultWidget(holder)
        menu.addAction(line)
        return menu
