"""A trainer that only pretends: a real process with the real protocol, quick and without torch.

Its arguments are those of ``python -m trainer``: ``train RECIPE --run RUN``, ``footage FOLDER --recipe R --into RUN``.
The variable SCRIPT says what happens: "slow" steps, the fifth of which waits for the window, "steady" ones,
a training that "fail"s for want of memory, footage that is "bad". A file "script" in the training's folder goes first.
"""

import json
import math
import os
import queue
import random
import struct
import sys
import threading
import time
from pathlib import Path

from PIL import Image

from svi_studio.domain.training.drift import DRIFT_FILE, FILM_FILE, STRIP_FILE, DriftArm, DriftReport, TestFilm
from svi_studio.domain.training.events import (
    BankFilled,
    CheckpointSaved,
    FootageReady,
    PreparationStage,
    Preparing,
    SampleFailed,
    SampleReady,
    StepTrained,
    TrainingEvent,
    TrainingFailed,
    TrainingFinished,
    TrainingPaused,
    TrainingStarted,
    TrainingStopped,
    Validated,
)
from svi_studio.domain.training.family_footage import needed_inputs, video_frames
from svi_studio.domain.training.footage import (
    FOOTAGE_FILE,
    ClipSkeleton,
    ClipSound,
    Crop,
    Footage,
    FootageClip,
    NotUsed,
    Reason,
    with_model_caption,
)
from svi_studio.domain.training.log import log_line
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe, recipe_to_text
from svi_studio.domain.value import with_fields
from svi_studio.pipes.training_messages import (
    TRAINER_MESSAGES,
    TRAINING_REQUESTS,
    PauseTraining,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    TrainerReady,
)

SCRIPT = os.environ.get("SCRIPT", "")
_say_lock = threading.Lock()
_requests: "queue.Queue[object]" = queue.Queue()


def say(message: TrainerMessage) -> None:
    with _say_lock:
        sys.stdout.buffer.write(TRAINER_MESSAGES.encode(message))
        sys.stdout.buffer.flush()


def listen() -> None:
    reader = TRAINING_REQUESTS.reader()
    while piece := os.read(0, 65536):
        for request in reader.feed(piece):
            _requests.put(request)
    _requests.put(StopTraining())


def beat() -> None:
    while True:
        say(TrainerAlive())
        time.sleep(1)


class Run:
    """The folder of a training, and the two places where an event goes."""

    def __init__(self, folder: Path, recipe: TrainingRecipe) -> None:
        self.folder, self.recipe = folder, recipe
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "recipe.json").write_bytes(recipe_to_text(recipe))

    def tell(self, event: TrainingEvent) -> None:
        with (self.folder / "log.jsonl").open("ab") as log:
            log.write(log_line(event, time.time()))
        say(event)

    def save(self, step: int) -> None:
        folder = self.folder / "checkpoints" / f"{step:08d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.json").write_text("{}")
        lora = self.folder / "lora" / f"{self.recipe.name}.safetensors"
        lora.parent.mkdir(exist_ok=True)
        lora.write_bytes(tiny_lora(step))
        self.tell(CheckpointSaved(step, folder))
        self.tell(Validated(step, 0.3 + 0.4 * math.exp(-step / (0.2 * self.recipe.steps)), 4, 4))

    def newest(self) -> int:
        found = (self.folder / "checkpoints").glob("*/manifest.json")
        return max((int(file.parent.name) for file in found), default=0)


def tiny_lora(step: int) -> bytes:
    """A safetensors file with one tensor, another one for each step."""
    name = "pipe.dit.blocks.0.self_attn.q.lora_A.default.weight"
    head = json.dumps({name: {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}}).encode()
    return struct.pack("<Q", len(head)) + head + struct.pack("<ff", 1.0, float(step))


