"""What is written of svi-theatre's films, and which of its LoRAs are shipped, from films whose figures are known."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from trainer.evaluation.figures import NAMES
from trainer.paper_theatre.stage import FINE
from trainer.proof.arms import BASE, CONTROL, ERFT
from trainer.proof.films import SHOWN, Filmed
from trainer.proof.following import FollowedFilms, Sizes, film_path
from trainer.proof.following_results import means, write_results
from trainer.proof.theatre.results import write_chains
from trainer.proof.theatre.ship import helps, ship

FILMS, CLIPS = 3, 50


def frames(count: int) -> np.ndarray:
    return np.zeros((FILMS, count, FINE.height, FINE.width, 3), np.uint8)


def chain(path: Path, loss: float, first: float = 30.0) -> Path:
    """Films that lose ``loss`` dB a clip, each beginning a little elsewhere."""
    filmed = Filmed(path)
    for clip in range(CLIPS):
        psnr = [first + film - loss * clip for film in range(FILMS)]
        filmed.add([[value if name == "psnr" else 0.5 for name in NAMES] for value in psnr], frames(1), frames(5))
    return path


def followed(path: Path, likeness: list[float], off: float | None = None) -> Path:
    """Films whose likeness is the same from clip to clip."""
    films = FollowedFilms(path)
    for clip in range(CLIPS):
        films.keep_shown(clip, frames(FINE.num_frames))
        figures = {"psnr": np.array(likeness, np.float32), "ssim": np.full(FILMS, 0.9, np.float32)}
        if off is not None:
            figures["off"] = np.full((FILMS, 4), off, np.float32)
        films.add(figures, frames(1))
    return path


def test_a_chain_has_tables_curves_and_a_picture(tmp_path: Path) -> None:
    films = {
        ("film", arm): chain(tmp_path / f"film-{arm}.safetensors", loss)
        for arm, loss in ((BASE, 0.2), (CONTROL, 0.15), (ERFT, 0.1))
    }
    films |= {("pro", arm): chain(tmp_path / f"pro-{arm}.safetensors", 0.05) for arm in (BASE, CONTROL, ERFT)}
    write_chains(films, tmp_path)
    page = (tmp_path / "theatre.md").read_text("utf-8")
    assert f"| {ERFT} | 50 | +4.90 ± 0.00 | 3 of 3 |" in page  # 49 clips of 0.1 dB less
    assert f"| {BASE} | 50 | +7.350 ± 0.000 | +0.000 ± 0.000 |" in page  # Pro's film over Film's: 49 times 0.15 dB
    report = json.loads((tmp_path / "theatre-film.json").read_text("utf-8"))
    assert [len(arm["films"]) for arm in report["arms"]] == [FILMS] * 3
    assert report["arms"][0]["films"][1]["clips"][49]["psnr"] == pytest.approx(31 - 0.2 * 49)
    assert "<svg" in (tmp_path / "theatre-film.svg").read_text("utf-8")
    with Image.open(tmp_path / "theatre-film.png") as picture:
        assert picture.width > len(SHOWN) * FINE.width
        assert picture.height > FILMS * 4 * FINE.height


def test_an_arm_whose_films_are_not_all_made_is_not_compared(tmp_path: Path) -> None:
    films = {("pro", BASE): chain(tmp_path / "base.safetensors", 0.1)}
    short = Filmed(tmp_path / "short.safetensors")
    short.add([[1.0] * len(NAMES)] * FILMS, frames(1), frames(5))
    films |= {("pro", ERFT): short.path, ("pro", CONTROL): tmp_path / "none"}
    films |= {("film", arm): tmp_path / "none" for arm in (BASE, CONTROL, ERFT)}
    write_chains(films, tmp_path)
    assert ERFT not in (tmp_path / "theatre.md").read_text("utf-8")


def test_dances_are_compared_film_by_film(tmp_path: Path) -> None:
    for arm, likeness, off in ((BASE, [20, 22, 24], 4.0), (CONTROL, [20, 22, 24], 4.0), (ERFT, [21, 23, 24], 3.0)):
        followed(film_path(tmp_path, "skeleton", arm), [float(each) for each in likeness], off)
    write_results(tmp_path, tmp_path, Sizes(films=FILMS, clips=CLIPS), FINE)
    page = (tmp_path / "following.md").read_text("utf-8")
    assert f"| {ERFT} | 41 to 50 | -1.000 ± 0.000 | +0.667 ± 1.434 | +0.000 ± 0.000 | 2 of 3 |" in page
    assert f"| less {CONTROL} |" in page
    with Image.open(tmp_path / "following-dance.png") as picture:
        assert picture.height > 3 * 4 * FINE.height


def test_a_film_without_a_figure_counts_for_nothing_there() -> None:
    figure = np.array([[1.0, 3.0, np.nan], [np.nan, np.nan, np.nan]])
    assert means(figure, (0, 3)).tolist() == pytest.approx([2.0, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("likeness", "answer"), [([21, 23.2, 24.9], True), ([21, 22, 24], False), ([19, 21, 23], False)]
)
def test_a_lora_for_dances_helps_when_its_films_surely_end_better(
    likeness: list[float], answer: bool, tmp_path: Path
) -> None:
    base, erft = followed(tmp_path / "base", [20, 22, 24]), followed(tmp_path / "erft", likeness)
    assert helps("dance", base, erft) is answer


def test_nothing_helps_before_its_films_are_made(tmp_path: Path) -> None:
    made = chain(tmp_path / "base.safetensors", 0.2)
    assert not helps("film", made, tmp_path / "none")
    assert not helps("talk", tmp_path / "none", tmp_path / "none")


def test_loras_that_help_lie_in_the_models_folder(tmp_path: Path) -> None:
    model, lora = tmp_path / "model", tmp_path / "svi-pro.safetensors"
    model.mkdir()
    (model / "svi_model.json").write_text(json.dumps({"family_loras": {"film": "loras/old.safetensors"}}))
    save_file({"a.lora_A.weight": torch.ones(2, 3)}, lora, {"format": "pt", "svi": "a card"})
    films = {
        ("pro", BASE): chain(tmp_path / "base.safetensors", 0.2),
        ("pro", ERFT): chain(tmp_path / "erft.safetensors", 0.1),
        ("talk", BASE): followed(tmp_path / "talk-base", [30, 31, 32]),
        ("talk", ERFT): followed(tmp_path / "talk-erft", [30, 31, 32]),
    }
    assert ship(films, {"pro": lora, "talk": lora, "dance": tmp_path / "none"}, model) == ("pro",)
    card = json.loads((model / "svi_model.json").read_text("utf-8"))
    assert card["family_loras"] == {"film": "loras/old.safetensors", "pro": "loras/svi-pro.safetensors"}
    (tensor,) = load_file(model / "loras" / "svi-pro.safetensors").values()
    assert tensor.dtype == torch.float16
