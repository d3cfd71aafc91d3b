"""A model of Wan 2.1 is linked with what lets it follow a sound, where that lies beside its files."""

import shutil
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.track import InputKind
from svi_studio.weights.catalogue import look_at_model
from svi_studio.weights.content_hash import input_hash
from svi_studio.weights.input_networks import check_input_networks
from svi_studio.weights.linking.choose import chosen_part
from svi_studio.weights.linking.describe import describe_parts
from svi_studio.weights.linking.filmable import what_can_be_filmed
from svi_studio.weights.linking.link import link_model
from svi_studio.weights.linking.unlink import unlink_model
from svi_studio.weights.model_folder import input_files, read_card, sound_encoder_files
from svi_studio.weights.model_size import read_model_size
from tests.builders.linkable_files import by_kind, rows, talk

I2V, A14B = "wan2.1-i2v", "wan2.2-i2v-a14b"


@pytest.fixture
def hearing(owned: Path) -> Path:
    """Where what Talk needs lies."""
    return talk(owned / "talk")


def test_what_talk_needs_is_linked_with_wan_2_1_alone(place: Path, owned: Path, hearing: Path) -> None:
    found = by_kind(what_can_be_filmed(rows(owned)))
    assert found[I2V].inputs == (InputKind.SOUND,) and not found[A14B].inputs
    folder = link_model(found[I2V])
    assert look_at_model(folder).problem is None and read_card(folder).inputs == (InputKind.SOUND,)
    assert input_files(folder, InputKind.SOUND) == (hearing / "multitalk.safetensors",)
    assert sound_encoder_files(folder) == (hearing / "chinese-wav2vec2-base" / "model.safetensors",)
    check_input_networks(folder, read_card(folder), [InputKind.SOUND])
    assert read_model_size(folder).sound_width == 16
    told = {part.part: part for part in describe_parts(folder)}
    assert told["sound"].linked and told["audio_encoder"].precision == "fp32"
    unlink_model(folder)
    assert not folder.exists() and (hearing / "multitalk.safetensors").is_file()


def test_its_hash_is_that_of_the_same_files_in_a_folder(
    place: Path, owned: Path, hearing: Path, tmp_path: Path
) -> None:
    folder, cache = link_model(by_kind(what_can_be_filmed(rows(owned)))[I2V]), tmp_path / "hashes.json"
    linked = input_hash(folder, InputKind.SOUND, cache)
    (folder / "svi_parts.json").unlink()
    shutil.copy(hearing / "multitalk.safetensors", folder / "sound.safetensors")
    shutil.copy(hearing / "chinese-wav2vec2-base" / "model.safetensors", folder / "audio_encoder" / "model.safetensors")
    assert input_hash(folder, InputKind.SOUND, cache) == linked


def test_half_of_what_talk_needs_is_left_out(place: Path, owned: Path, hearing: Path) -> None:
    (hearing / "multitalk.safetensors").unlink()
    filmable = by_kind(what_can_be_filmed(rows(owned)))[I2V]
    assert filmable.ready and not filmable.inputs
    assert chosen_part("audio_encoder", hearing / "chinese-wav2vec2-base").architecture == "wav2vec2"


def test_what_is_linked_again_follows_a_sound_as_its_files_now_say(place: Path, owned: Path, hearing: Path) -> None:
    file, away = hearing / "multitalk.safetensors", owned.parent / "multitalk.safetensors"
    folder = link_model(by_kind(what_can_be_filmed(rows(owned)))[I2V])
    file.rename(away)
    assert link_model(by_kind(what_can_be_filmed(rows(owned)))[I2V]) == folder
    assert not read_card(folder).inputs and look_at_model(folder).problem is None
    assert not any(part.problem or part.part in ("sound", "audio_encoder") for part in describe_parts(folder))
    away.rename(file)
    assert link_model(by_kind(what_can_be_filmed(rows(owned)))[I2V]) == folder
    assert read_card(folder).inputs == (InputKind.SOUND,)


def test_a_sound_network_for_another_size_is_refused(place: Path, owned: Path) -> None:
    talk(owned / "talk", blocks=3)
    with pytest.raises(BadWeights, match="was made for a transformer of another size"):
        link_model(by_kind(what_can_be_filmed(rows(owned)))[I2V])


def test_a_file_of_it_that_is_gone_is_named(place: Path, owned: Path, hearing: Path) -> None:
    folder = link_model(by_kind(what_can_be_filmed(rows(owned)))[I2V])
    (hearing / "multitalk.safetensors").unlink()
    assert "multitalk.safetensors, which is not there" in str(look_at_model(folder).problem)
    with pytest.raises(BadWeights, match="which is not there"):
        input_files(folder, InputKind.SOUND)
