from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from svi_studio.document.inspector.media_import import MediaImport, PatientDisk
from svi_studio.document.inspector.picture_preview import PicturePreview, fit_words, read_preview
from svi_studio.domain.errors import StudioError
from svi_studio.domain.pictures.picture_look import PictureLook
from svi_studio.project.media.lora_import import bring_lora
from tests.builders.open_films import picture
from tests.ui.inspector.test_film_page import lora_file


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
        ((832, 832), (832, 480), "832 × 832, of which the middle is filmed, at 832 × 480"),
        ((400, 400), (832, 480), "400 × 231 of 400 × 400, enlarged to 832 × 480: it will look soft"),
    ],
)
def test_what_the_film_does_to_a_picture(
    tmp_path: Path, size: tuple[int, int], film: tuple[int, int], words: str
) -> None:
    assert fit_words(read_preview(picture(tmp_path / "a.png", size), PictureLook(film))) == words


def test_a_frame_of_one_s_own_and_a_squeeze_are_said(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", (1664, 1664))
    framed = read_preview(path, PictureLook((832, 480), crop=(0, 0, 832, 480)))
    assert fit_words(framed) == "1664 × 1664, of which your frame is filmed, at 832 × 480"
    squeezed = read_preview(path, PictureLook((832, 480), squeeze=True))
    assert fit_words(squeezed) == "1664 × 1664, squeezed to 832 × 480: it all looks 73 % wider"


def test_what_there_is_to_know_of_a_picture_is_said(tmp_path: Path) -> None:
    Image.new("RGB", (832, 480)).save(tmp_path / "a.png", icc_profile=b"broken")
    words = fit_words(read_preview(tmp_path / "a.png", PictureLook((832, 480))))
    assert words.startswith("832 × 480, the size of the film. Its colour profile cannot be used")


def test_a_preview_has_the_shape_of_the_film_and_is_small(tmp_path: Path) -> None:
    preview: PicturePreview = read_preview(picture(tmp_path / "a.png", (3000, 2000)), PictureLook((1280, 720)))
    assert (preview.image.width(), preview.image.height()) == (640, 360)


def test_a_lora_for_another_size_is_refused_before_it_is_copied(tmp_path: Path) -> None:
    save_file({"blocks.0.self_attn.q.lora_A.weight": np.ones((2, 5120), np.float32)}, tmp_path / "big.safetensors")
    with pytest.raises(StudioError, match=r"^big.safetensors is a LoRA for Wan 14B, and this film uses svi-mini"):
        bring_lora(tmp_path / "film", tmp_path / "big.safetensors", model="svi-mini")
    assert not (tmp_path / "film" / "media").exists()


def test_what_is_assumed_of_a_lora_is_said_when_it_is_added(qtbot: QtBot, tmp_path: Path) -> None:
    name = "base_model.model.blocks.0.self_attn.q.lora_A.weight"
    save_file({name: np.ones((2, 160), np.float32)}, tmp_path / "adapter_model.safetensors")
    (tmp_path / "film").mkdir()
    media = MediaImport(tmp_path / "film")
    with qtbot.waitSignal(media.noted) as told:
        media.lora(tmp_path / "adapter_model.safetensors", "svi-mini", lambda use: None)
    assert "it is used as it is (scale 1)" in told.args[0]
    assert media.close()
