"""Which clip comes when: fair, another order every epoch, and the same again from anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.film.family import family
from trainer.dataset.condition import TrainingCondition
from trainer.dataset.draws import Draws

FILM = TrainingCondition(family("film"), 0.9)


def draws(clips: int = 7, seed: int = 0, variants: int | None = 3, null: float = 0.0) -> Draws:
    return Draws(clips, seed, FILM, null, variants)


@given(clips=st.integers(1, 40), seed=st.integers(0, 2**53 - 1), epoch=st.integers(0, 1000))
def test_every_clip_comes_once_in_every_epoch(clips: int, seed: int, epoch: int) -> None:
    chosen = draws(clips, seed)
    seen = [chosen.sample(draw).clip for draw in range(epoch * clips, (epoch + 1) * clips)]
    assert sorted(seen) == list(range(clips))


def test_epochs_come_in_different_orders() -> None:
    orders = {tuple(draws().sample(epoch * 7 + place).clip for place in range(7)) for epoch in range(5)}
    assert len(orders) == 5


def test_trainings_of_other_seeds_see_another_order() -> None:
    one, other = ([draws(40, seed).sample(draw).clip for draw in range(40)] for seed in (1, 2))
    assert one != other


def test_epochs_show_the_variants_in_turn() -> None:
    assert [draws().sample(epoch * 7).variant for epoch in range(7)] == [0, 1, 2, 0, 1, 2, 0]


def test_without_a_limit_no_variant_comes_twice() -> None:
    assert [draws(variants=None).sample(epoch * 7).variant for epoch in range(5)] == [0, 1, 2, 3, 4]


@given(st.integers(0, 10**9))
def test_a_sample_depends_on_its_number_alone(draw: int) -> None:
    assert draws().sample(draw) == draws().sample(draw)


def test_condition_is_taken_away_as_often_as_the_family_says() -> None:
    chosen = draws(null=0.1)
    assert sum(chosen.sample(draw).null for draw in range(5000)) / 5000 == pytest.approx(0.1, abs=0.02)