def train(recipe: TrainingRecipe, folder: Path) -> None:
    run, rng = Run(folder, recipe), random.Random(recipe.seed)
    own = folder / "script"
    script = own.read_text() if own.exists() else SCRIPT
    step = first = run.newest()
    run.tell(TrainingStarted(folder, step, recipe.steps, 12, "NVIDIA GeForce RTX 4090"))
    for done in range(4):
        run.tell(Preparing(PreparationStage.LATENTS, done, 4, f"clip {done + 1}"))
    if script == "crash":
        os._exit(9)
    if script == "fail":
        run.tell(TrainingFailed("The graphics card is full: take the smaller recipe.", "film-mini"))
        return
    while step < recipe.steps:
        if last_word := asked_to_end():
            run.save(step)
            run.tell(last_word(step))
            return
        step += 1
        one_step(run, rng, step)
        if script == "slow" and step == first + 4:
            while _requests.empty():  # it goes on when the window has asked for something, however late that is
                time.sleep(0.01)
    run.save(step)
    run.tell(TrainingFinished(step, folder / "lora" / f"{recipe.name}.safetensors"))


def one_step(run: Run, rng: random.Random, step: int) -> None:
    recipe = run.recipe
    seconds = 0.05 if SCRIPT in {"slow", "steady"} else 0.002
    time.sleep(seconds)
    loss = 0.22 + 0.4 * math.exp(-step / (0.15 * recipe.steps)) + rng.gauss(0, 0.05)
    rate = recipe.optimizer.learning_rate * min(1.0, step / 20)
    run.tell(StepTrained(step, recipe.steps, loss, rate, 0.8, seconds, (recipe.steps - step) * seconds))
    if recipe.errors.enabled and step % 10 == 0:
        full = recipe.errors.capacity
        fill = [
            min(full, round(full * step / recipe.steps * rng.uniform(0.3, 1.4))) for _ in range(recipe.errors.grids)
        ]
        run.tell(BankFilled(step, tuple(fill), full))
    if step % recipe.save_every == 0 and step < recipe.steps:
        run.save(step)
    if recipe.evaluation.every and step % recipe.evaluation.every == 0:
        if SCRIPT == "no films":
            run.tell(SampleFailed(step, "The picture is missing."))
        else:
            run.tell(SampleReady(step, sample(run, rng, step)))


def asked_to_end() -> type[TrainingStopped | TrainingPaused] | None:
    """What to say at the end that the window asked for; None without a wish."""
    paused = False
    while not _requests.empty():
        request = _requests.get()
        if isinstance(request, StopTraining):
            return TrainingStopped
        paused = isinstance(request, PauseTraining)
    return TrainingPaused if paused else None


def sample(run: Run, rng: random.Random, step: int) -> Path:
    folder = run.folder / "samples" / f"{step:08d}"
    folder.mkdir(parents=True, exist_ok=True)
    clips = run.recipe.evaluation.clips
    gain = step / run.recipe.steps
    arms = []
    for name, drift in (("base", 1.0), ("lora", 1.0 - 0.8 * gain)):
        films = [
            TestFilm(name=f"film {k}", clips=tuple(_figures(rng, drift * c / clips, c) for c in range(clips)))
            for k in range(3)
        ]
        arms.append(DriftArm(name=name, films=tuple(films)))
    report = DriftReport(family=run.recipe.family, step=step, num_frames=run.recipe.num_frames, arms=tuple(arms))
    _strip(clips, gain).save(folder / STRIP_FILE)
    for number in range(1, 4):
        (folder / FILM_FILE.format(number=number)).write_bytes(b"not looked at")
    (folder / DRIFT_FILE).write_text(report.model_dump_json())
    return folder


