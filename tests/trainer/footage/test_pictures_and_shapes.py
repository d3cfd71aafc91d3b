"""Pictures become clips that hold still where that is wanted, and each clip is fed in the shape that fits it."""

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from svi_studio.domain.training.data_recipe import DataRecipe, FolderRepeat
from svi_studio.domain.training.events import TrainingEvent
from svi_studio.domain.training.footage import Footage, FootageClip, Reason, is_cut_for
from svi_studio.domain.training.recipe import ErrorRecycling, TrainingRecipe
from svi_studio.domain.value import with_fields
from tests.builders.videos import scene, write_video
from trainer.dataset.from_footage import clip_source
from trainer.footage.scan import scan
from trainer.footage.videos.shape import Shape


def ignore(_: TrainingEvent) -> None:
    pass


def recipe(folder: Path, family: str = "film", **data: object) -> TrainingRecipe:
    return TrainingRecipe(
        name="x",
        family=family,
        footage=str(folder),
        num_frames=9,
        fps=8.0,
        width=96,
        height=32,
        steps=1,
        errors=ErrorRecycling(image_frames=1),
        data=DataRecipe(**data),  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three videos of three shapes and two pictures, one of which says that it lies on its side."""
    made = tmp_path_factory.mktemp("footage")
    (made / "10_look").mkdir()
    write_video(made / "wide.mp4", scene(1, 64, 192, 64))
    write_video(made / "high.mp4", scene(2, 64, 66, 192))
    write_video(made / "10_look" / "square.mp4", scene(3, 64, 96, 96))
    picture = np.zeros((60, 180, 3), np.uint8)
    picture[:, 90:] = (200, 40, 10)
    Image.fromarray(picture).save(made / "still.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    Image.fromarray(picture).save(made / "on its side.jpg", exif=exif, quality=95)
    (made / "still.txt").write_text("A red wall.", encoding="utf-8")
    return made


def scanned(folder: Path, run: Path, wanted: TrainingRecipe) -> dict[str, FootageClip]:
    footage: Footage = scan(folder, Shape.of(wanted), run, ignore)
    assert is_cut_for(footage, wanted)
    return {clip.source: clip for clip in footage.clips}


def fed(clip: FootageClip, wanted: TrainingRecipe, run: Path) -> np.ndarray:  # type: ignore[type-arg]
    return clip_source(clip, wanted, run).frames(random.Random(0))


def test_each_clip_is_fed_in_the_size_nearest_to_it(folder: Path, tmp_path: Path) -> None:
    wanted = recipe(folder, shapes="fit", repeats=(FolderRepeat(folder="10_look", times=10),))
    clips = scanned(folder, tmp_path, wanted)
    sizes = {name: fed(clip, wanted, tmp_path).shape[2:0:-1] for name, clip in clips.items()}

    assert sizes == {"wide.mp4": (96, 32), "high.mp4": (32, 96), "10_look/square.mp4": (64, 64)}
    posters = {name: Image.open(tmp_path / clip.poster).size for name, clip in clips.items()}
    assert posters == {"wide.mp4": (540, 180), "high.mp4": (60, 180), "10_look/square.mp4": (180, 180)}
    sources = {name: clip_source(clip, wanted, tmp_path) for name, clip in clips.items()}
    assert {name: source.times for name, source in sources.items()} == {
        **dict.fromkeys(sizes, 1),
        "10_look/square.mp4": 10,
    }
    assert {source.size for source in sources.values()} == {None, (32, 96), (64, 64)}


def test_clips_that_go_on_from_each_other_have_one_size(folder: Path, tmp_path: Path) -> None:
    wanted = recipe(folder, family="pro", shapes="fit")
    clip = scanned(folder, tmp_path, wanted)["high.mp4"]
    pair = clip_source(clip, wanted, tmp_path).pair
    assert pair is not None
    made = pair(random.Random(1))

    assert {each.shape[1:3] for each in (made.anchor, made.first, made.following)} == {(96, 32)}


def test_one_size_is_as_it_was(folder: Path, tmp_path: Path) -> None:
    wanted = recipe(folder)
    clips = scanned(folder, tmp_path, wanted)

    assert {fed(clip, wanted, tmp_path).shape for clip in clips.values()} == {(9, 32, 96, 3)}
    assert "96 x 32" not in clip_source(clips["high.mp4"], wanted, tmp_path).content


def test_pictures_hold_still_where_that_is_wanted(folder: Path, tmp_path: Path) -> None:
    wanted = recipe(folder, shapes="fit", stills="held", trigger="ohwx")
    clips = scanned(folder, tmp_path, wanted)
    still, turned = clips["still.png"], clips["on its side.jpg"]

    assert (still.left_out, still.caption, still.seconds) == (None, "A red wall.", 9 / 8)
    assert clip_source(still, wanted, tmp_path).caption == "ohwx, A red wall."
    frames = fed(still, wanted, tmp_path)
    assert frames.shape == (9, 32, 96, 3)
    assert (frames == frames[0]).all()
    assert frames[0, :, -8:].mean(axis=(0, 1)) == pytest.approx((200, 40, 10), abs=3)
    assert fed(turned, wanted, tmp_path).shape == (9, 96, 32, 3)
    assert fed(turned, wanted, tmp_path)[0, -8:].mean(axis=(0, 1)) == pytest.approx((200, 40, 10), abs=6)


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A GIF and a video of one frame, two pictures that move, and a video."""
    made = tmp_path / "odd"
    made.mkdir()
    Image.fromarray(scene(1, 1, 192, 64)[0]).save(made / "one.gif")
    for seed, name in ((4, "moves.png"), (5, "moves.webp")):
        first, *others = map(Image.fromarray, scene(seed, 3, 192, 64))
        first.save(made / name, save_all=True, append_images=others)
    write_video(made / "one.mp4", scene(2, 1, 192, 64))
    write_video(made / "video.mp4", scene(3, 64, 192, 64))
    return made


def test_a_gif_of_one_frame_holds_still_and_what_moves_is_named(odd: Path, tmp_path: Path) -> None:
    footage = scan(odd, Shape.of(recipe(odd, stills="held")), tmp_path / "run", ignore)
    reasons = {clip.source: clip.left_out for clip in footage.clips}

    assert [name for name, reason in reasons.items() if reason is None] == [
        "moves.png",
        "moves.webp",
        "one.gif",
        "video.mp4",
    ]
    assert footage.problems[1:] == (
        '"one.mp4" is a video of a single picture: save it as a picture to use it as one.',
        '"moves.png" moves; only its first picture is used: save it as a video.',
        '"moves.webp" moves; only its first picture is used: save it as a video.',
    )
    single = next(clip for clip in footage.clips if clip.source == "one.mp4")
    assert (single.left_out, single.detail) == (
        Reason.TOO_SHORT,
        "It is a video of a single picture; a clip needs 1.1 seconds.",
    )


def test_without_pictures_neither_is_a_video(odd: Path, tmp_path: Path) -> None:
    footage = scan(odd, Shape.of(recipe(odd)), tmp_path / "run", ignore)

    assert {file.name: file.why for file in footage.not_used} == {
        "moves.png": "a picture that moves: save it as a video",
        "moves.webp": "a picture that moves: save it as a video",
        "one.gif": "a picture",
    }


def test_otherwise_pictures_are_named_and_stay_out(folder: Path, tmp_path: Path) -> None:
    footage = scan(folder, Shape.of(recipe(folder)), tmp_path, ignore)

    assert {file.name: file.why for file in footage.not_used} == {
        "on its side.jpg": "a picture",
        "still.png": "a picture",
        "still.txt": "a text, and no video has its name",
    }
    assert with_fields(footage, {"stills": "held"}) != footage
