"""Attaches the actions of the play menu to the player and the playhead."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

from svi_studio.document.preview.player import Player
from svi_studio.domain.film.timecode import frames_a_second
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.preview.held_keys import HeldKeys

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm


class PlayCommands(QObject):
    """The commands that play the film; disabled while it has no second frame."""

    def __init__(self, film: "OpenFilm", player: Player, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._playhead = film.playhead
        self._player = player
        self._actions = actions
        self._held = HeldKeys(self)
        self._handlers = self._table()
        for action_id, handler in self._handlers.items():
            actions.connect_action(action_id, handler)
        actions.set_checked("play.loop", player.loop)
        film.playhead.time_changed.connect(self._show_possible)
        film.playhead.range_changed.connect(self._show_possible)
        self._show_possible()

    def _table(self) -> dict[str, Callable[..., object]]:
        playhead, player = self._playhead, self._player
        return {
            "play.toggle": player.toggle,
            "play.forward": lambda: self._shuttle(1),
            "play.stop": player.stop,
            "play.backward": lambda: self._shuttle(-1),
            "play.loop": player.set_loop,
            "play.previous_frame": lambda: player.step(-1),
            "play.next_frame": lambda: player.step(1),
            "play.second_back": lambda: player.step(-self._second()),
            "play.second_on": lambda: player.step(self._second()),
            "play.previous_edit": lambda: player.jump(self._edit_before()),
            "play.next_edit": lambda: player.jump(self._edit_after()),
            "play.start": lambda: player.jump(0),
            "play.end": lambda: player.jump(playhead.last_frame),
            "play.set_in": lambda: playhead.set_in(playhead.frame),
            "play.set_out": lambda: playhead.set_out(playhead.frame),
            "play.go_to_in": lambda: player.jump(playhead.in_frame or 0),
            "play.go_to_out": lambda: player.jump(_or(playhead.out_frame, playhead.last_frame)),
            "play.clear_in": lambda: playhead.set_in(None),
            "play.clear_out": lambda: playhead.set_out(None),
            "play.clear_range": playhead.clear_range,
        }

    def _shuttle(self, direction: int) -> None:
        """With K held, one frame; a key that is only held down does not go faster and faster."""
        if any(self._held.is_down(key) for key in self._keys_of("play.stop")):
            self._player.step(direction)
        elif not self._held.repeats:
            self._player.shuttle(direction)

    def _keys_of(self, action_id: str) -> list[Qt.Key]:
        shortcuts = self._actions.action(action_id).shortcuts()
        return [keys[0].key() for keys in shortcuts if keys.count()]  # type: ignore[index]

    def _second(self) -> int:
        return frames_a_second(self._playhead.time.fps)

    def _edit_before(self) -> int:
        """Start of the clip in the picture, or of the one before when the playhead stands there already."""
        frame, clips = self._playhead.frame, self._playhead.time.clips
        index = self._playhead.clip_at(frame)
        if index is None:
            return 0
        return clips[index].start if frame > clips[index].start else clips[max(0, index - 1)].start

    def _edit_after(self) -> int:
        """Start of the next clip, or the last frame."""
        clips = self._playhead.time.clips
        index = self._playhead.clip_at(self._playhead.frame)
        if index is None or index + 1 >= len(clips):
            return self._playhead.last_frame
        return clips[index + 1].start

    @Slot()
    def _show_possible(self) -> None:
        some, playhead = self._playhead.last_frame > 0, self._playhead
        for action_id in self._handlers:
            self._actions.set_enabled(action_id, some)
        self._actions.set_enabled("play.go_to_in", playhead.in_frame is not None)
        self._actions.set_enabled("play.clear_in", playhead.in_frame is not None)
        self._actions.set_enabled("play.go_to_out", playhead.out_frame is not None)
        self._actions.set_enabled("play.clear_out", playhead.out_frame is not None)
        both = playhead.in_frame is not None or playhead.out_frame is not None
        self._actions.set_enabled("play.clear_range", both)


def _or(frame: int | None, other: int) -> int:
    return other if frame is None else frame
