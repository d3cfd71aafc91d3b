"""Cards and memory as people write them, and what cannot be."""

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from svi_studio.domain.training.wanted_machine import THIS_COMPUTER, wanted_machine

HERE = Hardware("a processor", 4, 16_000_000_000, (GraphicsCard("own", 8_000_000_000),), 5)


@pytest.mark.parametrize(
    ("words", "name", "gigabytes"),
    [
        ("24", "a card with 24 GB", 24),
        ("24 GB", "a card with 24 GB", 24),
        ("12.5", "a card with 12.5 GB", 12.5),
        ("RTX 4090", "RTX 4090", 24),
        ("rtx4090", "RTX 4090", 24),
        ("4090", "RTX 4090", 24),
        ("NVIDIA GeForce RTX 5090", "RTX 5090", 32),
        ("RTX 4070 Ti Super", "RTX 4070 Ti Super", 16),
        ("A100 40 GB", "A100", 40),
        ("NVIDIA A100-SXM4-40GB", "A100", 40),
    ],
)
def test_a_card_is_its_memory_or_its_name(words: str, name: str, gigabytes: float) -> None:
    card = wanted_machine(words, None).card
    assert card == GraphicsCard(name, round(gigabytes * 1e9))


@pytest.mark.parametrize(
    "words", ["0", "-3", "1", "10000", "10,000", "", "nan", "inf", "Voodoo 2", "4090 0 GB", "9" * 400]
)
def test_a_card_that_cannot_be_is_one_sentence(words: str) -> None:
    with pytest.raises(BadInput) as told:
        wanted_machine(words, None)
    assert "--card 24" in str(told.value)
    assert len(str(told.value)) < 400


@pytest.mark.parametrize("words", ["0", "much", "1e3", "100000"])
def test_a_memory_that_cannot_be_is_one_sentence(words: str) -> None:
    with pytest.raises(BadInput, match="--memory 32"):
        wanted_machine(None, words)


def test_a_card_of_a_size_may_be_any_with_that_memory() -> None:
    assert [card.title for card in wanted_machine("24", None).alike] == ["RTX 3090", "RTX 4090"]
    assert [card.title for card in wanted_machine("RTX 3090", None).alike] == ["RTX 3090"]
    assert wanted_machine("20", None).alike == ()


def test_what_is_not_named_is_this_computers_but_for_the_rest_of_another_one() -> None:
    assert THIS_COMPUTER.instead_of(HERE) is HERE
    more = wanted_machine(None, "64").instead_of(HERE)
    assert (more.memory, more.cards, more.disk_free) == (64_000_000_000, HERE.cards, 5)
    other = wanted_machine("48", None).instead_of(HERE)
    assert (other.memory, other.disk_free, other.cards[0].memory) == (None, None, 48_000_000_000)
