"""Motion amplitude of film and clips, values for experts, and families that a model cannot film."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.render.cost import RenderCost
from svi_studio.ui.inspector import InspectorPanel
from tests.builders.open_films import open_new_film, put_take, storyboard
from tests.builders.outline_models import write_two_expert_outline
from tests.ui.inspector.conftest import show_inspector
from tests.ui.inspector.test_film_stability import MINI


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundled model once more, which films nothing but Pro."""
    folder = tmp_path / "models"
    (folder / "only-pro").mkdir(parents=True)
    for part in MINI.iterdir():
        if part.name != "svi_model.json":
            (folder / "only-pro" / part.name).symlink_to(part)
    card = json.loads((MINI / "svi_model.json").read_text())
    card |= {"name": "only-pro", "title": "Only Pro", "families": ["pro"], "family_loras": {}}
    (folder / "only-pro" / "svi_model.json").write_text(json.dumps(card))
    monkeypatch.setenv("SVI_MODELS", str(folder))
    return folder


def shown(qtbot: QtBot, film: OpenFilm) -> InspectorPanel:
    panel = show_inspector(qtbot, film)
    qtbot.waitUntil(lambda: film.states.facts is not None and bool(panel.film.shelf.models))
    return panel


def pro(tmp_path: Path, **settings: object) -> OpenFilm:
    return open_new_film(tmp_path, storyboard(2, family="pro", model="only-pro", **settings))


def test_the_films_amplitude_is_one_step_of_undo_and_holds_for_clips(
    qtbot: QtBot, tmp_path: Path, models: Path
) -> None:
    film = pro(tmp_path)
    panel = shown(qtbot, film)
    slider = panel.film_page.more.motion.weight.slider
    assert (slider.minimum(), slider.maximum(), slider.value()) == (100, 130, 100)
    for position in (105, 112, 115):
        slider.setValue(position)
    assert (film.document.storyboard.motion_amplitude, film.document.undo_stack.count()) == (1.15, 1)
    assert panel.clip_page.more.motion.amplitude == 1.15
    film.document.undo_stack.undo()
    assert film.document.storyboard.motion_amplitude is None


def test_a_clip_has_its_own_and_goes_back_to_the_films(qtbot: QtBot, tmp_path: Path, models: Path) -> None:
    film = pro(tmp_path, motion_amplitude=1.1)
    part = shown(qtbot, film).clip_page.more.motion
    part.weight.slider.setValue(125)
    assert film.document.storyboard.clips[0].motion_amplitude == 1.25
    assert "Compare first" in part.field.help.text()
    part.field.reset.emit()
    assert (film.document.storyboard.clips[0].motion_amplitude, part.amplitude) == (None, 1.1)


class Trial(QObject):
    """A trial whose drafts cost what a test says; nothing is rendered."""

    changed, refused = Signal(), Signal(str)

    def __init__(self, clips: int) -> None:
        super().__init__()
        self.asked = RenderCost(clips, 720.0, None)
        self.started: list[tuple[str, float]] = []

    @property
    def is_running(self) -> bool:
        return bool(self.started)

    def cost(self, clip_id: str, amplitude: float) -> RenderCost:
        return self.asked

    def start(self, clip_id: str, amplitude: float) -> None:
        self.started.append((clip_id, amplitude))
        self.changed.emit()


def test_a_comparison_that_drafts_other_clips_too_says_so_before_it_begins(
    qtbot: QtBot, tmp_path: Path, models: Path
) -> None:
    film, trial = pro(tmp_path), Trial(30)
    part = shown(qtbot, film).clip_page.more.motion
    part.use_trial(trial)  # type: ignore[arg-type]
    film.selection.select(["c2"])
    part.compare.click()
    assert (trial.started, part.compare.text()) == ([], "Make these drafts")
    told = "Clip 2 goes on from clips without drafts. Drafts to make: 30 (about 12 min). Press once more."
    assert part.note.text() == told
    part.weight.slider.setValue(120)
    assert (part.compare.text(), part.note.text()) == ("Compare on a draft", "")
    part.compare.click()
    part.compare.click()
    assert (trial.started, part.compare.text()) == ([("c2", 1.2)], "Stop comparing")
    assert part.note.text().startswith("Drafts to make: 30 (about 12 min).")


