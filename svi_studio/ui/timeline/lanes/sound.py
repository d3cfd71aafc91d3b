"""The sound under the film: its pieces are carried, trimmed, slipped, faded and made louder; files are dropped here."""

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QMimeData, QPoint, Qt

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.document.sound.sound_files import is_sound, may_have_sound
from svi_studio.document.timeline.scene import DropPlace, Scene
from svi_studio.document.words import film_length
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.decibels import level_words
from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.timecode import timecode
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.theme.icons import icon
from svi_studio.ui.timeline.cards.in_words import plain_tip
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.drops import CLIP_DROPS, Drops
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers
from svi_studio.ui.timeline.hand.lane_host import LaneHost
from svi_studio.ui.timeline.hand.sound_gestures import PullFade, PullGain
from svi_studio.ui.timeline.lanes.lane import Hit, Lane, Part
from svi_studio.ui.timeline.lanes.paint_sound import (
    HANDLE,
    SHOWS_LINE,
    SOUND,
    fade_handle,
    gain_y,
    paint_sound,
    paint_sound_names,
    piece_name,
)
from svi_studio.ui.timeline.lanes.piece_menu import add_file_row, add_piece_rows
from svi_studio.ui.timeline.lanes.pieces import PieceLane, piece_at, piece_span, place_in_lane, press_empty

translate = QCoreApplication.translate

_LINE_REACH = 4
"""Pixels above and below the gain line that belong to it."""


def describe_piece(source: CardSource, scene: Scene, place: int) -> str:
    """A sound in words: its name, where it lies, how long it is, and what is done to it."""
    pieces = scene.pieces(SOUND)
    piece = pieces[place]
    fps = scene.layout.fps
    reading = source.film.sounds.reading(piece.file)
    parts = [
        translate("Timeline", "{length} from {start}").format(
            length=film_length(piece.length / fps), start=timecode(piece.start, fps)
        ),
        "" if piece.gain == 1 else level_words(piece.gain),
        translate("Timeline", "fades in") if piece.fade_in else "",
        translate("Timeline", "fades out") if piece.fade_out else "",
        translate("Timeline", "the track is muted") if track_of(source.film.document.storyboard, SOUND).muted else "",
        "" if reading is None or not reading.problem else reading.problem,
    ]
    return f"{piece_name(piece)}: " + ", ".join(part for part in parts if part)


def _hint(source: CardSource, scene: Scene, place: int) -> str:
    how = translate("Timeline", "Drag to move, the ends to trim, Alt and drag to slip.")
    title, _, rest = describe_piece(source, scene, place).partition(": ")
    return plain_tip(title, f"{rest}\n{how}")


def _show_menu(host: LaneHost, place: int, at: QPoint) -> None:
    film = host.film
    film.pieces.choose(SOUND, place)
    menu = KeyMenu(host)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    add_piece_rows(menu, host, SOUND, place)
    menu.addSeparator()
    _add_loudness(menu, host, place)
    menu.addSeparator()
    menu.addAction(translate("Timeline", "As many clips as the sound is long"), film.commands.sounds.fill_with_clips)
    muted = menu.addAction(icon("sound-off"), translate("Timeline", "Mute the sound"), film.commands.sounds.toggle_mute)
    muted.setCheckable(True)
    muted.setChecked(track_of(film.document.storyboard, SOUND).muted)
    if film.read_only:
        for row in menu.actions():
            row.setEnabled(False)
    menu.addSeparator()
    add_file_row(menu, host, SOUND, place)
    menu.popup(at)


def _add_loudness(menu: KeyMenu, host: LaneHost, place: int) -> None:
    sounds, fps = host.film.commands.sounds, host.film.playhead.fps
    menu.addAction(translate("Timeline", "Loudness…"), host.piece_wanted.emit)
    menu.addAction(translate("Timeline", "Bring to −23 LUFS"), lambda: sounds.bring_to(-23.0, place))
    menu.addAction(translate("Timeline", "As loud as the file"), lambda: sounds.set_level(0.0, place, merge=False))
    fades = KeyMenu(translate("Timeline", "Fades"), menu)
    second = round(fps)
    rows = (
        (translate("Timeline", "Fade in within a second"), second, None),
        (translate("Timeline", "Fade out within a second"), None, second),
        (translate("Timeline", "No fades"), 0, 0),
    )
    for words, fade_in, fade_out in rows:
        fades.addAction(words, partial(sounds.set_fades, fade_in, fade_out, place, merge=False))
    menu.addMenu(fades)


def _show_in_inspector(host: LaneHost, _place: int, _at: QPoint) -> None:
    host.piece_wanted.emit()


PIECES = PieceLane(
    kind=SOUND,
    file_frames=lambda film, file: film.sounds.frames(file),
    hint=_hint,
    menu=_show_menu,
    double_click=_show_in_inspector,
)


def _pull_fade(head: bool) -> Part:
    def press(host: LaneHost, place: int, at: QPoint, _keys: Modifiers) -> Gesture:
        return PullFade(PIECES.held(host, place, at), head)

    def hint(_source: CardSource, _scene: Scene, _place: int) -> str:
        if head:
            return translate("Timeline", "Drag to let the sound rise from silence.")
        return translate("Timeline", "Drag to let the sound fall to silence.")

    return Part(
        name=f"{SOUND} fade {'in' if head else 'out'}",
        cursor=Qt.CursorShape.PointingHandCursor,
        lane=str(SOUND),
        press=press,
        hint=hint,
        menu=_show_menu,
    )


