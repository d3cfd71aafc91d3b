"""The Models window as its user meets it: what to press first, what was found, what is missing, what a file is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.domain.fetching.known_model import KnownModels
from svi_studio.hub.fetched_record import FetchedFile, FetchedRecord, record_path
from svi_studio.hub.hub_key import hub_key
from svi_studio.net.origin import Origin
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.controls.section import Section
from svi_studio.ui.models.entry_menu import add_entry_actions
from svi_studio.ui.models.filmable_card import FilmableCard
from svi_studio.ui.models.kit_card import KitCard
from svi_studio.ui.models.models_window import ModelsWindow
from svi_studio.ui.models.offer_box import OfferBox
from svi_studio.ui.models.token_dialog import TokenDialog
from svi_studio.weights.linking.filmable import what_can_be_filmed
from svi_studio.weights.linking.link import link_model
from tests.builders.linkable_files import comfy, rows, talk
from tests.builders.weights_trees import lora, safetensors, vae
from tests.hub.fetches import model, some_files
from tests.hub.local_hub import LocalHub, standing

WAIT_MS = 60_000


def _button(within: QWidget, text: str) -> QAbstractButton:
    """The button of those words; one that was just made comes on the screen with the next events."""
    deadline = QDeadlineTimer(WAIT_MS)
    while not deadline.hasExpired():
        for each in within.findChildren(QPushButton):
            if each.text() == text and each.isVisibleTo(within):
                return each
        QApplication.processEvents()
    raise AssertionError(f"no button says {text!r}: {_words_of_buttons(within)}")


def _words(within: QWidget) -> str:
    return "\n".join(each.text() for each in within.findChildren(QLabel) if each.isVisibleTo(within))


def test_a_new_user_is_told_what_the_bundled_model_draws_and_led_on(qtbot: QtBot, window: ModelsWindow) -> None:
    assert "draws nothing but its paper theatre" in _words(window.installed)
    _button(window.installed, "Get a model").click()
    assert window.pages.currentWidget() is window.get
    window.show_page("installed")
    _button(window.installed, "Find models here").click()
    assert window.pages.currentWidget() is window.finder
    assert "No folder of another program was found" in _words(window.finder)


def test_a_dropped_folder_becomes_a_model_by_one_press(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, tmp_path: Path
) -> None:
    tree = comfy(tmp_path / "ComfyUI" / "models")
    safetensors(tree / "loras" / "Snow.safetensors", lora(256))
    window.take([tree])
    qtbot.waitUntil(lambda: desk.search.result is not None and not desk.search.is_searching, timeout=WAIT_MS)
    cards = window.finder.findChildren(FilmableCard)
    assert len(cards) == 3
    qtbot.waitUntil(lambda: "1 LoRA" in _words(window.finder), timeout=WAIT_MS)
    _button(cards[0], "Use these files").click()
    qtbot.waitUntil(lambda: desk.has_own_model, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "is ready" in window.banners.shown["said"].text, timeout=WAIT_MS)
    _button(window.banners, "See it").click()
    qtbot.waitUntil(lambda: "Uses the files in" in _words(window.installed), timeout=WAIT_MS)
    assert "A model for your own pictures" not in _words(window.installed)
    assert sum("Among your models" in _words_of_buttons(each) for each in window.finder.findChildren(FilmableCard)) == 1


def _words_of_buttons(within: QWidget) -> str:
    return " ".join(each.text() for each in within.findChildren(QPushButton))


def test_what_is_missing_is_named_with_a_way_to_get_it(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, tmp_path: Path
) -> None:
    tree = comfy(tmp_path / "models_of_others")
    (tree / "vae" / "wan2.2_vae.safetensors").unlink()
    window.take([tree])
    qtbot.waitUntil(lambda: desk.search.result is not None and not desk.search.is_searching, timeout=WAIT_MS)
    card = next(each for each in window.finder.findChildren(FilmableCard) if "is missing" in _words(each))
    assert "The VAE is missing" in _words(card)
    qtbot.waitUntil(lambda: "Something is missing" in _words(window.finder), timeout=WAIT_MS)
    assert card.findChild(OfferBox) is not None


def test_a_way_to_film_names_its_parts_and_asks_nothing_by_itself(window: ModelsWindow) -> None:
    words = _words(window.get)
    assert "SVI 2.0 Pro" in words and "keeps a long film from falling apart" in words
    assert "Asking what there is" not in words


def test_offline_is_said_where_something_was_asked_for(qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk) -> None:
    box = window.get.findChildren(OfferBox)[0]
    _button(box, "Get what is missing…").click()
    qtbot.waitUntil(lambda: "HF_HUB_OFFLINE" in _words(box), timeout=WAIT_MS)
    assert _button(box, "Ask again").isEnabled()


def test_sizes_and_terms_come_before_the_fetch(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    with standing(LocalHub(some_files())) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        desk.fetches.models, desk.fetches.place = {"it": model()}, tmp_path / "fetched"
        box = OfferBox(desk.fetches, ["it"], window)
        box.show()
        _button(box, "Get what is missing…").click()
        qtbot.waitUntil(lambda: "Terms: apache-2.0" in _words(box), timeout=WAIT_MS)
        get = _button(box, "Get what is missing (470 KB)")
        get.click()
        assert window.strip.isVisible() and "it" in window.strip.rows
        qtbot.waitUntil((tmp_path / "fetched" / "it" / "model_index.json").is_file, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: not window.strip.rows and not window.strip.isVisible(), timeout=WAIT_MS)


def test_a_failed_fetch_says_why_and_goes_on_when_pressed(qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk) -> None:
    desk.fetches.fetch(["svi-shot-1.0"])
    row = window.strip.rows["svi-shot-1.0"]
    qtbot.waitUntil(lambda: "HF_HUB_OFFLINE" in row.words.text(), timeout=WAIT_MS)
    assert row.pause.accessibleName() == "Go on: SVI Shot 1.0" and row.pause.isEnabled()
    row.stop.click()
    assert not window.strip.isVisible()


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda path: safetensors(path, vae(48)), "VAE", "turns pictures"),
        (lambda path: path.write_bytes(b"PK\x03\x04" + bytes(60)), "Other weights", "it may hold a program"),
        (lambda path: safetensors(path, {"double_blocks.0.x.weight": ("F16", (2, 2))}), "Other weights", "Flux"),
    ],
)
def test_a_dropped_file_is_told_what_it_is(
    qtbot: QtBot, window: ModelsWindow, tmp_path: Path, make: Callable[[Path], object], kind: str, said: str
) -> None:
    path = tmp_path / "strange.ckpt" if "program" in said else tmp_path / "strange.safetensors"
    make(path)
    window.take([path])
    qtbot.waitUntil(lambda: window.asked is not None, timeout=WAIT_MS)
    dialog = window.asked
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.kind.text() == kind, timeout=WAIT_MS)
    assert said in dialog.verdict.text()
    dialog.accept()


def test_what_an_earlier_file_is_is_not_said_of_the_next(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, tmp_path: Path
) -> None:
    first = safetensors(tmp_path / "first.safetensors", vae(48))
    window.take([tmp_path / "second.safetensors"])
    qtbot.waitUntil(lambda: window.asked is not None and "could not" in window.asked.kind.text(), timeout=WAIT_MS)
    desk.what_is(first)
    with qtbot.waitSignal(desk.told, timeout=WAIT_MS):
        pass
    assert window.asked is not None and "could not" in window.asked.kind.text()
    window.asked.accept()


def test_of_several_files_the_first_is_told_and_the_rest_is_named(
    qtbot: QtBot, window: ModelsWindow, tmp_path: Path
) -> None:
    window.take([safetensors(tmp_path / f"{name}.safetensors", vae(48)) for name in ("one", "two", "three")])
    qtbot.waitUntil(lambda: window.asked is not None, timeout=WAIT_MS)
    assert window.asked is not None and window.asked.path.stem == "one"
    assert window.banners.shown["said"].text == "2 files were left out: drop one file at a time."
    window.asked.accept()


def test_a_linked_model_is_linked_again_with_sound(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, places: Path, tmp_path: Path
) -> None:
    tree = comfy(tmp_path / "ComfyUI" / "models")
    window.take([tree])
    qtbot.waitUntil(lambda: desk.search.result is not None and not desk.search.is_searching, timeout=WAIT_MS)
    assert desk.search.result is not None
    desk.search.link(next(each for each in desk.search.result.filmables if each.architecture == "wan2.1-i2v"))
    qtbot.waitUntil(lambda: desk.has_own_model, timeout=WAIT_MS)
    talk(places / "talk")
    desk.search.sort_again()
    _button(window.finder, "Link again, with sound").click()
    qtbot.waitUntil(lambda: "talk" in desk.installed[-1].families, timeout=WAIT_MS)
    assert sum(each.where != "bundled" for each in desk.installed) == 1
    qtbot.waitUntil(lambda: "Link again, with sound" not in _words_of_buttons(window.finder), timeout=WAIT_MS)


def test_a_part_leads_to_what_it_makes_with_the_files_around_it(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, tmp_path: Path
) -> None:
    tree = comfy(tmp_path / "models")
    window.take([tree / "vae" / "wan_2.1_vae.safetensors"])
    qtbot.waitUntil(lambda: window.asked is not None, timeout=WAIT_MS)
    dialog = window.asked
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.kind.text() == "VAE", timeout=WAIT_MS)
    _button(dialog, "See what it makes with the files around it").click()
    qtbot.waitUntil(lambda: desk.search.result is not None and not desk.search.is_searching, timeout=WAIT_MS)
    assert window.pages.currentWidget() is window.finder and len(window.finder.findChildren(FilmableCard)) == 3


def test_the_library_is_searched_and_says_what_does_not_fit(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, places: Path
) -> None:
    safetensors(places / "loras" / "Theatre light.safetensors", lora(160), {"modelspec.trigger_phrase": "limelight"})
    safetensors(places / "loras" / "Snow.safetensors", lora(5120))
    desk.set_film_model("svi-mini")
    window.show_film("svi-mini")
    desk.look()
    qtbot.waitUntil(lambda: len(desk.loras) == 2, timeout=WAIT_MS)
    window.show_page("loras")
    page = window.loras
    assert [each.title for each in page.list.shown] == ["Theatre light", "Snow"]
    assert page.detail.title.text() == "Theatre light" and "limelight" in page.detail.triggers.text()
    assert page.detail.add.isEnabled()
    page.words.setText("snow")
    assert page.detail.title.text() == "Snow" and "this film uses svi-mini" in page.detail.fit.text()
    assert not page.detail.add.isEnabled()
    page.only_fitting.setChecked(True)
    assert page.list.shown == () and not page.detail.isVisible()
    page.words.clear()
    with qtbot.waitSignal(window.lora_wanted) as wanted:
        page.detail.add.click()
    assert wanted.args[0].name == "Theatre light.safetensors"
    window.show_film("another-model")  # the library was not compared with it yet
    assert "Looking whether it fits" in page.detail.fit.text()


def test_without_a_film_nothing_can_be_added(
    window: ModelsWindow, qtbot: QtBot, desk: ModelsDesk, places: Path
) -> None:
    safetensors(places / "loras" / "Snow.safetensors", lora(5120))
    desk.look()
    qtbot.waitUntil(lambda: len(desk.loras) == 1, timeout=WAIT_MS)
    assert "No film is open" in window.loras.detail.fit.text() and not window.loras.detail.add.isEnabled()


def test_every_page_says_its_name_aloud_and_no_button_is_nameless(window: ModelsWindow) -> None:
    ours = (each for each in window.findChildren(QAbstractButton) if not isinstance(each.parent(), QLineEdit))
    for button in ours:
        assert button.accessibleName() or button.text() or button.objectName().startswith("qt_"), button


def test_the_rest_of_the_catalogue_is_made_when_it_is_wanted(window: ModelsWindow, qtbot: QtBot) -> None:
    before = len(window.get.findChildren(OfferBox))
    section = window.get.findChild(Section)
    assert section is not None
    section.set_open(True)
    assert len(window.get.findChildren(OfferBox)) > before + 20
    qtbot.waitUntil(lambda: "Qwen2.5-VL-3B" in _words(section), timeout=WAIT_MS)


def test_both_experts_of_a_pair_are_added_by_one_press(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, places: Path
) -> None:
    for folder, name in (("Snow", "snow_low_noise"), ("Snow", "snow_high_noise"), ("Rain", "snow_low_noise")):
        safetensors(places / "loras" / folder / f"{name}.safetensors", lora(160))
    window.show_film("svi-mini")
    desk.look()
    qtbot.waitUntil(lambda: len(desk.loras) == 3, timeout=WAIT_MS)
    window.show_page("loras")
    page = window.loras
    alone = next(place for place, each in enumerate(page.list.shown) if each.path.match("Rain/*"))
    page.list.setCurrentIndex(page.list.model().index(alone, 0))
    assert page.detail.both.isHidden()
    low = next(place for place, each in enumerate(page.list.shown) if each.path.match("Snow/snow_low*"))
    page.list.setCurrentIndex(page.list.model().index(low, 0))
    added: list[Path] = []
    window.lora_wanted.connect(added.append)
    _button(page.detail, "Add both, high and low").click()
    assert [path.stem for path in added] == ["snow_high_noise", "snow_low_noise"]
    assert {path.parent.name for path in added} == {"Snow"}


def test_a_token_is_kept_for_the_hub_and_not_shown_again(
    qtbot: QtBot, desk: ModelsDesk, window: ModelsWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    origin = Origin.of("https://huggingface.co")
    dialog = TokenDialog(desk.fetches.token, window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.words.setText("hf_canary")
    with qtbot.waitSignal(desk.fetches.token.said, timeout=WAIT_MS):
        dialog.keep.click()
    kept = hub_key(origin)
    assert kept is not None and kept.tell(origin) == "hf_canary"
    assert not dialog.words.text() and "until the program closes" in dialog.said.text()
    with qtbot.waitSignal(desk.fetches.token.known, timeout=WAIT_MS) as known:
        dialog.forget.click()
    assert known.args == [False] and hub_key(origin) is None


def test_a_file_of_entries_goes_into_the_catalogue(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, tmp_path: Path
) -> None:
    file = tmp_path / "mine.json"
    file.write_text(KnownModels(version=1, models=(model(),)).model_dump_json())
    desk.add_entries(file)
    qtbot.waitUntil(lambda: "it" in desk.fetches.models, timeout=WAIT_MS)
    assert "in the catalogue now" in window.banners.shown["said"].text
    file.write_text("{")
    with qtbot.waitSignal(desk.said, timeout=WAIT_MS) as said:
        desk.add_entries(file)
    assert said.args[0] == "warn" and "holds no entries" in said.args[1]


def test_removing_a_part_names_the_models_that_are_made_with_it(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, places: Path, tmp_path: Path
) -> None:
    entry = desk.fetches.models["wan2.2-vae"]
    tree = comfy(places / "parts")
    vae_file = tree / "vae" / "wan2.2_vae.safetensors"
    folder = places / entry.folder
    fact = FetchedFile(
        path="x",
        save_as=str(vae_file.relative_to(folder)),
        size=vae_file.stat().st_size,
        checksum="0" * 64,
        changed_ns=1,
    )
    record = FetchedRecord(
        name=entry.name, repository=entry.repository, revision="main", commit="0" * 40, files=(fact,)
    )
    record_path(folder, entry.name).write_text(record.model_dump_json())
    found = next(each for each in what_can_be_filmed(rows(tree)) if each.architecture == "wan2.2-ti2v-5b")
    link_model(found, place=places)
    desk.look()
    qtbot.waitUntil(lambda: bool(desk.fetches.users.get("wan2.2-vae")), timeout=WAIT_MS)
    menu = KeyMenu(window)
    add_entry_actions(menu, desk.fetches, "wan2.2-vae", window)
    menu.actions()[-1].trigger()
    qtbot.waitUntil(lambda: "can film no more without it: Wan 2.2 TI2V 5B" in _words(window), timeout=WAIT_MS)


def test_a_kit_names_what_the_files_here_lack_and_links_those_that_are_whole(
    qtbot: QtBot, window: ModelsWindow, desk: ModelsDesk, tmp_path: Path
) -> None:
    tree = comfy(tmp_path / "ComfyUI" / "models")
    (tree / "vae" / "wan2.2_vae.safetensors").unlink()
    window.take([tree])
    qtbot.waitUntil(lambda: any(state.filmable for state in desk.kits), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "the model needs it" in _facts(window.get, "Wan 2.2 5B"), timeout=WAIT_MS)
    card = next(each for each in window.get.findChildren(KitCard) if each.title.text() == "SVI 2.0 Pro")
    assert "The files of its model are here." in _words(card)
    _button(card, "Use these files").click()
    with qtbot.waitSignal(desk.ready, timeout=WAIT_MS) as ready:
        pass
    assert next(each for each in desk.installed if each.name == ready.args[0]).architecture == "wan2.2-i2v-a14b"


def _facts(page: QWidget, kit: str) -> str:
    card = next((each for each in page.findChildren(KitCard) if each.title.text() == kit), None)
    return " ".join(each.text() for each in card.findChildren(ElidedLabel)) if card is not None else ""
