"""The menu beside the render button: other clips than all that are missing, with what each choice would cost."""

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document import words
from svi_studio.document.render.commands import RenderCommands, Scope
from svi_studio.document.render.offer import RenderOffer
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.theme.icons import keep_icon


class RenderMenuButton(QPushButton):
    """Opens the menu; its entries are counted at that moment."""

    def __init__(self, commands: RenderCommands, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._commands = commands
        self._actions = actions
        self.choices = KeyMenu(self)
        self.choices.aboutToShow.connect(self.fill)
        self.setIconSize(QSize(16, 16))
        self.setFixedWidth(36)
        self.setAccessibleName(self.tr("What to render"))
        self.setToolTip(self.tr("What to render"))
        self.clicked.connect(self._open)
        self.show_primary(False)

    def show_primary(self, primary: bool) -> None:
        """Looks like the button that it belongs to."""
        keep_icon(self, "chevron-down", "on-accent" if primary else "text")
        set_look(self, "primary", primary)

    def _open(self) -> None:
        self.choices.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def fill(self) -> None:
        """Counts what each choice means now."""
        menu = self.choices
        menu.clear()
        texts = {
            Scope.MISSING: self.tr("Everything that is missing"),
            Scope.SELECTED: self.tr("The selected clips"),
            Scope.FROM_HERE: self.tr("From here to the end"),
            Scope.RANGE: self.tr("Between in and out"),
        }
        keys = {Scope.MISSING: "stale", Scope.SELECTED: "selection", Scope.FROM_HERE: "from_here", Scope.RANGE: "range"}
        for scope, text in texts.items():
            offer = self._commands.offer_for(scope)
            shortcut = self._actions.action(f"render.{keys[scope]}").shortcut()
            action = menu.addAction(f"{text}  ·  {_cost(self, offer, bool(self._commands.spans(scope)))}")
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutVisibleInContextMenu(True)
            action.setEnabled(bool(offer.spans))
            action.triggered.connect(lambda _checked=False, chosen=scope: self._commands.render(chosen))
        menu.addSeparator()
        menu.addAction(self._actions.action("render.stale_first"))
        menu.addSeparator()
        menu.addAction(self._actions.action("render.draft"))
        menu.addAction(self._actions.action("render.check"))
        menu.addAction(self._actions.action("render.show_queue"))


def _cost(owner: QWidget, offer: RenderOffer, anything: bool) -> str:
    if not anything:
        return owner.tr("none chosen")
    if not offer.clips:
        return owner.tr("nothing to do")
    clips = words.clips(offer.clips)
    return clips if offer.cost.seconds is None else f"{clips}, {words.about(offer.cost.seconds)}"
