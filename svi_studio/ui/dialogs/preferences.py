"""The few things that the program lets one choose for all films: look, messages, folders."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QWidget,
)
from shiboken6 import isValid

from svi_studio.document.preference_names import (
    FILMS_FOLDER,
    MODELS_FOLDERS,
    PLAY_WHEN_DONE,
    SOUND_DEVICE,
    SOUND_INPUT,
    SOUND_LATE,
)
from svi_studio.document.preferences import Preferences, Theme
from svi_studio.document.sound.playback import MOST_LATE
from svi_studio.domain.number_range import NumberRange
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.desktop.notifications import NoticeKind, Notifications
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label

_SPACE = 14
Devices = Callable[[Callable[[tuple[str, ...]], None]], object]


class PreferencesDialog(PlainDialog):
    """Every change is in force and kept at once, so there is nothing to confirm.

    ``token_wanted``: the user wants to see to the access token for models.
    """

    token_wanted = Signal()

    def __init__(
        self,
        preferences: Preferences,
        parent: QWidget | None = None,
        outputs: Devices | None = None,
        inputs: Devices | None = None,
    ) -> None:
        """``outputs`` and ``inputs`` tell what they are given the names of the devices that play and record, later."""
        super().__init__(QCoreApplication.translate("PreferencesDialog", "Preferences"), parent=parent)
        self._preferences, self._outputs, self._inputs = preferences, outputs, inputs
        self.setMinimumWidth(640)
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(_SPACE)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self._label(self.tr("Appearance")), self._theme())
        form.addRow(self._label(self.tr("Messages")), self._messages())
        form.addRow(self._label(self.tr("Playback")), self._playback())
        form.addRow(self._label(self.tr("Sound")), self._sound())
        form.addRow(self._label(self.tr("New films")), self._films())
        form.addRow(self._label(self.tr("Models")), self._models())
        self.body.addLayout(form)
        self.add_button(self.tr("Close"), primary=True).clicked.connect(self.accept)

    def _label(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setMinimumHeight(30)
        return label

    def _theme(self) -> QWidget:
        box = QComboBox(self)
        box.setAccessibleName(self.tr("Appearance"))
        choices = {"system": self.tr("Follow the system"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        for name, words in choices.items():
            box.addItem(words, name)
        box.setCurrentIndex(box.findData(self._preferences.theme))
        box.activated.connect(lambda: self._preferences.set_theme(cast(Theme, box.currentData())))
        return box

    def _messages(self) -> QWidget:
        group = QWidget(self)
        column = column_of(within=group, spacing=4, margins=(0, 4, 0, 0))
        lead = plain_label(self.tr("While the window is in the background, tell me when"), group)
        lead.setWordWrap(False)
        column.addWidget(lead)
        words = {
            NoticeKind.CLIP_DONE: self.tr("a clip is done"),
            NoticeKind.FILM_DONE: self.tr("a render is done"),
            NoticeKind.EXPORT_DONE: self.tr("a film is exported"),
            NoticeKind.TRAINING_DONE: self.tr("a LoRA is trained"),
            NoticeKind.FAILED: self.tr("something has failed"),
        }
        for kind, text in words.items():
            flag_name = Notifications.flag_name(kind)
            box = QCheckBox(text, group)
            box.setChecked(self._preferences.flag(flag_name, default=Notifications.by_default(kind)))
            box.toggled.connect(lambda on, flag_name=flag_name: self._preferences.set_flag(flag_name, on))
            column.addWidget(box)
        return group

    def _playback(self) -> QWidget:
        group = QWidget(self)
        row = row_of(within=group)
        box = QCheckBox(self.tr("Play a film once when its first render has ended"), group)
        box.setMinimumHeight(30)
        row.addWidget(box)
        box.setChecked(self._preferences.flag(PLAY_WHEN_DONE, default=True))
        box.toggled.connect(lambda on: self._preferences.set_flag(PLAY_WHEN_DONE, on))
        return group

    def _sound(self) -> QWidget:
        """Through which device films are heard, and by how much it is late; and what is recorded from."""
        group = QWidget(self)
        device = self._device(self.tr("Sound device"), self.tr("Play through the usual device"), SOUND_DEVICE, group)
        self._list_devices(device, self._outputs)
        usual = self.tr("Record from the usual microphone")
        microphone = self._device(self.tr("Microphone"), usual, SOUND_INPUT, group)
        self._list_devices(microphone, self._inputs)
        late = NumberBox(NumberRange(-MOST_LATE, MOST_LATE, step=5), optional=False)
        late.setAccessibleName(self.tr("Milliseconds by which sound is late"))
        late.setToolTip(self.tr("Wireless headphones are late without saying so: the picture waits so long."))
        late.show_value(_whole(self._preferences.text(SOUND_LATE)))
        late.setFixedWidth(90)
        late.edited.connect(lambda value: self._preferences.set_text(SOUND_LATE, str(int(value))))
        words = plain_label(self.tr("Sound is late by, in milliseconds"), group)
        words.setWordWrap(False)
        column_of(device, row_of(words, late, 1, spacing=8), microphone, within=group, spacing=6)
        return group

    def _device(self, name: str, usual: str, setting: str, parent: QWidget) -> QComboBox:
        """A box to choose a sound device in, with the one that was chosen for ``setting``."""
        box = QComboBox(parent)
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.addItem(usual, "")
        chosen = self._preferences.text(setting)
        if chosen:
            box.addItem(chosen, chosen)
            box.setCurrentIndex(1)
        box.activated.connect(lambda: self._preferences.set_text(setting, box.currentData()))
        return box

    def _list_devices(self, box: QComboBox, devices: Devices | None) -> None:
        """Lists the devices once they are known: asking takes a moment, and not every computer has one."""
        if devices is None:
            return

        def show(names: tuple[str, ...]) -> None:
            if isValid(box):
                known = {box.itemData(place) for place in range(box.count())}
                for name in names:
                    if name not in known:
                        box.addItem(name, name)

        devices(show)

    def _films(self) -> QWidget:
        group = QWidget(self)
        row = row_of(within=group)
        field = QLineEdit(self._preferences.text(FILMS_FOLDER), group)
        field.setReadOnly(True)
        field.setPlaceholderText(self.tr("The folder “SVI Studio” among your videos"))
        field.setAccessibleName(self.tr("Folder for new films"))
        row.addWidget(field, 1)
        choose = self._button(self.tr("Choose…"), group)
        choose.clicked.connect(lambda: self._choose_films(field))
        row.addWidget(choose)
        back = self._button(self.tr("Default"), group)
        back.clicked.connect(lambda: self._set_films(field, ""))
        row.addWidget(back)
        return group

    def _choose_films(self, field: QLineEdit) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder for new films"), field.text())
        if folder:
            self._set_films(field, folder)

    def _set_films(self, field: QLineEdit, folder: str) -> None:
        self._preferences.set_text(FILMS_FOLDER, folder)
        field.setText(folder)

    def _models(self) -> QWidget:
        group = QWidget(self)
        column = column_of(within=group, spacing=6)
        folders = QListWidget(group)
        folders.setAccessibleName(self.tr("Folders with models"))
        folders.setFixedHeight(68)
        folders.addItems([part for part in self._preferences.text(MODELS_FOLDERS).split(os.pathsep) if part])
        column.addWidget(folders)
        row = QHBoxLayout()
        hint = plain_label(self.tr("These folders are searched as well."), group)
        row.addWidget(hint, 1)
        add, remove = self._button(self.tr("Add…"), group), self._button(self.tr("Remove"), group)
        add.clicked.connect(lambda: self._add_models(folders))
        remove.clicked.connect(lambda: self._remove_models(folders))
        remove.setEnabled(False)
        folders.currentRowChanged.connect(lambda place: remove.setEnabled(place >= 0))
        row.addWidget(add)
        row.addWidget(remove)
        column.addLayout(row)
        token = self._button(self.tr("Access token…"), group)
        token.clicked.connect(self.token_wanted)
        terms = plain_label(self.tr("For models whose makers want their terms accepted first."), group)
        column.addLayout(row_of((terms, 1), token, spacing=6))
        return group

    def _add_models(self, folders: QListWidget) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder with models"))
        if folder and folder not in self._listed(folders):
            folders.addItem(str(Path(folder)))
            self._keep_models(folders)

    def _remove_models(self, folders: QListWidget) -> None:
        folders.takeItem(folders.currentRow())
        self._keep_models(folders)

    def _keep_models(self, folders: QListWidget) -> None:
        self._preferences.set_text(MODELS_FOLDERS, os.pathsep.join(self._listed(folders)))

    def _listed(self, folders: QListWidget) -> list[str]:
        return [folders.item(place).text() for place in range(folders.count())]

    def _button(self, text: str, parent: QWidget) -> QPushButton:
        button = QPushButton(text, parent)
        button.setAutoDefault(False)
        return button


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0
