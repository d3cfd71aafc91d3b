"""What the LoRA files of a film are to speed recipes."""

import json
from pathlib import Path

import pytest

from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B
from svi_studio.domain.film.speed_recipe import KnownLora
from svi_studio.weights.known_loras import known_lora, loras_on_this_computer
from tests.weights.test_lora_traits import lora

IN_FILM = f"media/{'a' * 60}205b.safetensors"  # a name that is a hash, and ends like one for the 5B


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("", KnownLora(IN_FILM, False)),
        ("Wan2.2 lightx2v 4steps high_noise", KnownLora(IN_FILM, True, "high", WAN_2_2_I2V_A14B)),
        ("lightx2v low_noise", KnownLora(IN_FILM, True, "low", WAN_2_2_I2V_A14B)),
        ("wan2.1 i2v lightx2v 4step", KnownLora(IN_FILM, True, "both", WAN_2_1_I2V)),
    ],
)
def test_a_file_of_a_film_is_known_by_its_label_and_not_by_its_hash(
    tmp_path: Path, label: str, known: KnownLora
) -> None:
    (tmp_path / "media").mkdir()
    path = lora(tmp_path / IN_FILM)
    assert known_lora(path, IN_FILM, label) == known
    assert known_lora(path, str(path), label) == known._replace(file=str(path))


PAIR = ("wan2.2_i2v_lightx2v_4steps_lora_v1_high_noise", "wan2.2_i2v_lightx2v_4steps_lora_v1_low_noise")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder with a models folder that is empty yet."""
    folder = tmp_path / "home"
    (folder / "models" / "loras").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    monkeypatch.setenv("SVI_MODELS", str(folder / "models"))
    return folder


def at(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return lora(path)


def found(*places: Path) -> list[Path]:
    return [Path(known.file) for known in loras_on_this_computer(places)]


def test_the_folders_of_comfyui_and_wan2gp_are_looked_through_after_the_own_ones(home: Path) -> None:
    theirs = [at(home / "ComfyUI" / "models" / "loras" / "wan" / f"{name}.safetensors") for name in PAIR]
    old = at(home / "Wan2GP" / "loras_i2v" / "Wan21_I2V_14B_lightx2v_cfg_step_distill_lora_rank64.safetensors")
    own = at(home / "models" / "loras" / "lightning.safetensors")
    assert found() == [own, *theirs, old]


def test_loras_lie_beside_the_files_that_a_model_is_linked_to(home: Path, tmp_path: Path) -> None:
    comfy = tmp_path / "elsewhere" / "ComfyUI" / "models"
    theirs = [at(comfy / "loras" / f"{name}.safetensors") for name in PAIR]
    linked = home / "models" / "mine"
    linked.mkdir()
    parts = {"transformer": {"files": [str(comfy / "diffusion_models" / "wan" / "high.safetensors")]}}
    (linked / "svi_parts.json").write_text(json.dumps({"architecture": "wan2.2-i2v-a14b", "parts": parts}))
    assert found() == theirs


def test_places_that_the_user_named_count_and_no_file_counts_twice(home: Path, tmp_path: Path) -> None:
    file = at(tmp_path / "mine" / f"{PAIR[0]}.safetensors")
    (home / "models" / "loras" / file.name).symlink_to(file)
    assert found(tmp_path / "mine") == [home / "models" / "loras" / file.name]
    assert found(tmp_path / "gone") == [home / "models" / "loras" / file.name]


def test_what_does_not_say_that_it_is_for_wan_counts_in_the_own_folders_alone(home: Path) -> None:
    at(home / "ComfyUI" / "models" / "loras" / "z_image_turbo.safetensors")
    assert found() == []


def test_those_for_films_from_words_are_told(home: Path) -> None:
    at(home / "models" / "loras" / "Wan2.2-T2V-A14B-4steps-lora-rank64" / "high_noise_model.safetensors")
    (known,) = loras_on_this_computer()
    assert (known.expert, known.architecture, known.from_words) == ("high", WAN_2_2_I2V_A14B, True)
