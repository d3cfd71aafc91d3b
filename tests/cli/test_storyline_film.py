"""From words to a film on the bundled model: what the templates ask for is what the film shows."""

import json
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Run
from trainer.mini.recognise import detect, scene_of
from trainer.paper_theatre.script import Still

_ENLARGED = 12  # the model card shows its films so many times larger


@pytest.mark.slow
def test_words_become_a_film_of_the_subject_in_its_places(run: Run) -> None:
    assert run("storyline", "a red boat, the beach and the city", "--clips", 4, "-o", "story.json").code == 0
    assert run("render", "story.json", "-o", "film.mp4").code == 0
    prompts = [clip["prompt"] for clip in json.loads(Path("story.json").read_text())["clips"]]
    frames = _frames(Path("film.mp4"))
    assert any("scene changes to the city" in prompt for prompt in prompts)
    assert [scene_of(frame)[0] for frame in (frames[0], frames[-1])] == ["beach", "city"]
    scene, offset = scene_of(frames[0])
    assert detect(frames[0], scene, offset, like=Still(scene, "boat", "red", x=32)) is not None


def _frames(film: Path) -> list[np.ndarray]:
    with av.open(film) as container:
        images = [frame.to_image() for frame in container.decode(video=0)]
    small = (images[0].width // _ENLARGED, images[0].height // _ENLARGED)
    return [np.asarray(image.resize(small, Image.Resampling.BOX)) for image in images]
