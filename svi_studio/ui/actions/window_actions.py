"""All actions of one window: made from the table, given a handler by the panel that owns what they do."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from svi_studio.ui.actions.action_table import ROWS, ActionRow, rows_by_id
from svi_studio.ui.actions.action_tips import TIPS
from svi_studio.ui.actions.key_guard import guard_typing
from svi_studio.ui.theme.icons import keep_icon

_ONE_OF = (("view.theme_light", "view.theme_dark", "view.theme_system"),)


class Actions(QObject):
    """``QAction`` objects by id. An action without a handler is greyed out until ``connect_action`` gives it one.

    Add them to a window with ``add_to``: only then do their keys work, and never while someone types in a text field.
    """

    def __init__(
        self,
        parent: QObject | None = None,
        keys: Mapping[str, tuple[str, ...]] | None = None,
        *,
        icons: bool = True,
    ) -> None:
        """``keys`` replace those of the table; without ``icons`` it is made in a moment, for a window without menus."""
        super().__init__(parent)
        self._icons = icons
        self._rows = rows_by_id()
        self._handlers: dict[str, Callable[..., object]] = {}
        self._actions = {row.id: self._make(row) for row in ROWS if row.id}
        for ids in _ONE_OF:
            group = QActionGroup(self)
            for action_id in ids:
                group.addAction(self._actions[action_id])
        self.set_keys(keys or {})

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids in the order of the menus."""
        return tuple(self._actions)

    def action(self, action_id: str) -> QAction:
        """The action of that id; KeyError when the table has none."""
        return self._actions[action_id]

    def row(self, action_id: str) -> ActionRow:
        """The row of the table for that action."""
        return self._rows[action_id]

    def connect_action(self, action_id: str, handler: Callable[..., object]) -> None:
        """From now on the action calls ``handler()``, or ``handler(checked)`` when it is checkable; enables it."""
        self._handlers[action_id] = handler
        self._actions[action_id].setEnabled(True)

    def set_enabled(self, action_id: str, enabled: bool) -> None:
        """Greys out or brings back; one without a handler stays grey."""
        self._actions[action_id].setEnabled(enabled and action_id in self._handlers)

    def set_checked(self, action_id: str, checked: bool) -> None:
        """Shows a state that changed elsewhere; calls no handler."""
        self._actions[action_id].setChecked(checked)

    def set_text(self, action_id: str, text: str | None = None) -> None:
        """Sets another text for now, such as "Undo move"; None for that of the table."""
        self._actions[action_id].setText(text if text is not None else self.text(action_id))

    def text(self, action_id: str) -> str:
        """The words of the table in the user's language."""
        return QCoreApplication.translate("Actions", self._rows[action_id].text)

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys in force, as portable texts."""
        portable = QKeySequence.SequenceFormat.PortableText
        return tuple(keys.toString(portable) for keys in self._actions[action_id].shortcuts())

    def set_keys(self, changes: Mapping[str, tuple[str, ...]]) -> None:
        """Puts the table's keys in force with these changes (id -> key texts, none for no key)."""
        for action_id, action in self._actions.items():
            keys = changes.get(action_id, self._rows[action_id].keys)
            action.setShortcuts([QKeySequence(key, QKeySequence.SequenceFormat.PortableText) for key in keys])
            action.setToolTip(_tip(action))

    def add_to(self, window: QWidget) -> None:
        """Makes the keys work in ``window`` and its panels."""
        guard_typing()
        window.addActions(list(self._actions.values()))

    def _make(self, row: ActionRow) -> QAction:
        action = QAction(self.text(row.id), self)
        action.setObjectName(row.id)
        action.setCheckable(row.checkable)
        action.setEnabled(False)
        action.setMenuRole(_role(row.id))
        if row.id in TIPS:
            action.setStatusTip(QCoreApplication.translate("Actions", TIPS[row.id]))
        action.triggered.connect(lambda checked=False, action_id=row.id: self._call(action_id, checked))
        if row.icon and self._icons:
            keep_icon(action, row.icon)
        action.setIconVisibleInMenu(not row.checkable)  # there stands the mark that says whether it is on
        return action

    def _call(self, action_id: str, checked: bool) -> None:
        handler = self._handlers.get(action_id)
        if handler is not None:
            handler(checked) if self._rows[action_id].checkable else handler()


def _role(action_id: str) -> QAction.MenuRole:
    roles = {
        "film.quit": QAction.MenuRole.QuitRole,
        "edit.preferences": QAction.MenuRole.PreferencesRole,
        "help.about": QAction.MenuRole.AboutRole,
    }
    return roles.get(action_id, QAction.MenuRole.NoRole)


def _tip(action: QAction) -> str:
    words = action.text().rstrip("…").replace("&", "")
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    named = f"{words} ({keys})" if keys else words
    return f"{named}\n{action.statusTip()}" if action.statusTip() else named
