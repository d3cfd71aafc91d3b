"""The worker keeps the networks of the last film, and loads others where another family follows something else."""

from pathlib import Path

import pytest

from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.weights.model_folder import read_card
from svi_studio.worker.loaded_models import LoadedModels
from svi_studio.worker.wanted_clips import WantedClips
from tests.builders.storyboards import film
from tests.builders.tiny_models import add_inputs, build_tiny_model
from tests.domain.test_tracks import sound, with_sound


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_inputs(build_tiny_model(tmp_path_factory.mktemp("following") / "tiny"))


def wanted(model: Path, family: str, network: str = "7") -> WantedClips:
    """The first clip of a film of that family, with a sound under it."""
    networks = {InputKind.SOUND: network * 64}
    facts = FilmFacts(
        read_card(model), "2" * 64, {}, {"a.png": "1" * 64, "a.wav": "4" * 64}, (48, 32), networks=networks
    )
    plan = plan_film(FilmPlanner(with_sound(film(1, family), sound(0, 99)), facts))
    return WantedClips(plan, model, (), TakeStore(model / "takes"), model)


def test_a_talk_film_has_what_it_hears_by(model: Path) -> None:
    loaded = LoadedModels()
    assert loaded.get(wanted(model, "shot"), "cpu").sound is None
    assert not loaded.has(wanted(model, "talk"), "cpu")
    assert loaded.get(wanted(model, "talk"), "cpu").sound is not None
    assert loaded.has(wanted(model, "talk"), "cpu")
    assert not loaded.has(wanted(model, "talk", network="8"), "cpu"), "its weights were exchanged"
