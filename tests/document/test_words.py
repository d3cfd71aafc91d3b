import pytest

from svi_studio.document import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "a few seconds"),
        (12, "about 10 s"),
        (41, "about 40 s"),
        (58, "about 1 min"),
        (185, "about 3 min"),
        (3600, "about 1 h"),
        (4500, "about 1 h 15 min"),
        (7800, "about 2 h 10 min"),
        (400_000, "about 5 days"),
    ],
)
def test_estimates_are_as_coarse_as_people_say_them(seconds: float, said: str) -> None:
    assert words.about(seconds) == said


@pytest.mark.parametrize(
    ("indexes", "said"),
    [
        ([2], "clip 3"),
        ([2, 3, 4], "clips 3 to 5"),
        ([0, 2, 3, 7], "clips 1, 3 to 4 and 8"),
        (range(12), "all 12 clips"),
        ([0, 2, 4, 6], "4 clips between 1 and 7"),
    ],
)
def test_clips_are_named_by_their_numbers(indexes: list[int], said: str) -> None:
    assert words.clip_range(indexes, 12) == said


@pytest.mark.parametrize(("first", "last"), [(2, 2), (2, 6), (0, 11)])
def test_a_span_is_said_as_a_range_is(first: int, last: int) -> None:
    assert words.clip_span(first, last, 12) == words.clip_range(range(first, last + 1), 12)


def test_the_only_clip_of_a_film_is_one_clip() -> None:
    assert words.clip_range([0], 1) == "clip 1"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "1 KB"), (40_300, "40 KB"), (1.41e6, "1.4 MB"), (5.12e8, "512 MB"), (1.52e9, "1.5 GB"), (1.2e11, "120 GB")],
)
def test_sizes(count: float, said: str) -> None:
    assert words.size(count) == said


@pytest.mark.parametrize(("seconds", "said"), [(2.5, "2.5 s"), (65, "1:05 min"), (3723, "1:02:03 h")])
def test_lengths_of_films(seconds: float, said: str) -> None:
    assert words.film_length(seconds) == said
