"""Puts the panels of a film into its window, each where it belongs, and lets them speak to each other."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.document.preview.first_showing import FirstShowing
from svi_studio.document.render.motion_trial import MotionTrial
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.export.film_export import FilmExport
from svi_studio.ui.inspector.panel import InspectorPanel
from svi_studio.ui.preview.panel import PreviewPanel
from svi_studio.ui.render.bar import RenderBar
from svi_studio.ui.render.neighbour_render import NeighbourRender
from svi_studio.ui.render.queue_panel import QueuePanel
from svi_studio.ui.skeleton.film_dances import FilmDances
from svi_studio.ui.speech.film_speech import FilmSpeech
from svi_studio.ui.storyline.film_story import FilmStory
from svi_studio.ui.takes.panel import TakesPanel
from svi_studio.ui.timeline.panel import TimelinePanel
from svi_studio.ui.window.film_window import FilmWindow
from svi_studio.ui.window.unfit_banner import UnfitBanner

_RIGHT, _BELOW = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
_CLIP_MENU = (
    "clip.edit_prompt",
    "clip.rewrite",
    "clip.story_after",
    "",
    "clip.insert_before",
    "clip.insert_after",
    "clip.duplicate",
    "clip.delete",
    "",
    "edit.cut",
    "edit.copy",
    "edit.paste",
    "",
    "clip.toggle_cut",
    "clip.toggle_lock",
    "clip.reroll",
    "clip.fork",
    "clip.untrim",
    "",
    "clip.set_image",
    "clip.clear_image",
    "clip.set_end_image",
    "clip.clear_end_image",
    "",
    "clip.render_between",
    "render.selection",
    "render.from_here",
)
_GAP_MENU = ("clip.insert_after", "edit.paste", "edit.select_all", "", "view.fit", "view.grid")


def make_film_window(
    film: OpenFilm,
    actions: Actions,
    preferences: Preferences,
    open_film: Callable[[Path], object],
) -> FilmWindow:
    """The window of ``film`` with all its panels; not shown yet."""
    window = FilmWindow(film, actions, preferences, open_film)
    window.parts = FilmPanels(window)
    return window


class FilmPanels:
    """The panels of one window, made once; they belong to it."""

    def __init__(self, window: FilmWindow) -> None:
        film, actions = window.film, window.actions_table
        self._window, self._actions = window, actions
        queue = window.rendering.queue
        self.preview = PreviewPanel(film, queue, actions, window)
        in_front = self.preview.is_in_front
        self.showing = FirstShowing(film, queue, self.preview.preview, window.preferences, is_in_front=in_front)
        self.timeline = TimelinePanel(film, actions, window.thumbnails, window)
        self.inspector = InspectorPanel(film, window)
        self.unfit = UnfitBanner(self.inspector.film, window.banners, window)
        self.trial = MotionTrial(film, queue, window)
        self.inspector.use_trial(self.trial)
        self.takes = TakesPanel(film, actions, window.thumbnails, window)
        self.queue = QueuePanel(queue, film, window.thumbnails, window)
        self.bar = RenderBar(film, queue, actions, window)
        self.export = FilmExport(
            film,
            window.preferences,
            window,
            status=window.status,
            notifications=window.notifications,
            render=self.bar.commands.render_clips,
        )
        self.story = FilmStory(
            film,
            window.preferences,
            window,
            actions=actions,
            thumbnails=window.thumbnails,
            status=window.status,
            rendering=window.rendering,
        )
        self.dances = FilmDances(film, actions, window)
        self.inspector.skeleton_page.use_people(self.dances.people)
        self.speech = FilmSpeech(film, window, actions)
        self.between = NeighbourRender(film, self.bar.commands, self.takes.joins, window.banners, actions)
        self._place()
        self._connect()

    def _place(self) -> None:
        window = self._window
        window.set_centre(self.preview)
        window.set_bar("render-bar", window.tr("Rendering"), self.bar)
        window.add_panel("timeline", window.tr("Timeline"), self.timeline, _BELOW)
        window.add_panel("inspector", window.tr("Inspector"), self.inspector, _RIGHT)
        window.add_panel("takes", window.tr("Takes"), self.takes, _RIGHT, beside="inspector")
        window.add_panel("queue", window.tr("Queue"), self.queue, _RIGHT, beside="takes")
        window.panels["inspector"].raise_()
        self.timeline.setFocus()  # plain keys work at once, instead of going into a text field

    def _connect(self) -> None:
        self._window.film.closing.connect(self.preview.close_threads)
        self._window.closing.is_exporting = lambda: self.export.is_busy
        self.timeline.prompt_edit_requested.connect(self._edit_prompt)
        self.timeline.picture_requested.connect(self._choose_picture)
        self.timeline.context_menu_requested.connect(self._clip_menu)
        self.timeline.file_requested.connect(self._choose_file)
        self.timeline.piece_wanted.connect(self._show_piece)
        self._window.sound_actions.settings_wanted.connect(self._show_piece)
        self.preview.preview.playback.lost.connect(self._tell_sound_lost)
        self.takes.show_take_requested.connect(self.preview.preview.show_take)
        self.takes.compare_requested.connect(self.preview.preview.compare)
        self.trial.ready.connect(self.preview.preview.play_both)
        self.queue.clips_wanted.connect(self._select_clips)
        self.bar.prompt_wanted.connect(self._edit_prompt)
        self._window.film.commands.takes.continued.connect(lambda: self._edit_prompt(""))  # typed words are no commands
        self._window.prompts_dropped.connect(self.story.import_file)
        self.inspector.ready_made_wanted.connect(self.story.choose_ready_made)
        self.inspector.models_wanted.connect(self._actions.action("film.models").trigger)
        self.inspector.loras_wanted.connect(self._actions.action("film.loras").trigger)
        self._window.models_changed.connect(self.inspector.models_changed)
        self.story.model_wanted.connect(self._choose_model)
        self._actions.connect_action("film.other_model", self._choose_model)
        self._actions.connect_action("film.export", self.export.open)
        self._actions.connect_action("clip.edit_prompt", lambda: self._edit_prompt(""))
        self._actions.connect_action("render.show_queue", lambda: self._window.show_panel("queue"))

    def _choose_file(self, kind: InputKind) -> None:
        """What the user is asked for who presses the empty lane of that kind."""
        ask = {InputKind.SOUND: self._window.sound_actions.choose, InputKind.SKELETON: self.dances.ask_for_dance}
        ask[kind]()

    def _select_clips(self, first: int, last: int) -> None:
        clips = self._window.film.document.storyboard.clips[first : last + 1]
        self._window.film.selection.select([clip.id for clip in clips])

    def _edit_prompt(self, clip_id: str) -> None:
        selection = self._window.film.selection
        if clip_id and clip_id not in selection.ids:
            selection.select([clip_id])
        self._window.show_panel("inspector")
        self.inspector.edit_prompt()

    def _show_piece(self) -> None:
        """Shows what can be changed of the chosen piece of a track."""
        if self._window.film.pieces.chosen is not None:
            self._window.show_panel("inspector")
            self.inspector.edit_piece()

    def _tell_sound_lost(self, sentence: str) -> None:
        retry = [(self._window.tr("Try again"), self.preview.preview.playback.try_again)]
        self._window.banners.tell("sound lost", "warn", sentence, retry, seconds=20)

    def _choose_model(self) -> None:
        self._window.show_panel("inspector")
        self.inspector.choose_model()

    def _choose_picture(self, clip_id: str) -> None:
        self._window.film.selection.select([clip_id])
        self._actions.action("clip.set_image").trigger()

    def _clip_menu(self, place: QPoint, clip_id: str | None) -> None:
        menu = KeyMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action_id in _GAP_MENU if clip_id is None else _CLIP_MENU:
            if action_id:
                menu.addAction(self._actions.action(action_id))
            else:
                menu.addSeparator()
        menu.popup(place)
