"""What the LoRA files of a film are to speed recipes."""

from pathlib import Path

import pytest

from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B
from svi_studio.domain.film.speed_recipe import KnownLora
from svi_studio.weights.known_loras import known_lora
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
