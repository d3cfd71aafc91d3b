"""Attaches the actions that edit the open film to its commands, and keeps their words and greyness true."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.ui.actions.window_actions import Actions

_TextField = QLineEdit | QPlainTextEdit | QTextEdit
_FOR_SELECTED = (
    "edit.cut",
    "edit.copy",
    "clip.duplicate",
    "clip.delete",
    "clip.move_left",
    "clip.move_right",
    "clip.toggle_cut",
    "clip.toggle_lock",
    "clip.reroll",
    "clip.set_image",
    "clip.clear_image",
    "clip.clear_end_image",
    "clip.fork",
    "take.previous",
    "take.next",
    "take.release",
    *(f"take.rate_{stars}" for stars in range(6)),
)
_NOT_EDITS = frozenset({"edit.copy", "edit.select_all", "edit.select_none"})


class FilmActions(QObject):
    """Undo, redo, the clipboard, clips, takes, markers. Cut, copy and paste go to a text field that has the focus."""

    def __init__(self, actions: Actions, film: OpenFilm, parent: QObject) -> None:
        super().__init__(parent)
        self._actions, self._film = actions, film
        self._attach()
        stack = film.document.undo_stack
        for signal in (stack.canUndoChanged, stack.canRedoChanged, stack.undoTextChanged, stack.redoTextChanged):
            signal.connect(self._show_undo)
        film.selection.changed.connect(self._show_selected)
        film.document.changed.connect(self._show_markers)
        film.document.changed.connect(self._show_clips)
        film.playhead.moved.connect(self._show_markers)
        self._show_undo()
        self._show_selected()
        self._show_markers()

    def _attach(self) -> None:
        film, commands = self._film, self._film.commands
        stack = film.document.undo_stack
        handlers: dict[str, Callable[..., object]] = {
            "edit.undo": lambda: self._step(stack.undo),
            "edit.redo": lambda: self._step(stack.redo),
            "edit.cut": lambda: self._text_or("cut", commands.clipboard.cut),
            "edit.copy": lambda: self._text_or("copy", commands.clipboard.copy),
            "edit.paste": lambda: self._text_or("paste", commands.clipboard.paste),
            "edit.select_all": film.selection.select_all,
            "edit.select_none": film.selection.clear,
            "clip.insert_before": commands.clips.insert_before,
            "clip.insert_after": commands.clips.insert_after,
            "clip.duplicate": commands.clips.duplicate,
            "clip.delete": commands.clips.delete,
            "clip.move_left": commands.clips.move_left,
            "clip.move_right": commands.clips.move_right,
            "clip.toggle_cut": lambda _checked: self._toggle(commands.clips.toggle_cut),
            "clip.toggle_lock": lambda _checked: self._toggle(commands.clips.toggle_lock),
            "clip.reroll": commands.clips.reroll,
            "clip.clear_image": commands.pictures.clear_image,
            "clip.clear_end_image": commands.ends.clear_end,
            "clip.fork": commands.clips.fork,
            "clip.untrim": commands.clips.untrim,
            "clip.at_playhead": self._select_at_playhead,
            "clip.select_previous": lambda: self._select_beside(-1),
            "clip.select_next": lambda: self._select_beside(1),
            "take.previous": commands.takes.previous,
            "take.next": commands.takes.next,
            "take.release": commands.takes.release,
            "play.add_marker": commands.markers.add,
            "play.previous_marker": lambda: self._go_to_marker(-1),
            "play.next_marker": lambda: self._go_to_marker(1),
            "play.remove_marker": self._remove_marker,
        }
        handlers |= {f"take.rate_{stars}": self._rating(stars) for stars in range(6)}
        for action_id, handler in handlers.items():
            self._actions.connect_action(action_id, handler)

    def _step(self, step: Callable[[], None]) -> None:
        """Undoes or redoes; what is typed afterwards is a step of its own."""
        self._film.document.end_merge()
        step()

    def _rating(self, stars: int) -> Callable[[], object]:
        return lambda: self._film.commands.takes.rate(stars)

    def _text_or(self, method: str, command: Callable[[], object]) -> None:
        field = QApplication.focusWidget()
        if isinstance(field, _TextField):
            getattr(field, method)()
        else:
            command()

    def _select_at_playhead(self) -> None:
        index = self._film.playhead.clip_at(self._film.playhead.frame)
        if index is not None:
            self._film.selection.select([self._film.document.storyboard.clips[index].id])

    def _select_beside(self, step: int) -> None:
        clips = self._film.document.storyboard.clips
        current = self._film.selection.current
        here = self._film.document.index(current) if current else None
        if clips:
            place = min(max(0, (here or 0) + step if here is not None else 0), len(clips) - 1)
            self._film.selection.select([clips[place].id])

    def _go_to_marker(self, step: int) -> None:
        frame = self._film.playhead.frame
        frames = sorted(marker.frame for marker in self._film.document.storyboard.markers)
        beyond = [place for place in frames if (place > frame if step > 0 else place < frame)]
        if beyond:
            self._film.playhead.set_frame(beyond[0] if step > 0 else beyond[-1])

    def _remove_marker(self) -> None:
        index = self._film.commands.markers.at()
        if index is not None:
            self._film.commands.markers.remove(index)

    @Slot()
    def _show_undo(self) -> None:
        stack = self._film.document.undo_stack
        steps = (
            ("edit.undo", stack.canUndo(), stack.undoText(), self.tr("Undo {step}")),
            ("edit.redo", stack.canRedo(), stack.redoText(), self.tr("Redo {step}")),
        )
        for action_id, possible, step, words in steps:
            self._actions.set_enabled(action_id, possible)
            lower = step[:1].lower() + step[1:]
            self._actions.set_text(action_id, words.format(step=lower) if possible and step else None)

    @Slot()
    def _show_selected(self) -> None:
        some = bool(self._film.selection.ids)
        for action_id in _FOR_SELECTED:
            self._actions.set_enabled(action_id, some and (not self._film.read_only or action_id in _NOT_EDITS))
        self._show_clips()
        for action_id in ("clip.insert_before", "clip.insert_after", "edit.paste", "play.add_marker"):
            self._actions.set_enabled(action_id, not self._film.read_only)
        self._actions.set_enabled("clip.go_on_from_video", not self._film.read_only)

    @Slot()
    def _show_clips(self) -> None:
        """Checks the menu's actions for the selected clips as they are."""
        found = map(self._film.document.clip, self._film.selection.ids)
        clips = [clip for clip in found if clip is not None]
        trimmed = any(clip.end is not None for clip in clips)
        self._actions.set_enabled("clip.untrim", trimmed and not self._film.read_only)
        may_end = bool(clips) and self._film.document.storyboard.ends_on_pictures
        self._actions.set_enabled("clip.set_end_image", may_end and not self._film.read_only)
        has_end = any(clip.end_image is not None for clip in clips)
        self._actions.set_enabled("clip.clear_end_image", has_end and not self._film.read_only)
        self._actions.set_checked("clip.toggle_cut", bool(clips) and all(clip.cut for clip in clips))
        self._actions.set_checked("clip.toggle_lock", bool(clips) and all(clip.locked for clip in clips))

    def _toggle(self, command: Callable[[], object]) -> None:
        """Toggles the state; where that is refused the menu shows it as it still is."""
        command()
        self._show_clips()

    @Slot()
    def _show_markers(self) -> None:
        markers = self._film.document.storyboard.markers
        for action_id in ("play.previous_marker", "play.next_marker"):
            self._actions.set_enabled(action_id, bool(markers))
        here = bool(markers) and self._film.commands.markers.at() is not None and not self._film.read_only
        for action_id in ("play.remove_marker", "play.rename_marker"):
            self._actions.set_enabled(action_id, here)
