"""Takes that were not computed alike are told, by what makes them differ."""

import pytest

from svi_studio.domain.takes.arithmetic import mixed_arithmetic

HERE = {"device": "processor (AVX512)", "arithmetic": "aa", "torch": "2.13.0"}
SMALLER = {"device": "processor (AVX2)", "arithmetic": "bb", "torch": "2.13.0"}
LATER = {"device": "processor (AVX512)", "arithmetic": "cc", "torch": "2.14.0"}
OLD = {"torch": "2.13.0"}


def test_clips_of_one_computer_are_nothing_to_speak_of() -> None:
    assert mixed_arithmetic({0: HERE, 1: HERE}) is None


def test_equal_sums_count_more_than_the_name_of_the_device() -> None:
    assert mixed_arithmetic({0: HERE, 1: HERE | {"device": "processor (AVX2)"}}) is None


def test_takes_of_version_one_say_nothing() -> None:
    assert mixed_arithmetic({0: OLD, 1: HERE}) is None


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ({0: HERE, 1: HERE, 2: SMALLER}, "Clips 1-2 were computed by the processor (AVX512), clip 3 by the processor"),
        ({0: HERE, 1: LATER}, "Clip 1 was computed by torch 2.13.0, clip 2 by torch 2.14.0"),
        ({0: HERE, 1: HERE | {"arithmetic": "dd"}}, "Clip 1 was computed by one computer, clip 2 by another one"),
        ({0: HERE, 1: SMALLER, 2: LATER}, "and clip 3 differently again"),
    ],
)  # fmt: skip
def test_a_mixed_film_is_told_by_what_differs(records: dict[int, dict[str, str]], words: str) -> None:
    assert words in (mixed_arithmetic(records) or "")
