"""Estimated sizes of exports: right within a factor of two for the film that the window has."""

from pathlib import Path

import pytest

from svi_studio.document.export.estimate import export_bytes
from svi_studio.document.export.export_request import Extent, choose_part, takes_of
from svi_studio.document.export.kinds import export_kinds
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.media.assemble import FilmPart, assemble_film

KINDS = {kind.name: kind for kind in export_kinds()}


def test_nothing_is_claimed_without_takes() -> None:
    assert export_bytes(KINDS["mp4"], [], 1, viewing_enlarge=1, sound_seconds=0.0) is None


def test_sound_and_size_cost_more(film: OpenFilm) -> None:
    film.selection.select(["c1", "c2"])
    chosen = choose_part(film, Extent.SELECTED)
    assert chosen is not None
    takes = takes_of(film, chosen)
    sizes = [
        export_bytes(KINDS["mp4"], takes, enlarge, viewing_enlarge=1, sound_seconds=sound)
        for enlarge, sound in ((1, 0.0), (1, 10.0), (4, 10.0))
    ]
    assert sizes == sorted(size for size in sizes if size is not None)
    assert len(set(sizes)) == 3


def test_an_exact_copy_is_as_large_as_its_takes(film: OpenFilm, tmp_path: Path) -> None:
    film.selection.select(["c1", "c2"])
    chosen = choose_part(film, Extent.SELECTED)
    assert chosen is not None
    takes = takes_of(film, chosen)
    parts = [
        FilmPart(film.takes.file(take.take_hash, "frames.mkv"), take.num_frames, 0, take.num_frames)
        for take, _ in takes
    ]
    film_format = KINDS["ffv1"].film_format
    assert film_format is not None
    assemble_film(parts, tmp_path / "film.mkv", fps=12, film_format=film_format)
    whole = [(take, 1.0) for take, _ in takes]
    said = export_bytes(KINDS["ffv1"], whole, 1, viewing_enlarge=1, sound_seconds=0.0)
    assert said == pytest.approx((tmp_path / "film.mkv").stat().st_size, rel=1.0)
