"""The preview panel: the picture, what is said over it, and what lies under it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from svi_studio.document.preview.next_step import damaged_step, next_step
from svi_studio.document.preview.preview import Preview
from svi_studio.document.preview.scene import Scene
from svi_studio.document.preview.wording import clip_name, take_name
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.preview.frame_actions import FrameActions
from svi_studio.ui.preview.full_screen import FullScreen
from svi_studio.ui.preview.picture_area import PictureArea
from svi_studio.ui.preview.play_commands import PlayCommands

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm
    from svi_studio.document.render.queue import RenderQueue


class PreviewPanel(QWidget):
    """Shows ``preview``; ``close_threads`` before it goes."""

    def __init__(self, film: "OpenFilm", queue: "RenderQueue", actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Preview"))
        self._film = film
        self._actions = actions
        self.preview = preview = Preview(film, queue, self)
        self.area = PictureArea(film.playhead, preview.live, preview.playback, actions, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area, 1)
        self.setFocusProxy(self.area)
        self.full_screen = FullScreen(self.area, column, film.playhead, actions, self)
        self.play_commands = PlayCommands(film, preview.player, actions, self)
        self.frame_actions = FrameActions(film.document, preview.projector, preview.frame_commands, actions, self)
        self._attach(actions)
        self._connect()
        preview.projector.project()
        self._show_next_step()
        self._show_inset()
        self._show_volume()

    def close_threads(self) -> bool:
        """Ends what runs in the background; returns whether it has ended. The panel shows nothing new afterwards."""
        self.full_screen.leave()
        return self.preview.close()

    def is_in_front(self) -> bool:
        """Whether no other window of this or another program has the keyboard."""
        window = self.window()
        return window.isVisible() and QApplication.activeWindow() is window and QApplication.activeModalWidget() is None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the film."""
        if event.key() == Qt.Key.Key_Escape and self.preview.view.clip_id is not None:
            self.preview.show_film()
            return
        super().keyPressEvent(event)

    def _attach(self, actions: Actions) -> None:
        canvas, follow = self.area.canvas, self.preview.follow
        actions.connect_action("view.preview_full_screen", self.full_screen.toggle)
        actions.connect_action("view.picture_fit", lambda: canvas.set_zoom(0.0))
        actions.connect_action("view.picture_full_size", lambda: canvas.set_zoom(1.0))
        actions.connect_action("view.follow_render", follow.set_enabled)
        actions.set_checked("view.follow_render", follow.enabled)

    def _connect(self) -> None:
        film, area, preview = self._film, self.area, self.preview
        canvas, transport, bar = area.canvas, area.transport, area.view_bar
        preview.view_changed.connect(self._show_view)
        preview.projector.scene_changed.connect(self._show_scene)
        preview.live.changed.connect(self._show_inset)
        preview.follow.changed.connect(self._show_inset)
        film.playhead.moved.connect(self._show_place)
        film.document.changed.connect(self._show_volume)
        film.sounds.changed.connect(self._show_next_step)
        states = (film.states.changed, film.states.facts_changed)
        for signal in (film.takes.changed, film.takes.scanned, film.document.changed, *states):
            signal.connect(self._show_next_step)
        area.scrub_bar.scrubbed.connect(preview.player.jump)
        transport.times.jump_wanted.connect(preview.player.jump)
        transport.zoom.zoom_wanted.connect(canvas.set_zoom)
        canvas.zoom_changed.connect(transport.zoom.show_zoom)
        canvas.full_screen_wanted.connect(self.full_screen.toggle)
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        canvas.customContextMenuRequested.connect(self._show_menu)
        area.inset.clicked.connect(preview.follow.show_live)
        bar.back_wanted.connect(preview.show_film)
        bar.take_wanted.connect(preview.use_take)
        bar.layout_wanted.connect(preview.set_layout)
        bar.swap_wanted.connect(preview.swap)

    @Slot()
    def _show_view(self) -> None:
        self.area.scrub_bar.set_limits(self.preview.span)
        self._show_bar()
        self._show_inset()

    def _show_bar(self) -> None:
        bar, view = self.area.view_bar, self.preview.view
        if view.clip_id is None:
            bar.hide()
            return
        clip = clip_name(self._film.document.index(view.clip_id) or 0)
        words = self.tr("{clip}: {take}") if len(view.takes) == 1 else self.tr("{clip}: two takes")
        said = words.format(clip=clip, take=take_name(self._film.takes, view.takes[0]))
        bar.show_view(view, said, self.preview.usable)

    @Slot(object)
    def _show_scene(self, scene: Scene) -> None:
        self.area.canvas.show_scene(scene)
        words = scene.sides[0].words
        said = ", ".join(badge.text for badge in scene.badges) or ". ".join(filter(None, (words.title, words.note)))
        if said != self.area.canvas.accessibleDescription():
            self.area.canvas.setAccessibleDescription(said)

    @Slot()
    def _show_inset(self) -> None:
        index = self.preview.live_index
        self.area.transport.follow.setVisible(self.preview.live.clip_id is not None)
        self.area.inset.setVisible(index is not None and not self.preview.projector.shows_live)
        if index is not None:
            self.area.inset.set_name(clip_name(index))

    @Slot()
    def _show_volume(self) -> None:
        pieces = track_of(self._film.document.storyboard, InputKind.SOUND).pieces
        self.area.transport.show_volume(shown=bool(pieces))

    @Slot()
    def _show_next_step(self) -> None:
        spot = self.preview.frames.spot(self._film.playhead.frame)
        step = (damaged_step(self._film, spot) if spot is not None else None) or next_step(self._film)
        self.area.next_step.show_step(step)
        self.area.canvas.set_covered(step is not None)

    @Slot()
    def _show_place(self) -> None:
        """Another frame: whether the clip in the making is beside it, and whether the take there is damaged."""
        if self.preview.live.clip_id is not None:
            self._show_inset()
        if self._film.takes.has_lost_any:
            self._show_next_step()

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self._actions.action("play.toggle"), self._actions.action("view.preview_full_screen")])
        menu.addSeparator()
        menu.addActions(self.area.transport.frame_actions())
        menu.addSeparator()
        menu.addActions([self._actions.action("view.picture_fit"), self._actions.action("view.picture_full_size")])
        menu.popup(self.area.canvas.mapToGlobal(place))
