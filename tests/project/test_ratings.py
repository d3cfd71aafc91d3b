"""Stars for takes: they last, two windows can give them, and a fault loses none."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.errors import BadInput, NewerVersion, StudioError
from svi_studio.project.takes.ratings import DAMAGED, RATINGS, Ratings
from tests.builders.faulty_disk import ERRNOS, KILLED, FaultyDisk, PowerCut, count, cut, die_at, failing
from tests.forked import exit_code, fork, needs_fork

ONE, TWO = "a" * 64, "b" * 64


def prepared(folder: Path) -> Path:
    folder.mkdir()
    Ratings(folder).set(ONE, 3)
    return folder


def rating(folder: Path) -> Callable[[FsOps], None]:
    return lambda fs: Ratings(folder, fs).set(TWO, 5)


def test_stars_last(tmp_path: Path) -> None:
    Ratings(tmp_path).set(ONE, 4)
    assert Ratings(tmp_path).all() == {ONE: 4}


def test_no_stars_take_the_rating_away(tmp_path: Path) -> None:
    Ratings(prepared(tmp_path / "film")).set(ONE, 0)
    assert Ratings(tmp_path / "film").all() == {}


def test_another_rating_takes_the_place_of_the_first(tmp_path: Path) -> None:
    Ratings(prepared(tmp_path / "film")).set(ONE, 5)
    assert Ratings(tmp_path / "film").all() == {ONE: 5}


@pytest.mark.parametrize("stars", [-1, 6, 2**60])
def test_a_number_of_stars_that_cannot_be_is_refused(tmp_path: Path, stars: int) -> None:
    ratings = Ratings(prepared(tmp_path / "film"))
    with pytest.raises(BadInput, match="0 to 5 stars"):
        ratings.set(ONE, stars)
    assert ratings.all() == {ONE: 3}


def test_only_takes_are_rated(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        Ratings(tmp_path).set("../../etc", 3)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b'{"stars": {"x": 1}}', b'{"stars": {"' + b"a" * 64 + b'": 9}}']
)
def test_a_damaged_file_is_no_ratings_and_is_put_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / RATINGS).write_bytes(content)
    ratings = Ratings(tmp_path)
    assert ratings.all() == {}
    ratings.set(TWO, 2)
    assert (ratings.all(), (tmp_path / DAMAGED).read_bytes()) == ({TWO: 2}, content)


def test_ratings_of_a_newer_version_are_never_written_over(tmp_path: Path) -> None:
    (tmp_path / RATINGS).write_bytes(b'{"schema_version": 2}')
    with pytest.raises(NewerVersion):
        Ratings(tmp_path).set(ONE, 2)
    assert (Ratings(tmp_path).all(), (tmp_path / RATINGS).read_bytes()) == ({}, b'{"schema_version": 2}')


def test_the_same_rating_again_writes_nothing(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "film")
    assert count(lambda fs: Ratings(folder, fs).set(ONE, 3)) == 0


@pytest.mark.parametrize("torn", [False, True])
def test_a_cut_at_any_operation_loses_no_earlier_rating(tmp_path: Path, torn: bool) -> None:
    for at in range(count(rating(prepared(tmp_path / "count")))):
        folder = prepared(tmp_path / str(at))
        with pytest.raises(PowerCut):
            rating(folder)(FaultyDisk(at, cut, torn=torn))
        assert Ratings(folder).all() in ({ONE: 3}, {ONE: 3, TWO: 5})


@needs_fork
def test_a_killed_process_loses_no_earlier_rating(tmp_path: Path) -> None:
    for at in range(count(rating(prepared(tmp_path / "count")))):
        folder = prepared(tmp_path / str(at))
        assert die_at(at, rating(folder), torn=True) == KILLED
        assert Ratings(folder).all() in ({ONE: 3}, {ONE: 3, TWO: 5})


@pytest.mark.parametrize("code", ERRNOS)
def test_an_error_of_the_disk_is_one_sentence_and_loses_nothing(tmp_path: Path, code: int) -> None:
    for at in range(count(rating(prepared(tmp_path / "count")))):
        folder = prepared(tmp_path / str(at))
        with pytest.raises(StudioError):
            rating(folder)(FaultyDisk(at, failing(code), torn=True))
        assert Ratings(folder).all() in ({ONE: 3}, {ONE: 3, TWO: 5})


@needs_fork
def test_two_processes_that_rate_at_once_lose_no_star(tmp_path: Path) -> None:

    def rate(letter: str) -> None:
        for number in range(10):
            Ratings(tmp_path).set(letter * 63 + f"{number:x}", 1 + number % 5)

    children = [fork(partial(rate, letter)) for letter in "ab"]
    assert [exit_code(child) for child in children] == [0, 0]
    assert len(Ratings(tmp_path).all()) == 20
