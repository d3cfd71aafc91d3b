from pathlib import Path

import pytest

from svi_studio.domain.errors import StudioError
from svi_studio.ui.inspector.media_import import PatientDisk, bring_lora
from svi_studio.ui.inspector.picture_preview import PicturePreview, fit_words, read_preview
from tests.ui.inspector.test_film_page import lora_file
from tests.ui.open_films import picture


def test_a_copy_that_is_given_up_leaves_nothing_behind(tmp_path: Path) -> None:
    source = lora_file(tmp_path / "a.safetensors")
    disk = PatientDisk()
    disk.given_up.set()
    with pytest.raises(StudioError):
        bring_lora(tmp_path / "film", source, disk)
    assert list((tmp_path / "film" / "media").iterdir()) == []


@pytest.mark.parametrize(
    ("size", "film", "words"),
    [
        ((832, 480), (832, 480), "832 × 480, the size of the film"),
        ((1664, 960), (832, 480), "1664 × 960, used at 832 × 480"),
        ((400, 231), (832, 480), "400 × 231, enlarged to 832 × 480: it will look soft"),
        ((800, 800), (832, 480), "800 × 800, squeezed to 832 × 480: everything looks 73 % wider"),
        ((1600, 600), (832, 480), "1600 × 600, squeezed to 832 × 480: everything looks 35 % narrower"),
    ],
)
def test_what_the_film_does_to_a_picture(
    tmp_path: Path, size: tuple[int, int], film: tuple[int, int], words: str
) -> None:
    assert fit_words(read_preview(picture(tmp_path / "a.png", size), film)) == words


def test_a_preview_has_the_shape_of_the_film_and_is_small(tmp_path: Path) -> None:
    preview: PicturePreview = read_preview(picture(tmp_path / "a.png", (3000, 2000)), (1280, 720))
    assert (preview.image.width(), preview.image.height()) == (640, 360)