def _gain_hint(_source: CardSource, scene: Scene, place: int) -> str:
    words = translate("Timeline", "{level}. Drag up and down for the loudness, with Shift for small steps.")
    return words.format(level=level_words(scene.pieces(SOUND)[place].gain))


def _choose_file(host: LaneHost, _index: int, _at: QPoint, _keys: Modifiers) -> None:
    host.file_requested.emit(SOUND)


FADE_IN, FADE_OUT = _pull_fade(True), _pull_fade(False)


def _as_the_file(host: LaneHost, place: int, _at: QPoint) -> None:
    host.film.commands.sounds.set_level(0.0, place, merge=False)


GAIN = Part(
    name=f"{SOUND} gain",
    cursor=Qt.CursorShape.SizeVerCursor,
    lane=str(SOUND),
    press=lambda host, place, at, _keys: PullGain(PIECES.held(host, place, at)),
    double_click=_as_the_file,
    hint=_gain_hint,
    menu=_show_menu,
)
NO_SOUND = Part(name="no sound", press=press_empty)
PLACE = Part(
    name="sound place",
    cursor=Qt.CursorShape.PointingHandCursor,
    answers=True,
    press=_choose_file,
    hint=lambda _source, _scene, _index: translate("Timeline", "The clips of this film are made from a sound."),
)


def _hit(scene: Scene, x: float, y: float) -> Hit:
    if not scene.pieces(SOUND):
        return Hit(PLACE)
    place = piece_at(scene, SOUND, x)
    if place is None:
        return Hit(NO_SOUND)
    return _handle_at(scene, place, x, y) or PIECES.hit(scene, x) or Hit(NO_SOUND)


def _handle_at(scene: Scene, place: int, x: float, y: float) -> Hit | None:
    """The handle of a fade, or the gain line, of a piece that is wide enough for them."""
    piece, lane = scene.pieces(SOUND)[place], scene.lanes[str(SOUND)]
    left, right = piece_span(scene, piece)
    if right - left < SHOWS_LINE:
        return None
    if y - lane.top <= 2 * HANDLE + 3:
        for part, head in ((FADE_IN, True), (FADE_OUT, False)):
            if abs(fade_handle(scene, piece, head=head) - x) <= HANDLE + 2:
                return Hit(part, place)
    inside = left + 8 <= x < right - 8
    return Hit(GAIN, place) if inside and abs(gain_y(lane, piece.gain) - y) <= _LINE_REACH else None


def _is_there(storyboard: Storyboard) -> bool:
    """A film with a sound, or one whose family needs one."""
    has = any(track.kind is SOUND and track.pieces for track in storyboard.tracks)
    return has or SOUND in family_to_show(storyboard.family).needs


def _takes(mime: QMimeData) -> bool:
    paths = dropped_paths(mime)
    return bool(paths) and all(map(may_have_sound, paths))


def _are_sounds(mime: QMimeData) -> bool:
    """Whether there is nothing but sounds in it; what a video is for depends on where it is dropped."""
    paths = dropped_paths(mime)
    return bool(paths) and all(map(is_sound, paths))


def _drop_hint(mime: QMimeData, scene: Scene, place: DropPlace) -> str:
    paths = dropped_paths(mime)
    start = timecode(place.index, scene.layout.fps)
    if len(paths) > 1:
        return translate("Timeline", "{count} sounds from {start} on").format(count=len(paths), start=start)
    if not is_sound(paths[0]):
        return translate("Timeline", "The sound of this video from {start} on").format(start=start)
    return translate("Timeline", "Sound from {start} on").format(start=start)


def _drop(film: OpenFilm, mime: QMimeData, place: DropPlace) -> None:
    film.sound_import.bring_in(dropped_paths(mime), place.index)


SOUND_DROPS = Drops(_takes, lambda _mime, scene, at: place_in_lane(scene, SOUND, at), _drop_hint, _drop)
"""Sounds, and videos for their sound, are laid where the mouse is."""


def _either(mime: QMimeData) -> Drops:
    return SOUND_DROPS if _takes(mime) else CLIP_DROPS


LANE_DROPS = Drops(
    lambda mime: _either(mime).takes(mime),
    lambda mime, scene, at: _either(mime).place_of(mime, scene, at),
    lambda mime, scene, place: _either(mime).hint(mime, scene, place),
    lambda film, mime, place: _either(mime).drop(film, mime, place),
)
"""What is no sound becomes clips, as everywhere on the timeline."""

SOUND_LANE = Lane(
    name=str(SOUND),
    title=str(QT_TRANSLATE_NOOP("Timeline", "Sound")),
    least=40,
    roomy=52,
    most=96,
    hit=_hit,
    paint=paint_sound,
    paint_above=paint_sound_names,
    drops=LANE_DROPS,
    drops_anywhere=SOUND_DROPS._replace(takes=_are_sounds),
    is_there=_is_there,
    describe=describe_piece,
    buttons=("sound.mute", "sound.record"),
)
