"""What the Models window says can be read: parts by their names, reasons in few words, long names in their column."""

from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.ui.models.filmable_card import FilmableCard
from svi_studio.ui.models.models_window import ModelsWindow
from svi_studio.ui.models.offer_box import OfferBox
from svi_studio.ui.models.other_files import OtherFiles
from tests.builders.linkable_files import comfy
from tests.builders.weights_trees import lora, safetensors, vae

WAIT_MS = 60_000


def _words(within: QWidget) -> str:
    return "\n".join(each.text() for each in within.findChildren(QLabel))


def test_both_experts_are_called_so_and_what_is_not_used_says_why_in_few_words(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, tmp_path: Path
) -> None:
    tree = comfy(tmp_path / "ComfyUI" / "models")
    (tree / "vae" / "Wan2.1_VAE.pth").write_bytes(b"PK\x03\x04" + bytes(60))
    safetensors(tree / "vae" / "spare.safetensors", vae())
    window.take([tree])
    qtbot.waitUntil(lambda: desk.search.result is not None and not desk.search.is_searching, timeout=WAIT_MS)
    pair = next(each for each in window.finder.findChildren(FilmableCard) if "Wan 2.2 I2V A14B" in _words(each))
    assert "expert for the high noise" in _words(pair) and "video model" not in _words(pair)
    lines = window.finder.findChildren(OtherFiles)[0].model()
    told = {lines.index(row, 0).data(): lines.index(row, 2).data() for row in range(lines.rowCount())}
    assert told["Wan2.1_VAE.pth"].startswith("Cannot be used: it may hold a program")
    assert "models convert" not in told["Wan2.1_VAE.pth"]
    assert "Not needed: the models above use other files." in told.values()


def test_a_lora_with_a_long_name_leaves_its_column_as_wide_as_it_is(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, tmp_path: Path
) -> None:
    name = "lightx2v_I2V_14B_480p_cfg_step_distill_rank64_bf16_and_some_more_words"
    safetensors(tmp_path / "loras" / f"{name}.safetensors", lora(256))
    window.take([tmp_path / "loras"])
    qtbot.waitUntil(lambda: len(desk.loras) > 0, timeout=WAIT_MS)
    window.resize(1280, 800)
    window.show_page("loras")
    detail = window.loras.detail
    qtbot.waitUntil(lambda: detail.title.isVisible() and bool(detail.title.text()), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: detail.title.width() <= detail.width(), timeout=WAIT_MS)
    assert detail.file.width() <= detail.width()


def test_what_is_optional_is_not_called_missing(qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk) -> None:
    box = OfferBox(desk.fetches, ["lightx2v-wan2.2"], window, optional=True)
    assert [each.text() for each in box.findChildren(QPushButton)] == ["Get what is optional…"]
