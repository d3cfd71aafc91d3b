"""How a film follows its tracks can be set where its family has any, and nowhere else."""

import pytest

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.inspector import InspectorPanel
from svi_studio.ui.inspector.film_look import family_refusal

HEARS = ModelCard(name="hears", inputs=(InputKind.SOUND,))


@pytest.mark.parametrize(
    ("family", "hearing", "any_of_both"), [("film", False, False), ("talk", True, True), ("dance", False, True)]
)
def test_only_what_the_family_needs_is_offered(
    film: OpenFilm, panel: InspectorPanel, family: str, hearing: bool, any_of_both: bool
) -> None:
    film.commands.film.change("Change the family", family=family)
    more = panel.film_page.more
    assert more.following.isHidden() != any_of_both
    assert more.following.hearing_field.isHidden() != hearing
    assert panel.clip_page.more._hearing_field.isHidden() != hearing


def test_the_authors_way_is_chosen_and_its_price_told(film: OpenFilm, panel: InspectorPanel) -> None:
    film.commands.film.change("Change the family", family="talk")
    following = panel.film_page.more.following
    following.advance.chosen.emit("authors")
    assert film.document.storyboard.advance == "authors"
    assert "Falls behind" in following.advance_field.help.text()
    film.document.undo_stack.undo()
    assert following.advance.shown() == "film"


def test_how_clips_of_pro_join_is_chosen_and_its_price_told(film: OpenFilm, panel: InspectorPanel) -> None:
    following = panel.film_page.more.following
    assert following.join_field.isHidden()
    film.commands.film.change("Change the family", family="pro")
    assert not following.isHidden()
    assert not following.join_field.isHidden()
    assert following.advance_field.isHidden()
    following.join.chosen.emit("authors")
    assert film.document.storyboard.profile_to_show.trimmed_frames == 4
    assert "one frame twice" in following.join_field.help.text()
    film.document.undo_stack.undo()
    assert film.document.storyboard.profile_to_show.trimmed_frames == 5
    assert following.join.shown() == "film"


def test_how_strongly_the_sound_counts_is_set(film: OpenFilm, panel: InspectorPanel) -> None:
    film.commands.film.change("Change the family", family="talk")
    panel.film_page.more.following.hearing.edited.emit(3.0)
    panel.clip_page.more.hearing.edited.emit(2.0)
    board = film.document.storyboard
    assert (board.audio_guidance_scale, board.clips[0].audio_guidance_scale) == (3.0, 2.0)


@pytest.mark.parametrize(
    ("card", "loras", "refused"),
    [
        (ModelCard(name="deaf"), False, {"talk", "dance"}),
        (ModelCard(name="deaf"), True, {"talk"}),
        (HEARS, False, {"dance"}),
        (None, False, set()),
    ],
)
def test_a_family_that_the_model_cannot_follow_says_why(card: ModelCard | None, loras: bool, refused: set[str]) -> None:
    families = ("shot", "film", "talk", "dance")
    assert {name for name in families if family_refusal(name, card, loras)} == refused
    assert "follows no sound" in family_refusal("talk", ModelCard(name="deaf"))
