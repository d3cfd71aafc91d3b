"""The clips: cards that are chosen, carried, chained and cut, and the place for one more."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPoint, Qt

from svi_studio.document.timeline.scene import Scene
from svi_studio.ui.timeline.cards.in_words import describe, plain_tip
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers, is_far
from svi_studio.ui.timeline.hand.lane_host import LaneHost, Overlay
from svi_studio.ui.timeline.lanes.lane import NOTHING, Hit, Lane, Part
from svi_studio.ui.timeline.lanes.paint_clips import SEAM_NEEDS, paint_clips, paint_hover

translate = QCoreApplication.translate

SEAM_REACH = 9
"""Pixels to each side of a seam's sign that belong to it."""
_COPY = Modifiers.ControlModifier | Modifiers.AltModifier
_POINTING = Qt.CursorShape.PointingHandCursor


class _DragCards(Gesture):
    """Carries the selected cards to another gap; with Ctrl or Alt it leaves them and carries copies."""

    def __init__(self, host: LaneHost, index: int, at: QPoint, keys: Modifiers) -> None:
        super().__init__(host)
        self._id = host.scene.layout.clips[index].id
        self._start, self._moved = at, False
        selection = host.film.selection
        if keys & Modifiers.ShiftModifier:
            selection.extend_to(self._id)
        elif self._id not in selection.ids and not keys & Modifiers.ControlModifier:
            selection.select([self._id])

    def move(self, at: QPoint, keys: Modifiers) -> None:
        film, scene = self.host.film, self.host.scene
        if not self._moved:
            if not is_far(self._start, at) or film.document.read_only:
                return
            self._moved = True
            if self._id not in film.selection.ids:
                film.selection.select([self._id])
        overlay = Overlay(ghost=at, ghost_ids=film.selection.ids, copies=bool(keys & _COPY))
        overlay.insertion = scene.layout.gap_at(scene.scale.frame_at(at.x()))
        self.host.set_overlay(overlay)

    def finish(self, at: QPoint, keys: Modifiers) -> None:
        gap = self.host.overlay.insertion
        super().finish(at, keys)
        film = self.host.film
        if self._moved and gap is not None:
            if keys & _COPY:
                film.commands.clips.copy_to(film.selection.ids, gap)
            else:
                film.commands.clips.move(film.selection.ids, gap)
        elif not self._moved and keys & Modifiers.ControlModifier:
            film.selection.toggle(self._id)
        elif not self._moved and not keys & Modifiers.ShiftModifier:
            film.selection.select([self._id])


def _edit_prompt(host: LaneHost, index: int, _at: QPoint) -> None:
    host.prompt_edit_requested.emit(host.scene.layout.clips[index].id)


def _toggle_cut(host: LaneHost, index: int, _at: QPoint, _keys: Modifiers) -> None:
    host.film.selection.select([host.scene.layout.clips[index].id])
    host.film.commands.clips.toggle_cut()


def _add_clip(host: LaneHost, _index: int, _at: QPoint, _keys: Modifiers) -> None:
    host.film.commands.clips.insert_prompts([""], len(host.scene.layout))
    if host.film.selection.current is not None:
        host.prompt_edit_requested.emit(host.film.selection.current)


def _card_hint(source: CardSource, _scene: Scene, index: int) -> str:
    view, clip = source.view(index), source.layout.clips[index]
    told = (view.message, clip.prompt or source.no_prompt(index), clip.note)
    return plain_tip(describe(source, index), "\n".join(part for part in told if part))


def _seam_hint(_source: CardSource, scene: Scene, index: int) -> str:
    if scene.layout.chain_starts[index]:
        return translate(
            "Timeline", "A cut: this clip starts from its own picture. Click to let it follow the clip before."
        )
    if scene.layout.overlap <= 1:
        return translate(
            "Timeline", "Chained: this clip goes on from the last frame of the one before. Click to cut here."
        )
    return translate(
        "Timeline", "Chained: this clip goes on from the last {count} frames of the one before. Click to cut here."
    ).format(count=scene.layout.overlap)


CARD = Part(name="card", of_clip=True, press=_DragCards, double_click=_edit_prompt, hint=_card_hint)
SEAM = Part(name="seam", cursor=_POINTING, of_clip=True, answers=True, press=_toggle_cut, at_once=True, hint=_seam_hint)
ADD = Part(
    name="add",
    cursor=_POINTING,
    answers=True,
    press=_add_clip,
    at_once=True,
    hint=lambda _source, _scene, _index: translate("Timeline", "Add a clip"),
)


def _hit(scene: Scene, x: float, y: float) -> Hit:
    frame = scene.scale.frame_at(x)
    index = scene.layout.clip_at(frame)
    if index is None:
        return Hit(ADD) if frame >= scene.layout.frames else NOTHING
    if abs(y - scene.seam_y()) <= SEAM_REACH:
        gap = scene.layout.gap_at(frame)
        left, right = scene.card_span(index)
        seam_x = scene.scale.x(scene.layout.edges[gap])
        if 0 < gap < len(scene.layout) and right - left >= SEAM_NEEDS and abs(x - seam_x) <= SEAM_REACH:
            return Hit(SEAM, gap)
    return Hit(CARD, index)


CLIPS = Lane(
    name="clips",
    title=str(QT_TRANSLATE_NOOP("Timeline", "Clips")),
    least=64,
    most=248,
    hit=_hit,
    paint=paint_clips,
    paint_above=paint_hover,
    shows_clips=True,
)
