"""What stands in the place of a picture says each thing once."""

from svi_studio.document.preview.film_frames import Spot
from svi_studio.document.preview.wording import words_without_take
from svi_studio.document.states.clip_view import ClipView
from svi_studio.domain.film.storyboard import Clip, Storyboard

NO_PROMPT = "Clip 1 has no prompt: say in a few words what happens in it."


def _words(prompt: str, message: str) -> tuple[str, str]:
    spot = Spot("c1", 0, ClipView(message=message), None, 0, None)
    words = words_without_take(Storyboard(clips=(Clip(id="c1", prompt=prompt),)), spot)
    return words.text, words.note


def test_a_clip_without_words_says_once_that_it_needs_them() -> None:
    assert _words("", NO_PROMPT) == (NO_PROMPT, "")


def test_a_clip_without_words_says_what_else_is_in_its_way() -> None:
    assert _words("", "Its picture is missing.") == ("Its picture is missing.", "")


def test_a_clip_with_words_says_how_it_stands() -> None:
    assert _words("A boat.", "") == ("A boat.", "Not rendered yet")
    assert _words("A boat.", "Its picture is missing.") == ("A boat.", "Its picture is missing.")
