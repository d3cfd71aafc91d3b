"""The first page before there are weights or footage: what it needs, for which card, what the proof found."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.training.training_check import check
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.domain.training.wanted_machine import THIS_COMPUTER, WantedMachine, wanted_machine
from svi_studio.ui.training.dialog import TrainingDialog
from svi_studio.ui.training.needs_box import NeedsBox
from tests.ui.training.conftest import WAIT_MS


@pytest.fixture(autouse=True)
def _no_models(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    monkeypatch.delenv("SVI_MODELS", raising=False)


def estimate(qtbot: QtBot, dialog: TrainingDialog, preset: str, machine: WantedMachine = THIS_COMPUTER) -> NeedsBox:
    """The box with the estimate of ``preset`` for ``machine``."""
    page = dialog.setup.purpose
    page.choose_preset(preset)
    page.estimate.card.show_value(machine)
    page.estimate.card.chosen.emit(machine)
    with qtbot.waitSignal(page.estimate.look_wanted, timeout=WAIT_MS):
        pass
    shown = page.estimate.sentences
    qtbot.waitUntil(lambda: page.estimate.sentences not in ((), shown), timeout=WAIT_MS)
    return page.estimate


def test_a_card_is_chosen_and_all_is_said_without_weights_and_footage(qtbot: QtBot, dialog: TrainingDialog) -> None:
    box = estimate(qtbot, dialog, "film-24gb", wanted_machine("RTX 4090", None))
    said = " ".join(box.sentences)
    assert "Graphics card: about 22 GB" in said
    assert "24 GB there" in said
    assert "with 300 clips" in said
    assert "Time: about" in said
    assert "with 300 clips and the model" in said
    assert (
        "Missing: the model Wan 2.1 I2V 14B, 480P (about 91.3 GB to download). “Get the model…” above gets it" in said
    )
    with qtbot.waitSignal(box.models_wanted):
        box.get.click()


def test_a_card_that_is_too_small_says_so_before_anything_is_fetched(qtbot: QtBot, dialog: TrainingDialog) -> None:
    said = " ".join(estimate(qtbot, dialog, "film-24gb", wanted_machine("12", None)).sentences)
    assert "on the graphics card while" in said
    assert "which has 12.0 GB. With 28 of 40 blocks kept in ordinary memory it needs about 10.9 GB there" in said
    assert said.endswith("of memory (slower).")


def test_a_click_keeps_as_many_blocks_in_ordinary_memory_as_it_takes(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk
) -> None:
    estimate(qtbot, dialog, "film-24gb", wanted_machine("16", None))
    recipe, page = desk.draft.recipe, dialog.setup.check
    assert recipe is not None
    page.show_checked(check(recipe, 300, Path(), None, wanted_machine("16", None)), 0)
    assert page.swap.text() == "Keep 19 blocks in ordinary memory"
    assert page.swap.isVisibleTo(page)
    page.swap.click()
    assert desk.draft.value("memory.swapped_blocks") == 19


def test_the_bundled_model_says_on_the_first_page_what_it_draws(qtbot: QtBot, dialog: TrainingDialog) -> None:
    box = estimate(qtbot, dialog, "shot-mini")
    assert any("draws only its own small world" in each for each in box.sentences)
    assert not box.get.isVisible()


def test_what_the_proof_found_stands_beside_each_purpose(dialog: TrainingDialog) -> None:
    page = dialog.setup.purpose
    assert page.cards["scene"].accessibleDescription().endswith("Proof: less drift in a new look")
    assert page.cards["talk"].accessibleDescription().endswith("Proof: no drift, no difference")
    assert page.cards["pro"].accessibleDescription().endswith("Proof: no drift, no gain")
    page.choose_preset("film-mini")
    assert "1.60 dB [1.05 to 2.15]" in page.proof.text()


def test_a_recipe_of_eight_cards_says_what_one_sees_of_it(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk
) -> None:
    box = estimate(qtbot, dialog, "shot-paper", wanted_machine("H200", None))
    assert any("an eighth of it" in each for each in box.sentences)
    dialog.setup.check.rounds_wanted.emit(8)
    assert desk.draft.value("accumulation") == 8
