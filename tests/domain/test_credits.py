"""Whose the pictures of a film are, and which of them it has to show."""

from typing import Any

import pytest
from hypothesis import given

from svi_studio.domain.editing.credit_edits import add_credit, add_credits, credits_to_show
from svi_studio.domain.editing.film_files import relinked
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.pictures.credit import MOST_CREDITS, Credit, credit_line
from tests.builders.storyboards import hashes, storyboards

DOG = Credit(
    picture="media/dog.jpg",
    title="A dog",
    author="Ann",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    source_url="https://example.org/dog",
    provider="Openverse",
)
CAT = Credit(picture="media/cat.jpg", title="A cat")
CLIPS = (
    Clip(id="c1", prompt="one"),
    Clip(id="c2", prompt="two"),
    Clip(id="c3", prompt="three", cut=True, image="media/cat.jpg"),
)
FILM = Storyboard(family="film", reference_image="media/dog.jpg", clips=CLIPS, credits=(CAT, DOG))


def test_a_credit_is_one_line() -> None:
    assert credit_line(DOG) == (
        '"A dog" by Ann (CC BY 4.0, https://creativecommons.org/licenses/by/4.0/), Openverse, https://example.org/dog'
    )


def test_what_is_not_known_is_left_out() -> None:
    assert credit_line(Credit(picture="a.png", author="Ann")) == "A picture by Ann"


def test_a_line_stays_one_line_without_hidden_characters() -> None:
    assert credit_line(Credit(picture="a.png", title="a\n\x1b[31mb\u202ec")) == '"a [31mb c"'


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "https://a b", "http://a\n", "a.jpg"])
def test_an_address_is_one_of_the_web(address: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        Credit(picture="a.png", source_url=address)


def test_credits_come_in_the_order_of_the_film() -> None:
    assert credits_to_show(FILM) == (DOG, CAT)


@pytest.mark.parametrize(("shown", "credits"), [([0], (DOG,)), ([1], (DOG,)), ([2], (CAT,)), ([1, 2], (DOG, CAT))])
def test_a_part_of_a_film_shows_the_credits_of_its_chains(shown: list[int], credits: tuple[Credit, ...]) -> None:
    assert credits_to_show(FILM, shown) == credits


def test_an_anchor_in_a_chain_is_credited_with_the_pictures_before_it() -> None:
    clips = (Clip(id="c1", prompt="one"), Clip(id="c2", prompt="two", image="media/cat.jpg"))
    shot = FILM.model_copy(update={"family": "shot", "clips": clips})
    assert (credits_to_show(shot, [0]), credits_to_show(shot, [1])) == ((DOG,), (DOG, CAT))


def test_a_picture_that_no_clip_shows_is_not_credited_but_its_credit_stays() -> None:
    film = FILM.model_copy(update={"clips": CLIPS[:2]})
    assert (credits_to_show(film), film.credits) == ((DOG,), (CAT, DOG))


def test_a_later_credit_of_a_picture_counts() -> None:
    newer = Credit(picture="media/dog.jpg", title="The same dog")
    assert add_credit(FILM, newer).credits == (CAT, newer)


def many(count: int, name: str = "p") -> list[Credit]:
    return [Credit(picture=f"media/{name}{k}.png") for k in range(count)]


def test_credits_of_pictures_that_are_gone_make_room() -> None:
    full = add_credits(FILM, many(MOST_CREDITS - 2))
    assert len(full.credits) == MOST_CREDITS
    assert add_credits(full, many(5, "q")).credits == (CAT, DOG, *many(5, "q"))


def test_too_many_credits_are_refused() -> None:
    with pytest.raises(BadInput, match="more than 1000"):
        add_credits(FILM, many(MOST_CREDITS))


def test_two_pictures_that_become_one_have_one_credit() -> None:
    one = relinked(FILM, dict.fromkeys((CAT.picture, DOG.picture), "media/x.jpg"))
    assert [credit.picture for credit in one.credits] == ["media/x.jpg"]


@pytest.mark.parametrize("credits", [[{"picture": "a.png"}, {"picture": "a.png"}], [{"picture": "../a.png"}], [{}]])
def test_a_storyboard_with_other_credits_is_none(credits: list[Any]) -> None:
    with pytest.raises(ValueError, match="credit"):
        Storyboard.model_validate({"credits": tuple(credits)})


@given(storyboards(min_clips=1))
def test_credits_decide_no_take(board: Storyboard) -> None:
    assert hashes(board) == hashes(board.model_copy(update={"credits": ()}))
