"""Keys that mean the chosen piece of a track, while the timeline has the keyboard: they are the clips' otherwise."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from svi_studio.domain.film.timecode import frames_a_second
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.timeline.hand.lane_host import LaneHost

Key, Modifier = Qt.Key, Qt.KeyboardModifier

LOUDER = 1.0
"""Decibels of one press."""


def is_for_piece(host: LaneHost, event: QKeyEvent) -> bool:
    """Whether the key does something to the chosen piece."""
    return _deed(host, event) is not None


def do_to_piece(host: LaneHost, event: QKeyEvent) -> bool:
    """Does what the key means; returns whether it means anything."""
    deed = _deed(host, event)
    if deed is not None:
        deed()
    return deed is not None


def _deed(host: LaneHost, event: QKeyEvent) -> Callable[[], object] | None:
    chosen, film = host.film.pieces.chosen, host.film
    if chosen is None:
        return None
    kind, place = chosen
    tracks, keys = film.commands.tracks, event.modifiers() & ~Modifier.KeypadModifier
    plain: dict[int, Callable[[], object]] = {
        Key.Key_S: lambda: tracks.split(kind),
        Key.Key_Delete: lambda: tracks.remove(kind, place),
        Key.Key_Backspace: lambda: tracks.remove(kind, place),
        Key.Key_Escape: film.pieces.clear,
        Key.Key_Return: host.piece_wanted.emit,
        Key.Key_Enter: host.piece_wanted.emit,
    }
    if keys == Modifier.NoModifier:
        return plain.get(event.key())
    if keys in {Modifier.AltModifier, Modifier.AltModifier | Modifier.ShiftModifier}:
        far = bool(keys & Modifier.ShiftModifier)
        return _moved(host, kind, place, far).get(event.key())
    return None


def _moved(host: LaneHost, kind: InputKind, place: int, far: bool) -> dict[int, Callable[[], object]]:
    """With Alt the arrows carry the piece by a frame, with Shift by a second, and make a sound louder and softer."""
    film = host.film
    step = frames_a_second(film.playhead.fps) if far else 1
    start = film.pieces.pieces(kind)[place].start
    deeds: dict[int, Callable[[], object]] = {
        Key.Key_Left: lambda: film.commands.tracks.move(kind, place, max(start - step, 0)),
        Key.Key_Right: lambda: film.commands.tracks.move(kind, place, start + step),
    }
    if kind is InputKind.SOUND:
        deeds[Key.Key_Up] = lambda: film.commands.sounds.louder(LOUDER)
        deeds[Key.Key_Down] = lambda: film.commands.sounds.louder(-LOUDER)
    return deeds