def _figures(rng: random.Random, drift: float, clip: int) -> dict[str, float]:
    def near(value: float, spread: float) -> float:
        return value + rng.uniform(-spread, spread)

    figures = {
        "similarity": near(0.96 - 0.5 * drift, 0.015),
        "motion": near(4.2 - 0.8 * drift, 0.3),
        "colour": near(0.8 + 11 * drift, 0.3),
        "sharpness": near(1 + 1.3 * drift, 0.05),
        "contrast": near(1 + 0.6 * drift, 0.03),
    }
    return figures | ({"seam": near(1.1 + 2 * drift, 0.2)} if clip else {})


def _strip(clips: int, gain: float) -> Image.Image:
    """Two rows of pictures: the upper one loses its colours, the lower one less so."""
    source = Image.open(Path(__file__).parents[3] / "resources" / "storyboards" / "first-film.png").convert("RGB")
    tile = source.resize((160, 96))
    strip = Image.new("RGB", (160 * clips + 4 * (clips - 1), 196))
    for row, drift in enumerate((1.0, 1.0 - 0.8 * gain)):
        for clip in range(clips):
            part = 0.7 * drift * clip / clips
            shown = Image.blend(tile, Image.new("RGB", tile.size, (235, 110, 60)), part)
            strip.paste(shown, (164 * clip, 100 * row))
    return strip


def film(folder: Path) -> None:
    """The test films of the newest checkpoint, as the real trainer makes them when it is asked to."""
    run = Run(folder, read_recipe(folder / "recipe.json"))
    if SCRIPT == "no films":
        say(TrainingFailed("The picture is missing."))
        return
    say(Preparing(PreparationStage.TEST_FILM, 0, 6, "base: film 0"))
    step = run.newest()
    run.tell(SampleReady(step, sample(run, random.Random(0), step)))
    say(TrainingStopped(step))


def look_through(folder: Path, recipe: TrainingRecipe, run: Path, captions_by: list[str]) -> None:
    if SCRIPT == "bad":
        say(TrainingFailed(f"There is no video in {folder}: choose a folder with .mp4, .mov, .mkv or .webm videos."))
        return
    videos = sorted(file for file in folder.rglob("*") if file.suffix in {".mp4", ".mov"})
    others = sorted(file for file in folder.rglob("*") if file.suffix in {".docx", ".zip"})
    (run / "pictures").mkdir(parents=True, exist_ok=True)
    clips = []
    for number, video in enumerate(videos):
        say(Preparing(PreparationStage.FOOTAGE, number, len(videos), video.name))
        time.sleep(0.3 if SCRIPT == "slow" else 0.0)
        name = video.relative_to(folder).as_posix()
        clips += [
            with_fields(_clip(video, number * 3 + part, part, recipe, run), {"source": name}) for part in range(3)
        ]
    problems = ("broken.mov cannot be read: it ends in the middle; copy it again.",) if len(videos) > 1 else ()
    footage = Footage(
        folder=str(folder),
        num_frames=video_frames(recipe.family, recipe.num_frames),
        fps=recipe.fps,
        width=recipe.width,
        height=recipe.height,
        clips=tuple(clips),
        problems=problems,
        needs=needed_inputs(recipe.family),
        not_used=tuple(NotUsed(name=file.name, why="a document, not a video") for file in others),
        shapes=recipe.data.shapes,
        stills=recipe.data.stills,
    )
    (run / FOOTAGE_FILE).write_text(footage.model_dump_json())
    if captions_by:
        write_captions(footage, run, " ".join(captions_by))
    say(FootageReady(run / FOOTAGE_FILE, len(clips), sum(not clip.is_used for clip in clips)))


def write_captions(footage: Footage, run: Path, writer: str) -> None:
    """One by one; with the script "slow captions" the second never comes."""
    silent = [clip for clip in footage.clips if clip.is_used and not clip.caption]
    for number, clip in enumerate(silent):
        say(Preparing(PreparationStage.CAPTIONS, number, len(silent), clip.source))
        if SCRIPT == "slow captions" and number == 1:
            time.sleep(3600)
        footage = with_model_caption(footage, clip.id, f"A puppet, seen by {writer}.")
        (run / FOOTAGE_FILE).write_text(footage.model_dump_json())


