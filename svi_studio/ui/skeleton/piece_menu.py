"""The menu of a piece of the skeleton lane: what can be done with a dance."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.skeleton.wording import Spot, spots_of
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.theme.icons import icon

MOST_SPOTS = 16

translate = QCoreApplication.translate


def fill_skeleton_menu(menu: QMenu, film: OpenFilm, place: int) -> None:
    """Adds everything that can be done with the skeleton at ``place``; what is not possible now is grey."""
    changes, wishes = film.skeleton_changes, film.skeleton_wishes
    known = film.skeleton.shelved(place)
    is_open = not film.read_only and known is not None and known.in_film is not None
    piece = film.skeleton.pieces[place]
    can_loop, can_hold = (changes.can_lengthen(place, loop=loop) for loop in (True, False))

    def add(name: str, words: str, do: object, possible: bool = is_open) -> None:
        action = menu.addAction(icon(name), words) if name else menu.addAction(words)
        action.triggered.connect(do)
        action.setEnabled(possible)

    add("pin", translate("Skeleton", "Align to the picture…"), lambda: wishes.align.emit(place))
    add("compare", translate("Skeleton", "Mirror"), lambda: changes.mirror(place))
    add("", translate("Skeleton", "Size…"), lambda: wishes.scale.emit(place))
    menu.addSeparator()
    add("", translate("Skeleton", "Speed…"), lambda: wishes.speed.emit(place))
    add("loop", translate("Skeleton", "Loop to the end of the film"), lambda: changes.loop(place), can_loop)
    add("", translate("Skeleton", "Hold the last pose to the end of the film"), lambda: changes.hold(place), can_hold)
    longer = not film.read_only and film.skeleton.pieces[-1].stop > film.playhead.time.frames
    fill = lambda: film.commands.tracks.fill_with_clips(InputKind.SKELETON)  # noqa: E731 - one row of many
    add("clip", translate("Skeleton", "As many clips as the dance is long"), fill, longer)
    menu.addSeparator()
    add("", translate("Skeleton", "Choose another dancer…"), lambda: wishes.another.emit(place), not film.read_only)
    _add_spots(menu, film, spots_of(piece, known, film.playhead.fps))
    add("undo", translate("Skeleton", "As it was found"), lambda: changes.as_found(place), changes.is_changed(place))


def _add_spots(menu: QMenu, film: OpenFilm, spots: list[Spot]) -> None:
    """The frames worth a look, each of which can be gone to."""
    places = KeyMenu(menu)
    places.setTitle(translate("Skeleton", "Places to look at"))
    for spot in spots[:MOST_SPOTS]:
        action = places.addAction(spot.words)
        action.triggered.connect(lambda _=False, frame=spot.frame: film.playhead.set_frame(frame))
    menu.addMenu(places).setEnabled(bool(spots))