def test_a_comparison_of_two_drafts_begins_at_once(qtbot: QtBot, tmp_path: Path, models: Path) -> None:
    film, trial = pro(tmp_path), Trial(2)
    part = shown(qtbot, film).clip_page.more.motion
    part.use_trial(trial)  # type: ignore[arg-type]
    part.compare.click()
    assert trial.started == [("c1", 1.15)]


def test_beside_the_slider_stands_how_much_the_clip_moves(qtbot: QtBot, tmp_path: Path, models: Path) -> None:
    film = pro(tmp_path)
    part = shown(qtbot, film).clip_page.more.motion
    assert part.moves.isHidden()
    qtbot.waitUntil(lambda: all(film.states.job(clip) is not None for clip in ("c1", "c2")))
    for clip, movement in (("c1", 3.44), ("c2", 2.1)):
        job = film.states.job(clip)
        assert job is not None
        put_take(film, job, continuity={"movement": movement})
    qtbot.waitUntil(lambda: part.moves.text() == "Clip 1 moves 3.4, and the film's first clips 2.1.")
    film.selection.select(["c2"])
    assert part.moves.text() == "Clip 2 moves 2.1, and the film's first clips 3.4."


def test_latents_that_are_held_cannot_be_widened(qtbot: QtBot, tmp_path: Path, models: Path) -> None:
    film = pro(tmp_path)
    panel = shown(qtbot, film)
    film.document.edit("x", lambda board: change_film(board, family="pro5b"))
    assert panel.film_page.more.motion.isHidden()


def test_shift_is_there_for_all_and_the_second_expert_only_where_there_is_one(
    qtbot: QtBot, tmp_path: Path, models: Path
) -> None:
    more = shown(qtbot, pro(tmp_path)).film_page.more
    assert more.experts.isHidden()
    assert more.shift.lineEdit().placeholderText() == "5, from the family"


def test_a_clips_own_guidance_says_where_the_film_sets_that_of_the_second_expert(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVI_MODELS", str(write_two_expert_outline(tmp_path / "models").parent))
    film = open_new_film(tmp_path, storyboard(2, family="pro", model="outline-two"))
    help_line = shown(qtbot, film).clip_page.more._guidance_field.help
    assert help_line.isHidden()
    film.document.edit("x", lambda board: change_film(board, guidance_scale_low=2.5))
    assert help_line.text() == "For the first expert only: the film sets 2.5 for the second."
    film.document.undo_stack.undo()
    assert help_line.isHidden()


def test_families_say_why_a_model_cannot_film_them(qtbot: QtBot, tmp_path: Path, models: Path) -> None:
    look = shown(qtbot, pro(tmp_path)).film_page.look
    refusals = {choice.value: choice.refusal for choice in look.family._choices}
    assert refusals["pro"] == ""
    assert refusals["film"] == "Film is nothing that the model 'only-pro' can film: choose Pro, or another model."


def test_a_model_for_another_family_brings_it_with_it(qtbot: QtBot, tmp_path: Path, models: Path) -> None:
    film = pro(tmp_path)
    look = shown(qtbot, film).film_page.look
    words = {choice.value: choice.words for choice in look.model._choices}
    assert words["only-pro"] == "Only Pro"
    assert words["svi-mini"].endswith(" · as Film")
    look.model.chosen.emit("svi-mini")
    board = film.document.storyboard
    assert (board.model, board.family, film.document.undo_stack.count()) == ("svi-mini", "film", 1)


def test_a_film_that_does_not_fit_is_mended_with_one_click(qtbot: QtBot, tmp_path: Path, models: Path) -> None:
    film = open_new_film(tmp_path, storyboard(2, family="film", model="only-pro"))
    unfit = shown(qtbot, film).film_page.look.unfit
    qtbot.waitUntil(lambda: len(unfit.buttons) == 2)
    assert "is nothing that the model 'only-pro' can film" in unfit.sentence.text()
    assert [button.text() for button in unfit.buttons] == ["Make it Pro", "Use SVI mini (paper theatre)"]
    unfit.buttons[0].click()
    assert film.document.storyboard.family == "pro"
    assert unfit.isHidden()
    film.document.undo_stack.undo()
    unfit.buttons[1].click()
    assert film.document.storyboard.model == "svi-mini"
