"""Keyboard shortcuts: find an action, press its new keys, see who had them, or take the keys of another editor."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from svi_studio.document.preferences import Preferences
from svi_studio.ui.actions.action_table import MENUS
from svi_studio.ui.actions.key_presets import PRESETS, Keys, owner_of, preset_keys, preset_of, shown_keys
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label
from svi_studio.ui.theme.icons import icon

_ID = Qt.ItemDataRole.UserRole
_PORTABLE = QKeySequence.SequenceFormat.PortableText


class ShortcutsDialog(PlainDialog):
    """Works on a copy; "Save" puts it in force in every window."""

    def __init__(self, actions: Actions, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("ShortcutsDialog", "Keyboard shortcuts"), parent=parent)
        self._actions, self._preferences = actions, preferences
        self.keys: dict[str, Keys] = {action_id: actions.keys(action_id) for action_id in actions.ids}
        self._items: dict[str, QTreeWidgetItem] = {}
        self._groups: list[QTreeWidgetItem] = []
        self.resize(720, 600)
        self._search = QLineEdit(self)
        self._presets = QComboBox(self)
        self._tree = QTreeWidget(self)
        self._press = QKeySequenceEdit(self)
        self._said = plain_label("", self, "warn")
        self._set = QPushButton(self.tr("Set"), self)
        self._clear = QPushButton(self.tr("No key"), self)
        self._lay_out()
        self._connect()
        self._fill()
        self._show_preset()
        self._search.setFocus()

    @property
    def found(self) -> tuple[str, ...]:
        """The actions that the search shows."""
        return tuple(action_id for action_id, item in self._items.items() if not item.isHidden())

    def choose(self, action_id: str) -> None:
        """Selects this action."""
        self._tree.setCurrentItem(self._items[action_id])

    def press(self, keys: str) -> None:
        """Takes ``keys`` (portable text) as if they had been pressed in the field."""
        self._press.setKeySequence(QKeySequence(keys, _PORTABLE))

    def _lay_out(self) -> None:
        self._search.setPlaceholderText(self.tr("Search for an action or a key"))
        self._search.setAccessibleName(self.tr("Search"))
        self._search.setClearButtonEnabled(True)
        self._search.addAction(icon("search", "text-dim"), QLineEdit.ActionPosition.LeadingPosition)
        self._presets.setAccessibleName(self.tr("Preset"))
        for name in PRESETS:
            self._presets.addItem(QCoreApplication.translate("KeyPresets", name), name)
        self._presets.addItem(self.tr("Your own"), None)
        top = row_of((self._search, 1), self._presets)
        self.body.addLayout(top)
        self._set_up_tree()
        self.body.addWidget(self._tree, 1)
        self._press.setAccessibleName(self.tr("New keys"))
        self._press.setMaximumSequenceLength(1)
        self._press.setClearButtonEnabled(True)
        bottom = row_of(plain_label(self.tr("New keys"), self, ""), (self._press, 1))
        for button in (self._set, self._clear):
            button.setAutoDefault(False)
            bottom.addWidget(button)
        self.body.addLayout(bottom)
        self.body.addWidget(self._said)
        self.add_button(self.tr("Cancel")).clicked.connect(self.reject)
        self.add_button(self.tr("Save"), primary=True).clicked.connect(self._save)

    def _set_up_tree(self) -> None:
        self._tree.setAccessibleName(self.tr("Actions and their keys"))
        self._tree.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self._tree.setRootIsDecorated(False)
        self._tree.setIndentation(14)
        self._tree.setUniformRowHeights(True)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.header().setStretchLastSection(False)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._filter)
        self._presets.activated.connect(self._take_preset)
        self._tree.currentItemChanged.connect(self._show_current)
        self._press.keySequenceChanged.connect(self._judge)
        self._set.clicked.connect(self._set_keys)
        self._clear.clicked.connect(lambda: self._change(self._current, lambda _: ()))

    @property
    def _current(self) -> str:
        item = self._tree.currentItem()
        return str(item.data(0, _ID) or "") if item is not None else ""

    @property
    def _pressed(self) -> str:
        return str(self._press.keySequence().toString(_PORTABLE))

    def _fill(self) -> None:
        for menu, title in MENUS:
            words = QCoreApplication.translate("Actions", title).replace("&", "")
            group = QTreeWidgetItem(self._tree, [words, ""])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            for action_id in (each for each in self._actions.ids if self._actions.row(each).menu == menu):
                item = QTreeWidgetItem(group, [self._actions.text(action_id).rstrip("…"), ""])
                item.setData(0, _ID, action_id)
                self._items[action_id] = item
            group.setExpanded(True)
            self._groups.append(group)
        self._show_keys()
        self._tree.setCurrentItem(next(iter(self._items.values())))

    def _show_keys(self) -> None:
        for action_id, item in self._items.items():
            item.setText(1, shown_keys(self.keys[action_id]))

    def _show_preset(self) -> None:
        self._presets.setCurrentIndex(self._presets.findData(preset_of(self.keys)))

    @Slot()
    def _show_current(self) -> None:
        own = self.keys.get(self._current, ())
        self._press.setKeySequence(QKeySequence(own[0], _PORTABLE) if own else QKeySequence())
        self._judge()

    @Slot()
    def _judge(self) -> None:
        """Names the action that has these keys now, before they are taken away from it."""
        key = self._pressed
        owner = owner_of(key, self.keys, but=self._current) if key else None
        words = self.tr("“{action}” has these keys now. Setting them takes them away there.")
        self._said.setText(words.format(action=self._actions.text(owner).rstrip("…")) if owner else " ")
        self._set.setEnabled(bool(self._current and key) and key not in self.keys[self._current])
        self._clear.setEnabled(bool(self._current and self.keys[self._current]))

    @Slot()
    def _set_keys(self) -> None:
        key = self._pressed
        owner = owner_of(key, self.keys, but=self._current)
        if owner is not None:
            self._change(owner, lambda old: tuple(each for each in old if owner_of(key, {owner: (each,)}) is None))
        self._change(self._current, lambda _: (key,))

    def _change(self, action_id: str, change: Callable[[Keys], Keys]) -> None:
        if action_id:
            self.keys[action_id] = change(self.keys[action_id])
            self._show_keys()
            self._show_preset()
            self._judge()

    @Slot()
    def _take_preset(self) -> None:
        name = self._presets.currentData()
        if name is not None:
            self.keys = preset_keys(name)
            self._show_keys()
            self._show_current()

    @Slot(str)
    def _filter(self, typed: str) -> None:
        wanted = typed.strip().casefold()
        for item in self._items.values():
            item.setHidden(wanted not in f"{item.text(0)} {item.text(1)}".casefold())
        for group in self._groups:
            group.setHidden(all(item.isHidden() for item in self._items.values() if item.parent() is group))

    @Slot()
    def _save(self) -> None:
        for action_id, keys in self.keys.items():
            own = self._actions.row(action_id).keys
            self._preferences.set_keys(action_id, None if keys == own else keys)
        self.accept()
