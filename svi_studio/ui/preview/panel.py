"""The preview panel: puts its parts together and switches between the film, one take and two takes."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svi_studio.jobs.frame_decoder import FrameDecoder
from svi_studio.jobs.render_queue import RenderQueue
from svi_studio.ui.actions import Actions
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.preview.film_frames import FilmFrames
from svi_studio.ui.preview.follow import Follow
from svi_studio.ui.preview.frame_commands import FrameCommands
from svi_studio.ui.preview.full_screen import FullScreen
from svi_studio.ui.preview.live_clip import LiveClip
from svi_studio.ui.preview.next_step import damaged_step, next_step
from svi_studio.ui.preview.play_commands import PlayCommands
from svi_studio.ui.preview.player import Player
from svi_studio.ui.preview.projector import Projector
from svi_studio.ui.preview.scene import Layout, Scene
from svi_studio.ui.preview.stage import Stage
from svi_studio.ui.preview.views import CompareView, FilmView, TakeView, View
from svi_studio.ui.preview.wording import clip_name, take_name

if TYPE_CHECKING:
    from svi_studio.document.open_film import OpenFilm


class PreviewPanel(QWidget):
    """``show_take`` and ``compare`` look at takes, ``show_film`` goes back; ``close_threads`` before it goes."""

    def __init__(self, film: "OpenFilm", queue: RenderQueue, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Preview"))
        self._film = film
        self._actions = actions
        self._frames = FilmFrames(film)
        self.decoder = FrameDecoder(self)
        self.live = LiveClip(queue, self)
        self.follow = Follow(self.live, film.playhead, self)
        self.projector = Projector(film, self.decoder, self.live, self.follow, self)
        self.player = Player(film.playhead, self, so_far=self._frames.rendered_end)
        self.stage = Stage(film.playhead, self.live, actions, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage, 1)
        self.setFocusProxy(self.stage)
        self.full_screen = FullScreen(self.stage, column, film.playhead, actions, self)
        self.play_commands = PlayCommands(film, self.player, actions, self)
        self.frame_commands = FrameCommands(film, self.projector, actions, self)
        self._attach(actions)
        self._connect()
        self.projector.project()
        self._show_next_step()
        self._show_inset()

    def show_take(self, take_hash: str) -> None:
        """Look at one take in its clip's place; nothing in the film changes."""
        clip_id = self._clip_of(take_hash)
        if clip_id is not None:
            self._set_view(TakeView(clip_id, take_hash))

    def compare(self, first: str, second: str) -> None:
        """Look at two takes frame by frame together."""
        clip_id = self._clip_of(first) or self._clip_of(second)
        if clip_id is not None and self._film.takes.has(second):
            self._set_view(CompareView(clip_id, first, second))

    def show_film(self) -> None:
        """Back to the film."""
        self._set_view(FilmView())

    def close_threads(self) -> bool:
        """End what runs in the background; returns whether it has ended. The panel shows nothing new afterwards."""
        self.player.stop()
        self.full_screen.leave()
        return all([self.frame_commands.close(), self.projector.close(), self.decoder.close()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the film."""
        if event.key() == Qt.Key.Key_Escape and not isinstance(self.projector.view, FilmView):
            self.show_film()
            return
        super().keyPressEvent(event)

    def _attach(self, actions: Actions) -> None:
        canvas = self.stage.canvas
        actions.connect_action("view.preview_full_screen", self.full_screen.toggle)
        actions.connect_action("view.picture_fit", lambda: canvas.set_zoom(0.0))
        actions.connect_action("view.picture_full_size", lambda: canvas.set_zoom(1.0))
        actions.connect_action("view.follow_render", self.follow.set_enabled)
        actions.set_checked("view.follow_render", self.follow.enabled)

    def _connect(self) -> None:
        film, stage = self._film, self.stage
        canvas, transport, bar = stage.canvas, stage.transport, stage.view_bar
        self.projector.scene_changed.connect(self._show_scene)
        self.live.changed.connect(self._show_inset)
        self.follow.changed.connect(self._show_inset)
        film.playhead.moved.connect(self._leave_clip)
        film.takes.changed.connect(self._takes_changed)
        for signal in (film.takes.scanned, film.states.changed, film.states.facts_changed, film.document.changed):
            signal.connect(self._show_next_step)
        stage.scrub_bar.scrubbed.connect(self.player.jump)
        transport.times.jump_wanted.connect(self.player.jump)
        transport.zoom.zoom_wanted.connect(canvas.set_zoom)
        canvas.zoom_changed.connect(transport.zoom.show_zoom)
        canvas.full_screen_wanted.connect(self.full_screen.toggle)
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        canvas.customContextMenuRequested.connect(self._show_menu)
        stage.inset.clicked.connect(self.follow.show_live)
        bar.back_wanted.connect(self.show_film)
        bar.take_wanted.connect(self._use_take)
        bar.layout_wanted.connect(self._set_layout)
        bar.swap_wanted.connect(self._swap)

    def _set_view(self, view: View) -> None:
        span = None if isinstance(view, FilmView) else self._frames.span(view.clip_id)
        self.player.set_limits(span)
        self.stage.scrub_bar.set_limits(span)
        self.follow.set_busy(span is not None)
        if span is not None and not span[0] <= self._film.playhead.frame <= span[1]:
            self._film.playhead.set_frame(span[0])
        self.projector.set_view(view)
        self._show_bar(view)
        self._show_inset()

    def _show_bar(self, view: View) -> None:
        bar, takes = self.stage.view_bar, self._film.takes
        if isinstance(view, FilmView):
            bar.hide()
            return
        clip = clip_name(self._film.document.index(view.clip_id) or 0)
        if isinstance(view, TakeView):
            words = self.tr("{clip}: {take}").format(take=take_name(takes, view.take_hash), clip=clip)
            bar.show_take(view, words, usable=self._is_usable(view.take_hash, view.clip_id))
            return
        words = self.tr("{clip}: two takes").format(clip=clip)
        usable = self._is_usable(view.first, view.clip_id), self._is_usable(view.second, view.clip_id)
        bar.show_compare(view, words, usable)

    def _is_usable(self, take_hash: str, clip_id: str) -> bool:
        """Whether the clip could become this take and is not it yet."""
        view = self._film.states.state(clip_id)
        return view.current_take != take_hash and not view.locked and not self._film.document.read_only

    def _clip_of(self, take_hash: str) -> str | None:
        """The clip in whose place a take is shown: the selected one or the one in the picture if it is its take."""
        spot = self._frames.spot(self._film.playhead.frame)
        take = self._film.takes.get(take_hash)
        near = [self._film.selection.current, spot.clip_id if spot else None]
        for clip_id in near:
            if clip_id is not None and take in self._film.takes.of_clip(clip_id):
                return clip_id
        made_for = take.job.clip_id if take is not None else None
        if made_for is not None and self._film.document.index(made_for) is not None:
            return made_for
        return spot.clip_id if spot is not None and take is not None else None

    @Slot(object)
    def _show_scene(self, scene: Scene) -> None:
        self.stage.canvas.show_scene(scene)
        words = scene.sides[0].words
        said = ", ".join(badge.text for badge in scene.badges) or ". ".join(filter(None, (words.title, words.note)))
        if said != self.stage.canvas.accessibleDescription():
            self.stage.canvas.setAccessibleDescription(said)

    @Slot()
    def _show_inset(self) -> None:
        clip_id = self.live.clip_id
        index = self._film.document.index(clip_id) if clip_id is not None else None
        self.stage.transport.follow.setVisible(clip_id is not None)
        self.stage.inset.setVisible(index is not None and not self.projector.shows_live)
        if index is not None:
            self.stage.inset.set_name(clip_name(index))

    @Slot()
    def _show_next_step(self) -> None:
        spot = self._frames.spot(self._film.playhead.frame)
        step = (damaged_step(self._film, spot) if spot is not None else None) or next_step(self._film)
        self.stage.next_step.show_step(step)
        self.stage.canvas.set_covered(step is not None)

    @Slot(int)
    def _leave_clip(self, frame: int) -> None:
        """Who goes to another clip, in the timeline for example, wants to see the film again."""
        view = self.projector.view
        span = None if isinstance(view, FilmView) else self._frames.span(view.clip_id)
        if not isinstance(view, FilmView) and (span is None or not span[0] <= frame <= span[1]):
            self.show_film()
        elif self.live.clip_id is not None:
            self._show_inset()
        if self._film.takes.has_lost_any:
            self._show_next_step()

    @Slot()
    def _takes_changed(self) -> None:
        view = self.projector.view
        if any(take is not None and not self._film.takes.has(take) for take in view.takes):
            self.show_film()
        elif not isinstance(view, FilmView):
            self._show_bar(view)
        self._show_next_step()

    @Slot(str)
    def _use_take(self, take_hash: str) -> None:
        view = self.projector.view
        if not isinstance(view, FilmView) and self._film.commands.takes.choose(take_hash, view.clip_id):
            self.show_film()

    @Slot(object)
    def _set_layout(self, layout: Layout) -> None:
        if isinstance(view := self.projector.view, CompareView):
            self._set_view(replace(view, layout=layout))

    @Slot()
    def _swap(self) -> None:
        if isinstance(view := self.projector.view, CompareView):
            self._set_view(replace(view, first=view.second, second=view.first))

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self._actions.action("play.toggle"), self._actions.action("view.preview_full_screen")])
        menu.addSeparator()
        menu.addActions(self.stage.transport.frame_actions())
        menu.addSeparator()
        menu.addActions([self._actions.action("view.picture_fit"), self._actions.action("view.picture_full_size")])
        menu.popup(self.stage.canvas.mapToGlobal(place))
