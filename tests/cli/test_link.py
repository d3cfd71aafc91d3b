"""``svi-studio models link``, ``info`` and ``unlink``: for people and scripts, every refusal in one sentence."""

import pickle
from pathlib import Path

import pytest

from tests.builders.linkable_files import (
    Shapes,
    comfy,
    picture_encoder,
    quantised_experts,
    talk,
    text_encoder,
    transformer,
    vae,
)
from tests.builders.weights_trees import lora, safetensors
from tests.cli.conftest import Run, write_storyboard

UNET = Path("ComfyUI/models/diffusion_models")
HIGH, LOW = (UNET / f"wan2.2_i2v_{noise}_noise_14B_fp16.safetensors" for noise in ("high", "low"))
SEEING, SMALL = UNET / "wan2.1_i2v_480p_14B_bf16.safetensors", UNET / "wan2.2_ti2v_5B_fp16.safetensors"


@pytest.fixture(autouse=True)
def own_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is linked into the folder that other tests share."""
    monkeypatch.setenv("SVI_MODELS", "models")
    monkeypatch.setenv("HF_HUB_CACHE", "hub")


@pytest.fixture
def owned(own_world: None) -> Path:
    comfy(Path("ComfyUI/models"))
    return Path("ComfyUI")


def test_a_folder_is_told_linked_described_and_unlinked(run: Run, owned: Path) -> None:
    told = run("models", "scan", owned)
    assert told.code == 0 and "Ready to film" in told.out and "wan2.2_i2v_14B_fp16: Wan 2.2 I2V A14B, bf16" in told.out
    assert "tokenizer: inside the text encoder" in told.out
    linked = run("models", "link", owned, "--name", "wan2.2_i2v_14B_fp16", "--json")
    assert linked.code == 0 and linked.events[0]["name"] == "wan2.2_i2v_14B_fp16"
    info = run("models", "info", "wan2.2_i2v_14B_fp16")
    assert info.code == 0 and "films Pro" in info.out and str(HIGH.absolute()) in info.out
    (facts,) = run("models", "info", "wan2.2_i2v_14B_fp16", "--json").events
    assert facts["linked"] and {part["part"] for part in facts["parts"]} >= {
        "transformer",
        "transformer_2",
        "tokenizer",
    }
    listed = run("models", "list", "--json").events
    assert {"wan2.2_i2v_14B_fp16"} <= {model["name"] for model in listed if model["linked"]}
    assert run("models", "unlink", "wan2.2_i2v_14B_fp16").code == 0
    assert HIGH.is_file() and run("models", "info", "wan2.2_i2v_14B_fp16").code == 3


def test_whoever_removes_a_linked_model_is_told_what_takes_it_away(run: Run, owned: Path) -> None:
    assert run("models", "link", owned, "--name", "wan2.2_i2v_14B_fp16").code == 0
    ended = run("models", "remove", "wan2.2_i2v_14B_fp16")
    assert ended.code == 2 and 'models unlink wan2.2_i2v_14B_fp16" takes it away' in ended.err
    assert HIGH.is_file() and run("models", "info", "wan2.2_i2v_14B_fp16").code == 0


def test_what_could_be_linked_is_listed_for_scripts(run: Run, owned: Path) -> None:
    found = {each["name"]: each for each in run("models", "link", owned, "--list", "--json").events}
    assert len(found) == 3 and all(each["ready"] for each in found.values())
    assert "Ready to film" in run("models", "link", owned, "--list").out and not Path("models").exists()


def test_of_several_models_one_is_asked_for(run: Run, owned: Path) -> None:
    quantised_experts(owned / "models" / "unet")
    ended = run("models", "link", owned)
    assert ended.code == 2 and "Several models can be made of these files: Wan2.2-I2V-A14B-Q8_0, " in ended.err
    picked = run("models", "link", owned, "--high", owned / "models/unet/HighNoise/Wan2.2-I2V-A14B-HighNoise-Q8_0.gguf")
    assert picked.code == 0 and "Wan2.2-I2V-A14B-Q8_0 is linked: Wan 2.2 I2V A14B, Q8_0." in picked.out


def test_named_files_need_no_folder(run: Run, owned: Path) -> None:
    parts = owned / "models"
    words = ["--vae", parts / "vae" / "wan2.2_vae.safetensors"]
    words += ["--text-encoder", parts / "text_encoders" / "umt5_xxl_fp16.safetensors"]
    ended = run("models", "link", "--transformer", SMALL, *words, "--name", "five")
    assert ended.code == 0 and "five is linked: Wan 2.2 TI2V 5B" in ended.out


def test_a_tokenizer_in_the_models_folder_fills_the_gap(run: Run) -> None:
    """It is found there, as the parts are that "models fetch" brings."""
    comfy(Path("ComfyUI/models"), tokenizer=False)
    ended = run("models", "link", "ComfyUI", "--transformer", SMALL)
    assert ended.code == 2 and "lacks umt5-xxl's tokenizer: fetch it with \"" in ended.err
    target = Path("models/parts/umt5-xxl/tokenizer/tokenizer.json")
    target.parent.mkdir(parents=True)
    target.write_text("{}")
    linked = run("models", "link", "ComfyUI", "--transformer", SMALL, "--json")
    assert linked.code == 0, linked.err
    assert linked.events[0]["parts"]["tokenizer"]["files"] == [str(target.absolute())]


def test_what_talk_needs_is_taken_from_where_it_was_fetched_to(run: Run, owned: Path) -> None:
    talk(Path("models/talk"))
    ended = run("models", "link", owned, "--transformer", SEEING, "--name", "talks")
    assert ended.code == 0, ended.err
    info = run("models", "info", "talks").out
    assert "Talk" in info and "sound network: " in info and "multitalk.safetensors" in info
    hears = "models/talk/chinese-wav2vec2-base/model.safetensors"
    wrong = run("models", "link", owned, "--transformer", SEEING, "--sound", hears)
    assert wrong.code == 2 and "model.safetensors is no sound network of Talk: choose another file." in wrong.err


def test_what_was_fetched_is_linked_without_naming_a_folder(run: Run) -> None:
    comfy(Path("models/parts"))
    ended = run("models", "link", "--name", "wan2.2_ti2v_5B_fp16")
    assert ended.code == 0 and "wan2.2_ti2v_5B_fp16 is linked: Wan 2.2 TI2V 5B" in ended.out


def test_the_answer_which_expert_a_file_is_is_asked_for_once(run: Run, owned: Path) -> None:
    HIGH.rename(UNET / "one.safetensors")
    LOW.rename(UNET / "two.safetensors")
    ended = run("models", "link", owned, "--high", UNET / "one.safetensors")
    assert ended.code == 2 and "Is two.safetensors the expert for the high noise or for the low noise?" in ended.err
    words = ["--high", UNET / "one.safetensors", "--low", UNET / "two.safetensors", "--name", "mine"]
    assert run("models", "link", owned, *words).code == 0
    assert run("models", "unlink", "mine").code == 0
    assert "one.safetensors the expert" not in run("models", "scan", owned).out
    assert "one: Wan 2.2 I2V A14B" in run("models", "link", owned, "--list").out


WORDS_ALONE, T5, VAE_48, LORA, SIGCLIP = (
    f"{name}.safetensors" for name in ("wan2.1_t2v_14B", "t5xxl", "vae48", "lora", "sigclip")
)
BAD: dict[str, Shapes | None] = {
    WORDS_ALONE: transformer(16),
    T5: text_encoder(words=32_128),
    VAE_48: vae(48),
    LORA: lora(),
    SIGCLIP: {**picture_encoder(), "vision_model.embeddings.patch_embedding.weight": ("F16", (8, 3, 14, 14))},
    "old.ckpt": None,
    "Wan2.1_VAE.pth": None,
}
"""Files of another kind than they should be; None: a pickle."""


def bad(name: str) -> Path:
    path, shapes = Path("bad") / name, BAD[name]
    if shapes is not None:
        return safetensors(path, shapes)
    path.write_bytes(b"PK\x03\x04" + pickle.dumps({"a": 1}))
    return path


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--transformer", WORDS_ALONE], "makes videos from words alone (T2V) and cannot start from a"),
        (["--transformer", "old.ckpt"], "old.ckpt cannot be used: it may hold a program, which would run when"),
        (["--transformer", LORA], "lora.safetensors is a LoRA, not a transformer: choose another file."),
        (["--transformer", SEEING, "--vae", VAE_48], "vae48.safetensors makes latents of 48 channels, and"),
        (["--transformer", SEEING, "--vae", "Wan2.1_VAE.pth"], "Wan2.1_VAE.pth cannot be used: it may hold a program"),
        (["--transformer", SMALL, "--text-encoder", T5], "is the text encoder of another model: Wan"),
        (["--transformer", SEEING, "--picture-encoder", SIGCLIP], "Wan 2.1 needs clip_vision_h"),
        (["--transformer", SEEING, "--tokenizer", VAE_48], "is a VAE and has no tokenizer inside"),
        (["--transformer", SEEING, "--tokenizer", "bad"], "bad holds neither a tokenizer.json nor a spiece.model"),
        (["--transformer", "none.safetensors"], "none.safetensors could not be read"),
        (
            ["--transformer", SEEING, "--high", HIGH],
            "Give either --transformer, or --high and --low for",
        ),
        (["--high", HIGH, "--low", HIGH], "by its own name: choose the one for the low noise"),
        (
            ["--high", SEEING, "--low", LOW],
            "is Wan 2.1 I2V, which has one transformer alone: it is no expert for the high noise",
        ),
        ([], "Several models can be made of these files"),
        (["--name", "new"], "Several models can be made of these files"),
    ],
)
def test_what_cannot_be_a_part_is_refused_in_one_sentence(
    run: Run, owned: Path, words: list[str | Path], sentence: str
) -> None:
    Path("bad").mkdir()
    named = [bad(word) if isinstance(word, str) and word in BAD else word for word in words]
    ended = run("models", "link", owned, *named)
    assert ended.code in (2, 3) and sentence in ended.err
    assert ended.err.count("\n") == 1 and not [*Path("models").glob("*")]


def test_the_same_weights_twice_are_refused(run: Run, owned: Path) -> None:
    LOW.write_bytes(HIGH.read_bytes())
    ended = run("models", "link", owned, "--high", HIGH, "--low", LOW)
    assert ended.code == 3 and "are the same weights" in ended.err
    assert f"{LOW.absolute()} the one for the low noise" in ended.err
    mix = HIGH.rename(UNET / "mix.safetensors")
    assert "mix.safetensors is named as both experts" in run("models", "link", owned, "--high", mix, "--low", mix).err


def test_a_linked_model_whose_file_is_gone_says_so_before_anything_is_rendered(run: Run, owned: Path) -> None:
    assert run("models", "link", owned, "--high", HIGH, "--name", "mine").code == 0
    LOW.unlink()
    sentence = f"{LOW.absolute()}, which is not there"
    assert f"mine: The model mine is read from {sentence}" in run("models", "list").out
    assert run("models", "info", "mine").code == 3
    ended = run("render", write_storyboard(Path("story.json"), model="mine", family="pro"), "-o", "film.mkv")
    assert ended.code == 3 and sentence in ended.err and not Path("film.svi/takes").exists()


def test_a_folder_without_wan_and_one_that_is_not_there_are_said(run: Run) -> None:
    Path("empty").mkdir()
    assert "There is no transformer of a Wan image-to-video model in empty" in run("models", "link", "empty").err
    assert "There is no folder" in run("models", "link", "nowhere").err
    assert "in the models folders and Hugging Face's cache: name another folder" in run("models", "link").err
