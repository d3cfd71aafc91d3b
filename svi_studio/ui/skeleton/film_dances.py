"""The dialogs of the dances in a film's window: adding one, choosing the dancer, aligning, speed and size."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector.picture_person import PicturePeople, PicturePerson
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.video_files import is_video
from svi_studio.document.skeleton.dance_files import dance_filter
from svi_studio.document.skeleton.dance_search import DanceSearch
from svi_studio.document.skeleton.fitting import Fitting
from svi_studio.document.skeleton.pose_networks import PoseNetworks
from svi_studio.document.skeleton.poses_choice import PosesChoice
from svi_studio.document.skeleton.shelf import Shelved
from svi_studio.document.skeleton.wording import facts_of, name_of, spots_of
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.dialogs.choose_file import choose_file
from svi_studio.ui.skeleton.added_dialog import AddedDialog, Ending
from svi_studio.ui.skeleton.align_dialog import AlignDialog
from svi_studio.ui.skeleton.poses_dialog import PosesDialog
from svi_studio.ui.skeleton.search_dialog import SearchDialog
from svi_studio.ui.skeleton.small_dialogs import SizeDialog, SpeedDialog


class FilmDances(QObject):
    """Belongs to the window of ``film``."""

    def __init__(self, film: OpenFilm, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._film, self._window = film, window
        self.networks = PoseNetworks(self)
        self.people = PicturePeople(film.skeleton, self)
        self._dialogs: dict[DanceSearch, SearchDialog] = {}
        self._new: int | None = None
        actions.connect_action("film.add_skeleton", self.ask_for_dance)
        actions.set_enabled("film.add_skeleton", not film.read_only)
        film.dances.search_wanted.connect(self.show_search)
        film.dances.choice_wanted.connect(self.ask_of_poses)
        film.dances.laid.connect(self._laid)
        film.skeleton.changed.connect(self._follow)
        wishes = film.skeleton_wishes
        for signal, do in (
            (wishes.align, self.align),
            (wishes.speed, self.ask_speed),
            (wishes.scale, self.ask_size),
            (wishes.another, self.another_dancer),
        ):
            signal.connect(do)
        film.closing.connect(self.close)

    @Slot()
    def ask_for_dance(self) -> None:
        """Lets the user choose a video or a pose file."""
        title = self.tr("Choose a video of somebody dancing, or a pose file")
        choose_file(self._window, title, dance_filter(), lambda name: self._film.dances.bring_in(Path(name)))

    @Slot(object)
    def show_search(self, search: DanceSearch) -> None:
        """Brings the dialog of a search to the front."""
        dialog = self._dialogs.get(search)
        if dialog is None:
            dialog = self._dialogs[search] = SearchDialog(search, self.networks, self._window)
            dialog.finished.connect(lambda: self._forget(search))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    @Slot(object)
    def ask_of_poses(self, choice: PosesChoice) -> None:
        """Asks what the poses of another program do not say, then has them laid."""
        dialog = PosesDialog(choice.path.name, choice.assumed, choice.skeleton.num_frames, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.chosen.connect(partial(self._film.dances.take, choice))
        dialog.open()

    @Slot(int)
    def align(self, index: int) -> None:
        """Asks where the person in the picture has its joints, and aligns the dance to it."""
        picture, known = self.people.picture_of(index), self._film.skeleton.shelved(index)
        if picture is None:
            self._refuse(self.tr("The film has no picture to align the dance to: give it a start picture first."))
        elif known is not None and known.in_film is not None:
            dialog = AlignDialog(known.in_film, self._window)
            dialog.finished.connect(dialog.deleteLater)
            dialog.chosen.connect(lambda skeleton: self._film.skeleton_changes.align(index, skeleton))
            self.people.find(
                picture, lambda person: self._show_person(dialog, person), lambda words: _tell(dialog, words)
            )
            dialog.open()

    @Slot(int)
    def ask_speed(self, index: int) -> None:
        """Asks how fast the dance shall be."""
        piece, changes = self._film.skeleton.pieces[index], self._film.skeleton_changes
        seconds = piece.length / self._film.playhead.fps
        dialog = SpeedDialog(seconds, seconds, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.factor_chosen.connect(lambda factor: changes.retime(index, factor))
        dialog.fit_chosen.connect(lambda: changes.fit(index))
        dialog.open()

    @Slot(int)
    def ask_size(self, index: int) -> None:
        """Asks how large the dancer shall be."""
        dialog = SizeDialog(self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.factor_chosen.connect(lambda factor: self._film.skeleton_changes.scale(index, factor))
        dialog.open()

    @Slot(int)
    def another_dancer(self, index: int) -> None:
        """Looks again in the dance's video; asks where that is when it is not known any more."""
        dances = self._film.dances
        if dances.search_again(index):
            return
        skeleton = self._film.skeleton
        name = name_of(skeleton.pieces[index], skeleton.shelved(index))
        title = self.tr("Where is the video “{name}”?").format(name=name)
        choose_file(self._window, title, dance_filter(), lambda chosen: dances.search_again(index, Path(chosen)))

    def close(self) -> bool:
        """Ends the threads; returns whether they have ended."""
        return all([self.networks.close(), self.people.close()])

    # A new dance

    @Slot(int)
    def _laid(self, index: int) -> None:
        """A new piece: once its file is known, what it still needs is asked."""
        self._new = index
        self._film.pieces.choose(InputKind.SKELETON, index)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        index = self._new
        known = None if index is None else self._film.skeleton.shelved(index)
        if index is not None and known is not None:
            self._new = None
            if known.film_frames is not None:
                self._ask_what_it_needs(index, known)

    def _ask_what_it_needs(self, index: int, known: Shelved) -> None:
        film, piece = self._film, self._film.skeleton.pieces[index]
        fps, end = film.playhead.fps, film.skeleton_changes.end_of_film(index)
        dialog = AddedDialog(f"{name_of(piece, known)}: {facts_of(known)}.", self._window)
        is_short, is_long = piece.stop < end, piece.stop > film.playhead.time.frames
        spots = spots_of(piece, known, fps)
        if is_short:
            dialog.ask_ending(piece.stop / fps, end / fps)
        elif is_long and film.skeleton.is_needed:
            dialog.ask_length(piece.stop / fps, film.playhead.time.frames / fps)
            dialog.clips_wanted.connect(partial(film.commands.tracks.fill_with_clips, InputKind.SKELETON))
        can_fit = film.skeleton.is_needed and known.in_film is not None
        picture = self.people.picture_of(index) if can_fit else None
        source, note = film.dances.sources.get(piece.file), film.dances.notes.get(piece.file, "")
        if source is not None and is_video(source):
            dialog.offer_sound()
            dialog.sound_wanted.connect(lambda: film.sound_import.bring_in([source], at=piece.start))
        if note:
            dialog.tell_note(note)
        show = partial(
            self._show_added, dialog, index, asks=is_short or is_long or bool(spots or note), spots=len(spots)
        )
        if picture is None:
            show()
        else:
            self.people.find(picture, lambda person: self._offer(dialog, known, person, show), lambda _words: show())

    def _offer(self, dialog: AddedDialog, known: Shelved, person: PicturePerson, show: Callable[..., None]) -> None:
        assert known.in_film is not None  # noqa: S101 - asked before
        fitting = Fitting(known.in_film)
        can_align = not fitting.problem(person.pose)
        if can_align:
            dialog.offer_alignment(fitting.warning(person.pose) if person.is_known else "")
        show(asks=True) if can_align else show()

    def _show_added(self, dialog: AddedDialog, index: int, *, asks: bool, spots: int) -> None:
        if not asks:
            dialog.deleteLater()
            return
        if spots:
            dialog.tell_spots(spots)
        dialog.finish()
        dialog.finished.connect(dialog.deleteLater)
        dialog.chosen.connect(lambda ending, align: self._go_on(index, ending, align=align))
        dialog.open()

    def _go_on(self, index: int, ending: Ending, *, align: bool) -> None:
        """First the ending, then the alignment, for which a dialog opens."""
        if index >= len(self._film.skeleton.pieces):
            return  # taken back while the picture was looked at
        changes = self._film.skeleton_changes
        if ending is Ending.LOOP:
            changes.loop(index)
        elif ending is Ending.HOLD:
            changes.hold(index)
        if align:
            self.align(index)

    # Parts of it

    def _show_person(self, dialog: AlignDialog, person: PicturePerson) -> None:
        if not dialog.is_over:
            dialog.moved.connect(lambda pose: self.people.remember(person, pose))
            dialog.show_person(person)

    def _forget(self, search: DanceSearch) -> None:
        dialog = self._dialogs.pop(search, None)
        if dialog is not None:
            dialog.deleteLater()

    def _refuse(self, sentence: str) -> None:
        self._film.document.refused.emit(sentence)


def _tell(dialog: AlignDialog, words: str) -> None:
    if not dialog.is_over:
        dialog.show_problem(words)
