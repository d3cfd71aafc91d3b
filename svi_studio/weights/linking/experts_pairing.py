"""Which two transformers of a model of two experts belong together, by their names and how they are stored."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from svi_studio.domain.film.filmable import LinkQuestion, Network
from svi_studio.domain.film.model_parts import PartName
from svi_studio.weights.linking.networks import stems

_EXPERT_WORDS = re.compile(r"(?i)(?:high|low)[ _-]?noise|(?<![a-z])(?:high|low)(?![a-z])|(?<=[a-z0-9])(?:HIGH|LOW)")
_EXPERT_LETTERS = re.compile(r"(?i)(?<![a-z0-9])[hl](?![a-z0-9])")
_BETWEEN = re.compile(r"[ _.-]+")

Pair = tuple[Network | None, Network | None, tuple[LinkQuestion, ...]]
"""High, low, and what only the user knows."""


def pairs_of(
    networks: Sequence[Network], named_high: Network | None = None, named_low: Network | None = None
) -> Iterator[Pair]:
    """Each high with the low that is called like it and stored like it; what is left, by whoever is left alone.

    ``networks``: transformers of one architecture of two experts. Files of which nobody knows which expert they are
    come last, each with its question. ``named_high``, ``named_low``: what the user said, which leaves no other choice.
    """
    high = [each for each in networks if each.expert == "high"]
    low = [each for each in networks if each.expert == "low"]
    unknown = [each for each in networks if each.expert is None]
    if named_high is not None:
        yield _with_high(named_high, [named_low] if named_low else low, unknown)
    elif named_low is not None:
        yield from _with_low(named_low, high, unknown)
    else:
        yield from _all_pairs(high, low, unknown)


def _with_high(high: Network, low: Sequence[Network], unknown: Sequence[Network]) -> Pair:
    like = [each for each in low if _likeness(each) == _likeness(high)]
    if like or len(low) == 1:
        return high, [*like, *low][0], ()
    return high, None, _which_low(high, low, unknown)


def _with_low(low: Network, high: Sequence[Network], unknown: Sequence[Network]) -> Iterator[Pair]:
    like = [each for each in high if _likeness(each) == _likeness(low)]
    yield from ((each, low, ()) for each in like or high)
    if not high:
        yield None, low, tuple(map(_which_expert, unknown))


def _all_pairs(high: Sequence[Network], low: Sequence[Network], unknown: Sequence[Network]) -> Iterator[Pair]:
    left = list(low)
    single: list[Network] = []
    for one in high:
        other = next((each for each in left if _likeness(each) == _likeness(one)), None)
        if other is None:
            single.append(one)
        else:
            left.remove(other)
            yield one, other, ()
    if len(single) == len(left) == 1:
        yield single[0], left[0], ()
    else:
        yield from ((one, None, _which_low(one, left or low, unknown)) for one in single)
    if not high:
        yield from ((None, other, tuple(map(_which_expert, unknown))) for other in low)
    if unknown and not (single and not low) and (high or not low):
        yield None, None, tuple(map(_which_expert, unknown))


def _which_low(high: Network, choices: Sequence[Network], unknown: Sequence[Network]) -> tuple[LinkQuestion, ...]:
    """Of several, or of one that another high has already; without any, whether one that nobody knows is the low."""
    if not choices:
        return tuple(map(_which_expert, unknown))
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
    name = _EXPERT_LETTERS.sub("", without_expert(stem))
    return network.precision, _BETWEEN.sub("", name).casefold(), len(network.files)
