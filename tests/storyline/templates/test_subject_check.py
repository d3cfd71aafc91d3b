import pytest

from svi_studio.storyline.known_words import unknown_words_sentence
from svi_studio.storyline.vocabulary.subject_check import check_subject
from tests.storyline.templates.stories import bundled_words


@pytest.mark.parametrize(
    ("subject", "strange"),
    [
        ("my holiday in Paris with my dog", ["holiday", "Paris", "dog"]),
        ("a robot in the meadow", ["robot"]),
        ("Ein Hund in der Stadt", ["Ein", "Hund", "der", "Stadt"]),
        ("Grandma's birthday", ["Grandma's", "birthday"]),
    ],
)
def test_words_that_the_model_cannot_film_are_named_as_they_were_typed(subject: str, strange: list[str]) -> None:
    check = check_subject(subject, bundled_words())
    assert check.sentence.startswith(unknown_words_sentence(strange))
    assert "It draws only balls, boats, cars, birds, cats and puppets." in check.sentence


@pytest.mark.parametrize(
    "subject",
    [
        "a red boat",
        "a red boat at sea",
        "The story of a little cat",
        "two purple birds"[4:],
        "a puppet dancing at night",
    ],
)
def test_a_wish_that_can_be_filmed_is_filmed_without_a_word(subject: str) -> None:
    assert check_subject(subject, bundled_words()).sentence == ""


def test_the_wish_that_is_offered_instead_is_one_that_the_model_knows() -> None:
    for subject in ("my holiday in Paris with my dog", "a robot in the meadow", "Katze", "🎉"):
        assert check_subject(check_subject(subject, bundled_words()).instead, bundled_words()).sentence == ""


def test_a_wish_of_which_nothing_is_known_cannot_be_made_as_it_is() -> None:
    assert not check_subject("Katze", bundled_words()).possible
    assert check_subject("my dog", bundled_words()).possible


def test_a_model_that_knows_any_word_takes_every_wish() -> None:
    assert check_subject("my holiday in Paris with my dog", None).sentence == ""


def test_unknown_words_have_a_place_in_the_text_and_are_said_once() -> None:
    known = bundled_words()
    assert known is not None
    text = "My dog jumps, my DOG rests. 🎉"
    assert [text[start:end] for start, end in known.unknown_places(text)] == ["My", "dog", "my", "DOG"]
    assert known.unknown_words([text, "A dog."]) == ("My", "dog")


def test_many_words_are_counted() -> None:
    assert unknown_words_sentence(["a", "b", "c"], most=2) == 'The bundled model does not know "a", "b" and 1 more.'
    assert unknown_words_sentence([]) == ""
