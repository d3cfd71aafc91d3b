"""The skeleton under the film: dances that its clips follow, as figures along time."""

from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QMimeData, QPoint, Qt

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.document.skeleton.dance_files import is_dance
from svi_studio.document.skeleton.dance_search import DanceSearch
from svi_studio.document.skeleton.wording import facts_of, name_of, spots_of, steps_of
from svi_studio.document.timeline.scene import DropPlace, Scene
from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.skeleton.piece_menu import fill_skeleton_menu
from svi_studio.ui.timeline.cards.in_words import plain_tip
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.drops import Drops
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers
from svi_studio.ui.timeline.hand.lane_host import LaneHost
from svi_studio.ui.timeline.lanes.lane import Brush, Hit, Lane, Part
from svi_studio.ui.timeline.lanes.paint_skeleton import paint_skeleton_names, paint_skeletons
from svi_studio.ui.timeline.lanes.piece_menu import add_file_row, add_piece_rows
from svi_studio.ui.timeline.lanes.pieces import PieceLane, place_in_lane, press_empty

translate = QCoreApplication.translate

KIND = InputKind.SKELETON


def _file_frames(film: OpenFilm, file: str) -> int | None:
    known = film.skeleton.shelf.find(file)
    return None if known is None else known.film_frames


def _hint(source: CardSource, scene: Scene, place: int) -> str:
    film, piece = source.film, scene.pieces(KIND)[place]
    known = film.skeleton.shelf.find(piece.file)
    if known is None:
        return name_of(piece, None)
    spots = len(spots_of(piece, known, scene.layout.fps))
    look = translate("Timeline", "{count} places to look at").format(count=spots) if spots else ""
    told = (facts_of(known), steps_of(known), look, translate("Timeline", "Drag moves it, its ends trim, Alt slips."))
    return plain_tip(name_of(piece, known), "\n".join(part for part in told if part))


def _menu(host: LaneHost, place: int, at: QPoint) -> None:
    host.film.pieces.choose(KIND, place)
    menu = KeyMenu(host)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    fill_skeleton_menu(menu, host.film, place)
    menu.addSeparator()
    add_piece_rows(menu, host, KIND, place)
    add_file_row(menu, host, KIND, place)
    menu.popup(at)


def _show(host: LaneHost, _place: int, _at: QPoint) -> None:
    """A double click shows everything about it."""
    host.piece_wanted.emit()


PIECES = PieceLane(kind=KIND, file_frames=_file_frames, hint=_hint, menu=_menu, double_click=_show)


def _press_empty(host: LaneHost, index: int, at: QPoint, keys: Modifiers) -> Gesture | None:
    """A dance that is being looked for comes back to the front; else nothing is chosen."""
    search = _search_at(host, at)
    if search is not None:
        host.film.dances.search_wanted.emit(search)
        return None
    return press_empty(host, index, at, keys)


def _press_place(host: LaneHost, index: int, at: QPoint, keys: Modifiers) -> Gesture | None:
    """The invitation, while it is there, asks for a file."""
    if host.film.dances.searches:
        return _press_empty(host, index, at, keys)
    host.file_requested.emit(KIND)
    return None


def _search_at(host: LaneHost, at: QPoint) -> DanceSearch | None:
    frame, fps = host.scene.scale.frame_at(at.x()), host.film.playhead.fps
    for search in host.film.dances.searches:
        start, length = search.span(fps, host.film.skeleton.pieces)
        if start <= frame < start + length:
            return search
    return None


def _empty_hint(_source: CardSource, _scene: Scene, _index: int) -> str:
    return translate(
        "Timeline", "Drop a video of somebody dancing here, or a pose file: the body in the film follows it."
    )


EMPTY = Part(name="no skeleton", press=_press_empty, hint=_empty_hint)
PLACE = Part(
    name="skeleton place",
    cursor=Qt.CursorShape.PointingHandCursor,
    answers=True,
    press=_press_place,
    hint=_empty_hint,
)


def _hit(scene: Scene, x: float, _y: float) -> Hit:
    if not scene.pieces(KIND):
        return Hit(PLACE)
    return PIECES.hit(scene, x) or Hit(EMPTY)


def dances_in(mime: QMimeData) -> list[Path]:
    """What could be dances among the files that are dropped, judged by their names."""
    return [path for path in dropped_paths(mime) if is_dance(path)]


def _drop(film: OpenFilm, mime: QMimeData, place: DropPlace) -> None:
    for path in dances_in(mime)[:1]:
        film.dances.bring_in(path, place.index)


def _drop_words(_mime: QMimeData, _scene: Scene, _place: DropPlace) -> str:
    return translate("Timeline", "The dance begins here")


DROPS = Drops(
    takes=lambda mime: len(dances_in(mime)) == 1,
    place_of=lambda _mime, scene, at: place_in_lane(scene, KIND, at),
    hint=_drop_words,
    drop=_drop,
)


def has_skeleton_lane(storyboard: Storyboard) -> bool:
    """Whether a film follows a skeleton, or has one."""
    needed = KIND in family_to_show(storyboard.family).needs
    return needed or any(track.kind is KIND for track in storyboard.tracks)


def _paint(brush: Brush) -> None:
    paint_skeletons(brush, PIECES)


SKELETON = Lane(
    name=str(KIND),
    title=str(QT_TRANSLATE_NOOP("Timeline", "Skeleton")),
    least=44,
    roomy=62,
    most=96,
    hit=_hit,
    paint=_paint,
    paint_above=paint_skeleton_names,
    drops=DROPS,
    buttons=("film.add_skeleton",),
    is_there=has_skeleton_lane,
)
