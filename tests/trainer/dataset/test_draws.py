"""Which clip comes when: fair, another order every epoch, and the same again from anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.film.family import family
from trainer.dataset.condition import TrainingCondition
from trainer.dataset.draws import Draws
from trainer.dataset.families import FAMILY_TRAININGS, FamilyTraining

FILM = TrainingCondition(family("film"), 0.9)
SHOWN = FamilyTraining()


def draws(clips: int = 7, seed: int = 0, variants: int | None = 3, family: FamilyTraining = SHOWN) -> Draws:
    return Draws(clips, seed, FILM, family, variants)


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


@pytest.mark.parametrize(
    ("name", "null", "deaf", "unled"),
    [("film", 0, 0, 0), ("talk", 0, 0.1, 0), ("dance", 0.1, 0, 1 - 0.95 * 0.9)],
)
def test_inputs_are_taken_away_as_often_as_the_authors_do(name: str, null: float, deaf: float, unled: float) -> None:
    chosen = draws(family=FAMILY_TRAININGS[name])
    samples = [chosen.sample(draw) for draw in range(20_000)]
    found = [sum(getattr(each, what) for each in samples) / len(samples) for what in ("null", "deaf", "unled")]
    assert found == pytest.approx([null, deaf, unled], abs=0.01)


def test_what_is_taken_away_is_drawn_each_by_itself() -> None:
    chosen = draws(family=FAMILY_TRAININGS["dance"])
    samples = [chosen.sample(draw) for draw in range(20_000)]
    both = sum(each.null and each.unled for each in samples) / len(samples)
    assert both == pytest.approx(0.1 * (1 - 0.95 * 0.9), abs=0.004)
