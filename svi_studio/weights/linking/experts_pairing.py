"""Which two transformers of a model of two experts belong together, by their names and how they are stored."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from svi_studio.domain.film.filmable import LinkQuestion, Network
from svi_studio.domain.film.model_parts import PartName
from svi_studio.weights.linking.networks import stems

_EXPERT_WORDS = re.compile(r"(?i)(?:high|low)[ _-]?noise|(?<![a-z])(?:high|low)(?![a-z])|(?<=[a-z0-9])(?:HIGH|LOW)")
_BETWEEN = re.compile(r"[ _.-]+")

Pair = tuple[Network | None, Network | None, tuple[LinkQuestion, ...]]
"""High, low, and what only the user knows."""


def pairs_of(networks: Sequence[Network]) -> Iterator[Pair]:
    """Each high with the low that is called like it and stored like it; what is left, by whoever is left alone.

    ``networks``: transformers of one architecture of two experts. Files of which nobody knows which expert they are
    come last, each with its question.
    """
    high = [each for each in networks if each.expert == "high"]
    low = [each for each in networks if each.expert == "low"]
    for one in list(high):
        if other := next((each for each in low if _likeness(each) == _likeness(one)), None):
            high.remove(one)
            low.remove(other)
            yield one, other, ()
    unknown = [each for each in networks if each.expert is None]
    yield from _left(high, low, [each for each in networks if each.expert == "low"], bool(unknown))
    if unknown:
        yield None, None, tuple(_which_expert(each) for each in unknown)


def _left(high: list[Network], low: list[Network], all_low: list[Network], unknown: bool) -> Iterator[Pair]:
    if len(high) == len(low) == 1:
        yield high[0], low[0], ()
    elif high:
        yield from ((one, None, _which_low(one, low or all_low)) for one in high)
    elif not unknown:
        yield from ((None, one, ()) for one in low)


def _which_low(high: Network, choices: Sequence[Network]) -> tuple[LinkQuestion, ...]:
    if not choices:
        return ()
    text = f"Which expert for the low noise belongs to {name_of(high)}?"
    return (LinkQuestion(part="transformer_2", text=text, option="--low", choices=tuple(choices)),)


def _which_expert(network: Network) -> LinkQuestion:
    either: tuple[PartName, ...] = ("transformer", "transformer_2")
    text = f"Is {name_of(network)} the expert for the high noise or for the low noise?"
    return LinkQuestion(part="transformer", text=text, option="--high or --low", choices=(network,), either=either)


def name_of(network: Network) -> str:
    """What people call the network: its file, with its folder where that says more."""
    path = PurePath(network.files[0])
    return path.name if len(network.files) == 1 else f"{path.parent.name}/{path.name}"


def without_expert(stem: str) -> str:
    """The name of a file without the words that say which expert it is."""
    return _BETWEEN.sub(lambda match: match[0][0], _EXPERT_WORDS.sub("", stem)).strip(" _.-")


def _likeness(network: Network) -> tuple[str | None, str, int]:
    (stem,) = stems([network])
    return network.precision, _BETWEEN.sub("", without_expert(stem)).casefold(), len(network.files)