def lost_of(kind: str) -> dict[int, tuple[Reason, str]]:
    """Which clips are left out for want of a sound or a person, and the words for it."""
    if kind == "sound":
        no_sound = "It has no sound, and no sound file of its name lies beside it."
        return {1: (Reason.NO_SOUND, no_sound), 5: (Reason.SILENT, "Nothing is heard in it.")}
    return {
        1: (Reason.NOBODY, "A person is seen in 3% of its frames."),
        5: (Reason.SEVERAL_PEOPLE, "Up to 2 people are in sight; one can be fed."),
        8: (Reason.GAPS, "The person is lost in 14% of its frames."),
    }


def _clip(video: Path, number: int, part: int, recipe: TrainingRecipe, run: Path) -> FootageClip:
    reasons = {4: Reason.STILL, 7: Reason.TOO_SHORT, 10: Reason.DUPLICATE, 13: Reason.BLACK}
    details = {Reason.STILL: "Hardly anything moves: 0.2 levels from frame to frame, and 1 is needed."}
    left_out = reasons.get(number)
    poster = Image.effect_noise((160, 96), 40).convert("RGB")
    hue = Image.new("RGB", (160, 96), ((53 * number) % 200 + 30, (97 * number) % 180 + 40, (31 * number) % 200 + 30))
    picture = Image.blend(poster, hue, 0.7)
    picture.save(run / "pictures" / f"c{number}.jpg")
    strip = Image.new("RGB", (160 * 5, 96))
    for place in range(5):
        strip.paste(Image.blend(picture, Image.new("RGB", (160, 96), "white"), place / 12), (160 * place, 0))
    strip.save(run / "pictures" / f"c{number}-strip.jpg")
    sidecar = video.with_suffix(".txt")
    caption = sidecar.read_text().strip() if sidecar.is_file() else ""
    needs = needed_inputs(recipe.family)
    heard = ClipSound(source=video.name, fingerprint=f"{number:064x}", level=-19.5 - number % 5)
    danced = ClipSkeleton(file=f"footage/skeletons/c{number}.npz", sha256=f"{number:064x}", seen=1 - number % 4 / 50)
    if needs and number in lost_of(needs[0]):
        left_out, said = lost_of(needs[0])[number]
        details[left_out] = said
    return FootageClip(
        sound=heard if "sound" in needs and left_out is not Reason.NO_SOUND else None,
        skeleton=danced if "skeleton" in needs and left_out is not Reason.NOBODY else None,
        id=f"c{number}",
        source=video.name,
        fingerprint=f"{number:064x}",
        start=part * 6.5,
        seconds=recipe.num_frames / recipe.fps,
        fps=29.97,
        width=1920,
        height=1080,
        crop=Crop(left=60, top=0, width=1800, height=1080),
        caption=caption,
        caption_from="sidecar" if caption else "",
        caption_file=sidecar.name if caption else "",
        left_out=left_out,
        detail=details.get(left_out, "") if left_out else "",
        poster=f"pictures/c{number}.jpg",
        strip=f"pictures/c{number}-strip.jpg",
    )


def main(arguments: list[str]) -> None:
    threading.Thread(target=listen, daemon=True).start()
    threading.Thread(target=beat, daemon=True).start()
    say(TrainerReady(os.getpid(), "cpu"))
    options = dict(zip(arguments[2::2], arguments[3::2], strict=False))
    if arguments[0] == "evaluate":
        film(Path(arguments[1]))
    elif arguments[0] == "train":
        train(read_recipe(Path(arguments[1])), Path(options["--run"]))
    else:
        captions_by = arguments[arguments.index("--captions-by") + 1 :] if "--captions-by" in arguments else []
        recipe, run = read_recipe(Path(options["--recipe"])), Path(options["--into"])
        look_through(Path(arguments[1]), recipe, run, captions_by)


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)
