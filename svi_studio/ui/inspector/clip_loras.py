"""The LoRAs of the selected clips: the film's, weighed otherwise or off in them, and those that only they have."""

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import VARIOUS, ClipValue, InspectedClips
from svi_studio.domain.film.clip_loras import LoraSlot, slot_of
from svi_studio.domain.film.storyboard import LoraUse
from svi_studio.ui.controls.field import note_label, small_button
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.picture_well import dropped_file
from svi_studio.ui.controls.section import Section
from svi_studio.ui.dialogs.choose_file import choose_file
from svi_studio.ui.inspector.lora_list import LoraRow, lora_name


class FilmLoraRow(QWidget):
    """A LoRA of the film as the clips have it: its weight in them, off, or as in the film."""

    def __init__(self, use: LoraUse, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = lora_name(use)
        self.row = LoraRow(use, self)
        self.row.remove.hide()
        self.off = QCheckBox(self.tr("Off in this clip"), self)
        self.off.setAccessibleName(self.tr("{name} off in this clip").format(name=name))
        self.words = note_label("", self)
        self.back = small_button("undo", self.tr("Use {name} as the film has it").format(name=name), self)
        column_of(self.row, row_of(self.off, (self.words, 1), self.back, spacing=8), within=self, spacing=2)

    def show_uses(self, film: LoraUse, own: LoraUse | None, *, is_open: bool) -> None:
        """Shows the film's use of it, and the clips' own if they have one."""
        off = own is not None and not own.weight
        self.row.show_use(film if own is None or off else own, is_open and not off)
        self.off.blockSignals(True)
        self.off.setChecked(off)
        self.off.blockSignals(False)
        self.off.setEnabled(is_open)
        differs = own is not None and not off
        words = self.tr("{weight} in the film").format(weight=f"{film.weight:g}") if differs else ""
        self.words.setText(words)
        self.words.setVisible(differs)
        self.back.setVisible(differs)
        self.back.setEnabled(is_open)


class ClipLoraList(Section):
    """Rows are kept as long as the LoRAs are the same, so that a hand on a slider is not shaken off."""

    def __init__(self, clips: InspectedClips, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._clips, self._film, self._media = clips, film, film.clip_media
        self._commands = film.commands.clip_loras
        self._value = ClipValue(clips, "loras", "", self)
        self._slots: tuple[tuple[LoraSlot, ...], tuple[LoraSlot, ...]] = ((), ())
        self.film_rows: list[FilmLoraRow] = []
        self.rows: list[LoraRow] = []
        self.note = note_label("", self)
        self.problem = note_label("", self)
        self.problem.setProperty("tone", "danger")
        self.add = QPushButton(self.tr("Add a LoRA to this clip…"), self)
        self._room = column_of(spacing=12)
        self.body.addWidget(self.note)
        self.body.addLayout(self._room)
        self.body.addWidget(self.problem)
        self.body.addWidget(self.add)
        self.add.clicked.connect(self._ask)
        self._media.refused.connect(self._refused)
        self._media.noted.connect(self._refused)
        self._media.busy.connect(self._show_busy)
        clips.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        clips.others_chosen.connect(lambda: self._refused(""))
        self.show_state()

    def show_state(self) -> None:
        """Shows the LoRAs of the clips as they are now."""
        own = self._value.get() or ()
        various = own is VARIOUS
        own_uses: tuple[LoraUse, ...] = () if various else own
        self.set_title(self._title(various=various, count=len(own_uses)))
        film_uses = () if various else self._clips.document.storyboard.loras
        in_film = {slot_of(use) for use in film_uses}
        only = tuple(use for use in own_uses if slot_of(use) not in in_film)
        slots = tuple(map(slot_of, film_uses)), tuple(map(slot_of, only))
        if slots != self._slots:
            self._rebuild(film_uses, only)
            self._slots = slots
        self._show_rows(film_uses, {slot_of(use): use for use in own_uses}, only)
        self._say(various=various, film=bool(film_uses), own=bool(only))
        self.add.setEnabled(self._clips.is_open)
        self.setAcceptDrops(self._clips.is_open)

    def bring_in(self, file: Path) -> None:
        """Checks the file and copies it into the film; then the selected clips have it at full weight."""
        self._refused("")
        self.set_open(True)
        ids = self._clips.open_ids
        self._media.lora(file, self._clips.document.storyboard.model, lambda use: self._use(ids, use))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere here."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Brings it in."""
        file = dropped_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.bring_in(file)

    def _title(self, *, various: bool, count: int) -> str:
        name = self.tr("This clip's LoRAs") if len(self._clips.ids) == 1 else self.tr("LoRAs of these clips")
        if various:
            return self.tr("{name} (various)").format(name=name)
        return f"{name} ({count})" if count else name

    def _say(self, *, various: bool, film: bool, own: bool) -> None:
        words = ""
        if various:
            words = self.tr("These clips have different LoRAs: select one of them to see its own.")
        elif not film and not own:
            words = self.tr("A LoRA added here counts in this clip only, for example a look or a movement.")
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _show_rows(self, film: tuple[LoraUse, ...], own: dict[LoraSlot, LoraUse], only: tuple[LoraUse, ...]) -> None:
        is_open, two = self._clips.is_open, self._film.has_two_experts
        for row, use in zip(self.film_rows, film, strict=True):
            row.show_uses(use, own.get(slot_of(use)), is_open=is_open)
        for each, use in zip(self.rows, only, strict=True):
            taken = {other.expert for other in (*film, *only) if other.file == use.file} - {use.expert}
            each.show_use(use, is_open)
            each.show_expert(use, two_experts=two, taken=taken, is_open=is_open)

    def _rebuild(self, film: tuple[LoraUse, ...], only: tuple[LoraUse, ...]) -> None:
        while (item := self._room.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.film_rows = [self._film_row(use) for use in film]
        self.rows = [self._own_row(use) for use in only]

    def _film_row(self, use: LoraUse) -> FilmLoraRow:
        row = FilmLoraRow(use, self)
        row.row.weighed.connect(lambda weight: self._commands.weigh(self._clips.open_ids, use, weight))
        row.row.left.connect(self._clips.document.end_merge)
        row.off.toggled.connect(lambda off: self._switch(use, off=off))
        row.back.clicked.connect(lambda: self._commands.remove(self._clips.open_ids, use))
        self._room.addWidget(row)
        return row

    def _own_row(self, use: LoraUse) -> LoraRow:
        row = LoraRow(use, self)
        row.weighed.connect(lambda weight: self._commands.weigh(self._clips.open_ids, use, weight))
        row.left.connect(self._clips.document.end_merge)
        row.removed.connect(lambda: self._commands.remove(self._clips.open_ids, use))
        row.given.connect(lambda expert: self._commands.give_to(self._clips.open_ids, use, expert))
        self._room.addWidget(row)
        return row

    def _switch(self, use: LoraUse, *, off: bool) -> None:
        change = self._commands.switch_off if off else self._commands.remove
        change(self._clips.open_ids, use)

    def _use(self, ids: tuple[str, ...], use: LoraUse) -> None:
        board = self._clips.document.storyboard
        if any(slot_of(each) == slot_of(use) for each in board.loras):
            self._refused(self.tr("The film has this LoRA: weigh it otherwise in this clip above."))
            return
        left = [clip_id for clip_id in ids if self._clips.document.index(clip_id) is not None]
        self._commands.add(left, use)

    def _refused(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _show_busy(self, waiting: int) -> None:
        self.add.setText(self.tr("Copying…") if waiting else self.tr("Add a LoRA to this clip…"))

    def _ask(self) -> None:
        """Chooses a file without blocking the window."""
        kinds = self.tr("LoRA files (*.safetensors)")
        dialog = choose_file(self, self.tr("Choose a LoRA"), kinds, lambda file: self.bring_in(Path(file)))
        dialog.setObjectName("choose lora")
