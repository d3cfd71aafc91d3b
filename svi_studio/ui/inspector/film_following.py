"""How the film follows its tracks: how strongly the sound counts, and whether clips keep time as the authors' do."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector import inherited
from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import FilmValue
from svi_studio.domain.film.family import FamilyProfile, family_to_show
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.inspector.bind import Hint, bind_number, number_hint
from svi_studio.ui.inspector.clip_more import GUIDANCE


class FilmFollowing(QWidget):
    """Shown only for families that are made from tracks, or that the authors' script joins in another way."""

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self.hearing = NumberBox(GUIDANCE)
        self.hearing_field = Field(
            self.tr("Guidance by sound"), self.hearing, self.tr("Higher: the mouth follows the sound more closely")
        )
        self.hearing_field.offer_reset(self.tr("Use the model's value again"))
        hearing = FilmValue(film, "audio_guidance_scale", self.tr("Change the film's guidance by sound"), self)
        film.changed.connect(hearing.changed)
        bind_number(self.hearing_field, self.hearing, hearing, self._hint)
        self.advance = ChoiceBox(self)
        self.advance.show_choices(
            [
                Choice("film", self.tr("In step with the film")),
                Choice("authors", self.tr("As the authors' program does")),
            ]
        )
        self.advance_field = Field(self.tr("Clips go along the track"), self.advance)
        self._advance = FilmValue(film, "advance", self.tr("Change how clips go along the track"), self)
        self.advance.chosen.connect(self._advance.set)
        self.join = ChoiceBox(self)
        self.join_field = Field(self.tr("Clips join"), self.join)
        self._join = FilmValue(film, "advance", self.tr("Change how clips join"), self)
        self.join.chosen.connect(self._join.set)
        column_of(self.hearing_field, self.advance_field, self.join_field, within=self, spacing=14)
        film.document.changed.connect(self.show_state)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Shows what the film has."""
        profile = family_to_show(self._film.document.storyboard.family)
        needs, joins = profile.needs, profile.authors_overlap_frames is not None
        self.setVisible(bool(needs) or joins)
        self.hearing_field.setVisible(InputKind.SOUND in needs)
        self.advance_field.setVisible(bool(needs))
        self.join_field.setVisible(joins)
        self._show_joins(profile)
        value = self._advance.get()
        self.advance.show_value(value)
        self.advance.setEnabled(self._advance.is_open)
        lags = self.tr("Falls behind by a frame at every join; only to compare films with theirs")
        self.advance_field.set_help(lags if value == "authors" else "")

    def _show_joins(self, profile: FamilyProfile) -> None:
        """How many frames a second the film shows stands with each choice, unless the model says that."""
        ours, theirs = self.tr("Every moment once"), self.tr("As the authors' script does")
        if self._film.card is None or self._film.card.fps is None:
            words = self.tr("{choice}, {fps} frames a second")
            ours = words.format(choice=ours, fps=f"{profile.fps:g}")
            theirs = words.format(choice=theirs, fps=f"{profile.advancing('authors').fps:g}")
        self.join.show_choices([Choice("film", ours), Choice("authors", theirs)])
        value = self._join.get()
        self.join.show_value(value)
        self.join.setEnabled(self._join.is_open)
        twice = self.tr("Shows one frame twice at every join; only to compare films with theirs")
        self.join_field.set_help(twice if value == "authors" else "")

    def _hint(self) -> Hint:
        board, card = self._film.document.storyboard, self._film.card
        return number_hint(self.hearing, inherited.audio_guidance(board, card, False))
