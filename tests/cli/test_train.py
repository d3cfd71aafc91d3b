"""train: presets, estimates, what is refused in one sentence, and what the trainer's process is asked for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from svi_studio.cli import train
from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.training.events import StepTrained
from svi_studio.domain.training.footage import FOOTAGE_FILE, Footage, FootageClip
from svi_studio.domain.training.log import log_line
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import placed_in, read_recipe, recipe_to_text
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import write_footage
from svi_studio.project.training.presets import training_presets
from svi_studio.project.training.runs import WANTED, trainings_folder
from tests.cli.conftest import Run

RECIPE = TrainingRecipe(name="My look", footage="videos", num_frames=21, width=80, height=48, fps=12.0, steps=4)


class Trainer:
    """Stands in for the trainer's process, which trains for minutes: only notes how it is started."""

    def __init__(self) -> None:
        self.scans: list[list[str]] = []
        self.command: list[str] = []
        self.commands: list[list[str]] = []
        self.scan_code = 0
        self.codes: list[int] = []

    def scan(self, command: list[str], **_: Any) -> Any:
        self.scans.append(command[1:])
        return type("Done", (), {"returncode": self.scan_code})

    def attended(self, command: list[str]) -> int:
        self.command = command[1:]
        self.commands.append(self.command)
        return self.codes.pop(0) if self.codes else 0


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trainer]:
    made = Trainer()
    monkeypatch.setattr("svi_studio.cli.train.subprocess.run", made.scan)
    monkeypatch.setattr(train, "run_attended", made.attended)
    yield made


@pytest.fixture
def recipe() -> Path:
    Path("videos").mkdir()
    file = Path("recipe.json")
    file.write_bytes(recipe_to_text(RECIPE))
    return file


def test_the_presets_are_listed_with_whom_they_follow(run: Run) -> None:
    said = run("train", "--presets").out.splitlines()
    assert [line.partition(":")[0] for line in said] == list(training_presets())
    assert "The paper's table 9" in next(line for line in said if line.startswith("dance-paper"))


def test_the_trainer_looks_through_the_footage_and_trains(run: Run, recipe: Path, trainer: Trainer) -> None:
    assert run("train", recipe, "--run", "run").code == 0
    folder = Path("run").resolve()
    wanted = str(folder / WANTED)
    videos = str(Path("videos").resolve())
    assert trainer.scans == [["-P", "-m", "trainer", "footage", videos, "--recipe", wanted, "--into", str(folder)]]
    assert trainer.command == ["-P", "-m", "trainer", "train", wanted, "--run", str(folder)]


def test_the_recipe_in_the_run_does_not_depend_on_where_it_lay(run: Run, recipe: Path, trainer: Trainer) -> None:
    run("train", recipe, "--run", "run")
    assert read_recipe(Path("run") / WANTED).footage == str(Path("videos").resolve())


def test_without_a_place_the_training_is_kept_by_its_name(run: Run, recipe: Path, trainer: Trainer) -> None:
    said = run("train", recipe).out
    assert str(trainings_folder() / "My look") in said


def test_footage_that_was_looked_through_is_not_looked_through_again(run: Run, recipe: Path, trainer: Trainer) -> None:
    Path("run").mkdir()
    found = Footage(folder=str(Path("videos").resolve()), num_frames=21, fps=12.0, width=80, height=48)
    write_footage(Path("run"), with_fields(found, {"clips": (clip(0),)}))
    assert run("train", recipe, "--run", "run").code == 0
    assert trainer.scans == []


def test_footage_that_was_cut_for_another_size_is_looked_through_again(
    run: Run, recipe: Path, trainer: Trainer
) -> None:
    Path("run").mkdir()
    found = Footage(folder=str(Path("videos").resolve()), num_frames=21, fps=12.0, width=160, height=96)
    write_footage(Path("run"), found)
    run("train", recipe, "--run", "run")
    assert len(trainer.scans) == 1


def test_a_scan_that_fails_ends_it_with_its_code(run: Run, recipe: Path, trainer: Trainer) -> None:
    trainer.scan_code = 2
    assert run("train", recipe, "--run", "run").code == 2
    assert trainer.command == []


def test_footage_of_which_every_clip_is_left_out_is_told_before_the_trainer_starts(
    run: Run, recipe: Path, trainer: Trainer
) -> None:
    looked_through(3, left_out=True)
    ended = run("train", recipe, "--run", "run")
    assert "is left out: take one in by hand" in ended.err
    assert (ended.code, trainer.command) == (2, [])


def test_a_preset_trains_with_footage_and_a_model_of_ones_own(run: Run, recipe: Path, trainer: Trainer) -> None:
    run("train", "film-mini", "--footage", "videos", "--model", "tiny-random", "--run", "run")
    wanted = read_recipe(Path("run") / WANTED)
    changes = {"footage": str(Path("videos").resolve()), "model": "tiny-random"}
    assert wanted == with_fields(training_presets()["film-mini"], changes)


def test_a_file_goes_before_a_preset_of_its_name(run: Run, recipe: Path, trainer: Trainer) -> None:
    recipe.rename("film-mini")
    run("train", "film-mini", "--run", "run")
    assert read_recipe(Path("run") / WANTED).name == "My look"


def test_an_estimate_says_memory_and_disk_and_trains_nothing(run: Run, recipe: Path, trainer: Trainer) -> None:
    ended = run("train", recipe, "--estimate")
    assert ended.code == 0
    assert all(word in ended.out for word in ("Memory: about", "Disk: about", "Time: "))
    assert trainer.command == []


def test_an_estimate_needs_neither_weights_nor_footage(run: Run, trainer: Trainer) -> None:
    ended = run("train", "film-24gb", "--estimate", "--card", "RTX 4090", "--memory", "32")
    assert ended.code == 0
    assert "of 24.0 GB" in ended.out
    assert "of 32.0 GB" in ended.out
    assert "test films are made" in ended.out
    missing = "Missing: the model Wan 2.1 I2V 14B, 480P (about 91.3 GB to download)."
    assert f'{missing} "{command_name()} models fetch wan2.1-i2v-14b-480p" gets it' in ended.out
    assert "Disk: about 102.0 GB (model to download 91.3 GB, " in ended.out
    assert "Add --footage FOLDER" in ended.out
    assert "1.60 dB [1.05 to 2.15]" in ended.out
    assert "counted with 300" in ended.out


def test_a_card_of_a_size_alone_has_the_times_of_those_that_it_may_be(run: Run, trainer: Trainer) -> None:
    said = run("train", "film-24gb", "--estimate", "--card", "24").out
    assert "with RTX 3090" in said
    assert "with RTX 4090: guesses" in said
    assert "not known for that card" in run("train", "film-24gb", "--estimate", "--card", "20").out


def test_a_recipe_of_eight_cards_offers_rounds_on_one(run: Run, trainer: Trainer) -> None:
    said = run("train", "shot-paper", "--estimate", "--card", "H200").out
    assert "an eighth of it" in said
    assert "For that add --accumulation 8." in said
    assert "an eighth" not in run("train", "shot-paper", "--estimate", "--card", "H200", "--accumulation", "8").out


def test_a_card_that_is_too_small_is_told_with_blocks_in_ordinary_memory(run: Run, trainer: Trainer) -> None:
    words = ("train", "film-24gb", "--estimate", "--card", "16")
    said = run(*words).out
    assert "blocks kept in ordinary memory it needs about 14." in said
    blocks = said.partition("For those blocks add --swap-blocks ")[2].partition(".")[0]
    assert "blocks kept" not in run(*words, "--swap-blocks", blocks).out


def test_several_estimates_stand_apart(run: Run, trainer: Trainer) -> None:
    first, second = run("train", "film-mini", "film-24gb", "--estimate", "--card", "24").out.split("\n\n")
    assert first.startswith("Film for svi-mini")
    assert second.startswith("Film for a card with 24 GB")


def test_the_bundled_model_says_what_it_draws(run: Run, trainer: Trainer) -> None:
    assert "draws only its own small world" in run("train", "film-mini", "--estimate").out


def test_the_model_is_looked_for_before_any_video_is_read(run: Run, recipe: Path, trainer: Trainer) -> None:
    assert run("train", "film-24gb", "--footage", "videos", "--run", "run").code == 3
    assert (trainer.scans, Path("run").exists()) == ([], False)


def test_without_an_earlier_training_the_time_is_called_a_guess(
    run: Run, recipe: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svi_studio.jobs.hardware._cards", lambda: ((), ""))
    assert "a step, a guess until the first steps)" in run("train", recipe, "--estimate").out


def test_an_estimate_rests_on_what_an_earlier_training_measured(run: Run, recipe: Path, trainer: Trainer) -> None:
    before = trainings_folder() / "before"
    before.mkdir(parents=True)
    (before / "recipe.json").write_bytes(recipe_to_text(RECIPE))
    (before / "log.jsonl").write_bytes(log_line(StepTrained(1, 4, 0.5, 1e-4, 1.0, 30.0), 1.0))
    assert "30 s a step, as measured here), preparing the clips" in run("train", recipe, "--estimate").out


def test_an_estimate_counts_the_clips_that_were_found(run: Run, recipe: Path, trainer: Trainer) -> None:
    Path("run").mkdir()
    (Path("run") / FOOTAGE_FILE).write_text("not a list of clips")
    ended = run("train", recipe, "--run", "run", "--estimate")
    assert ended.code == 2
    assert FOOTAGE_FILE in ended.err


def clip(number: int, *, left_out: bool = False) -> FootageClip:
    """One of a video of its own."""
    source, fingerprint, chosen = f"{number}.mp4", f"{number:064x}", False if left_out else None
    name, sizes = f"c{number}", {"fps": 12, "width": 80, "height": 48}
    return FootageClip(id=name, source=source, fingerprint=fingerprint, start=0, seconds=2, chosen=chosen, **sizes)


def looked_through(count: int, *, left_out: bool = False) -> None:
    """Footage of so many clips in the folder of the training, used or ``left_out`` by hand."""
    clips = tuple(clip(k, left_out=left_out) for k in range(count))
    made = Footage(folder=str(Path("videos").resolve()), num_frames=21, fps=12.0, width=80, height=48, clips=clips)
    Path("run").mkdir(exist_ok=True)
    write_footage(Path("run"), made)


@pytest.mark.parametrize("words", [["--estimate"], []])
def test_films_that_can_tell_nothing_are_warned_about(
    run: Run, recipe: Path, trainer: Trainer, words: list[str]
) -> None:
    Path("boat.png").write_bytes(b"a picture")
    command = ("train", "film-mini", "--footage", "videos", "--run", "run", *words)
    looked_through(30)
    assert "needed to tell whether it helped" not in run(*command, "--test-prompt", "A boat.", "--control").out
    few = run(*command, "--test-picture", "boat.png").out
    assert "1 test film from 1 start: at least 3 are needed to tell whether it helped" in few
    looked_through(9)
    trained_on = "No clip is held out, as there are fewer than 10: test films start from clips that are trained on."
    assert trained_on in run(*command).out
    assert "No clip is held out" not in run(*command, "--test-picture", "boat.png").out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "--presets"),
        (["nowhere.json"], "There is no training recipe nowhere.json"),
        (["film-mini"], "--footage FOLDER"),
        (["film-25gb", "--estimate"], 'did you mean "film-24gb"?'),
        (["film-24gb", "--estimate", "--card", "0"], "between 2 and 1,000 GB of memory, and this says 0 GB"),
        (["film-24gb", "--estimate", "--card", "10000"], "and this says 10,000 GB"),
        (["film-24gb", "--estimate", "--card", "Voodoo 2"], 'No graphics card called "Voodoo 2" is known'),
        (["film-24gb", "--estimate", "--memory", "much"], 'and this says "much"'),
        (["film-24gb", "--footage", "videos", "--card", "24"], "add --estimate"),
        (["film-24gb", "--footage", "videos"], "models fetch wan2.1-i2v-14b-480p"),
        (["pro-24gb", "--model", "svi-mini", "--estimate"], "Pro is for Wan 2.2 I2V A14B"),
        (["recipe.json", "--accumulation", "0"], "--accumulation is between 1 and 1,024"),
        (["film-mini", "--footage", "gone"], "There is no folder"),
        (["recipe.json", "--model", "unknown", "--estimate"], 'no model called "unknown"'),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(
    run: Run, recipe: Path, trainer: Trainer, words: list[str], sentence: str
) -> None:
    ended = run("train", *words)
    assert sentence in ended.err
    assert ended.err.count("\n") == 1
    assert ended.code in {2, 3}


@pytest.fixture
def three(recipe: Path) -> list[Path]:
    """Three recipes, A, B and C."""
    files = [Path(f"{name}.json") for name in "ABC"]
    for file in files:
        file.write_bytes(recipe_to_text(with_fields(RECIPE, {"name": file.stem})))
    return files


def folders(trainer: Trainer) -> list[str]:
    return [Path(command[-1]).name for command in trainer.commands]


def test_several_are_trained_one_after_the_other(run: Run, three: list[Path], trainer: Trainer) -> None:
    ended = run("train", *three)
    assert ended.code == 0
    assert folders(trainer) == ["A", "B", "C"]
    assert "Training 2 of 3: B" in ended.out
    assert ended.out.splitlines()[-1] == "All 3 trainings are done."


def test_one_that_fails_does_not_stop_the_next_and_is_named(run: Run, three: list[Path], trainer: Trainer) -> None:
    trainer.codes = [0, 5, 0]
    ended = run("train", *three)
    assert ended.code == 5
    assert folders(trainer) == ["A", "B", "C"]
    assert "“B” was not trained to its end." in ended.err
    assert ended.out.splitlines()[-1] == "2 of 3 trainings are done; not done: “B”."


def test_footage_that_fails_does_not_stop_the_next_either(
    run: Run, three: list[Path], trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(recipe: TrainingRecipe, folder: Path) -> bool:
        if folder.name == "A":
            raise BadInput("The list of clips is damaged.")
        return True

    monkeypatch.setattr(train, "_is_looked_through", damaged)
    ended = run("train", *three)
    assert (ended.code, folders(trainer)) == (2, ["B", "C"])
    assert "The list of clips is damaged." in ended.err


def test_a_stop_ends_them_all(run: Run, three: list[Path], trainer: Trainer) -> None:
    trainer.codes = [0, 130]
    assert run("train", *three).code == 130
    assert folders(trainer) == ["A", "B"]


def test_a_slip_in_the_last_name_shows_before_the_first_training(run: Run, three: list[Path], trainer: Trainer) -> None:
    ended = run("train", *three, "D.json")
    assert "There is no training recipe D.json" in ended.err
    assert trainer.commands == []


def test_two_trainings_do_not_share_a_folder(run: Run, three: list[Path], trainer: Trainer) -> None:
    assert "have the same name" in run("train", "A.json", "A.json").err
    assert "--run is the folder of one training" in run("train", "A.json", "B.json", "--run", "x").err


def test_the_folder_of_a_training_goes_on_with_it(run: Run, three: list[Path], trainer: Trainer) -> None:
    folder = Path("runs") / "earlier"
    folder.mkdir(parents=True)
    (folder / "recipe.json").write_bytes(recipe_to_text(placed_in(RECIPE, Path.cwd())))
    assert run("train", folder).code == 0
    assert trainer.command[-1] == str(folder.resolve())


def test_words_and_repeats_come_into_the_recipe(run: Run, recipe: Path, trainer: Trainer) -> None:
    Path("videos/10_cat/far").mkdir(parents=True)
    words = ("--trigger", "ohwx", "--caption-prefix", "paper film.", "--caption-dropout", "0.1", "--shapes", "fit")
    more = ("--replace", "a dog=a cat", "x=", "--repeats", "names", "10_cat/far=2", "--stills", "held")
    assert run("train", recipe, "--run", "run", *words, *more).code == 0

    data = read_recipe(Path("run") / WANTED).data
    assert (data.trigger, data.caption_prefix, data.caption_dropout) == ("ohwx", "paper film.", 0.1)
    assert (data.shapes, data.stills) == ("fit", "held")
    assert [(each.find, each.instead) for each in data.replacements] == [("a dog", "a cat"), ("x", "")]
    assert [(each.folder, each.times) for each in data.repeats] == [("10_cat", 10), ("10_cat/far", 2)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--repeats", "cat=3"), 'There is no folder "cat"'),
        (("--repeats", "cat"), "write DIR=TIMES"),
        (("--repeats", ".=0"), "write DIR=TIMES"),
        (("--repeats", ".=2", ".=3"), "names a folder twice"),
        (("--repeats", "names"), 'is named like "10_cat"'),
        (("--replace", "dog"), 'write --replace "old words=new words"'),
        (("--caption-dropout", "2"), "caption_dropout: this must be at most 1"),
        (("--trigger", "x" * 300), "trigger: use at most 200 characters"),
    ],
)
def test_options_of_the_footage_that_are_wrong_are_one_sentence(
    run: Run, recipe: Path, trainer: Trainer, words: tuple[str, ...], said: str
) -> None:
    done = run("train", recipe, "--run", "run", *words)
    assert done.code != 0
    assert said in done.err
    assert not trainer.command


def test_what_is_said_and_what_folders_are_called_is_told_before_the_training(
    run: Run, recipe: Path, trainer: Trainer
) -> None:
    Path("videos/10_cat").mkdir()
    clip = FootageClip(
        id="a",
        source="10_cat/a.mp4",
        fingerprint="0" * 64,
        start=0.0,
        seconds=2.0,
        fps=12.0,
        width=80,
        height=48,
        caption="A cat runs.",
    )
    found = Footage(folder=str(Path("videos").resolve()), num_frames=21, fps=12.0, width=80, height=48, clips=(clip,))
    write_footage(Path("run"), found)
    said = run("train", recipe, "--run", "run", "--trigger", "ohwx").out

    assert 'Said of 10_cat/a.mp4: "ohwx, A cat runs."' in said
    assert 'Folders are named for repeats: "10_cat" 10 times. Add "--repeats names"' in said
    assert not trainer.scans, "words need no other scan"
    assert "Folders" not in run("train", recipe, "--run", "run", "--repeats", "names").out
    assert not trainer.scans
    run("train", recipe, "--run", "run", "--shapes", "fit")
    assert trainer.scans, "other shapes do"


def test_test_films_have_own_prompts_and_pictures(run: Run, trainer: Trainer, recipe: Path) -> None:
    Path("fox.png").write_bytes(b"looked at by the trainer")
    options = ["--test-prompt", "A fox runs.", "--test-prompt", "It rains.", "--test-picture", "fox.png"]
    assert run("train", str(recipe), "--run", "out", *options).code == 0
    wanted = read_recipe(Path("out") / WANTED).evaluation
    assert wanted.prompts == ("A fox runs.", "It rains.")
    assert wanted.pictures == (str(Path("fox.png").absolute()),)


def test_a_test_picture_that_is_not_there_is_refused(run: Run, trainer: Trainer, recipe: Path) -> None:
    result = run("train", str(recipe), "--test-picture", "gone.png")
    assert "There is no picture gone.png" in result.err
    assert trainer.command == []


def test_films_of_a_training_are_made_on_demand(run: Run, trainer: Trainer, recipe: Path) -> None:
    run("train", str(recipe), "--run", "out")
    Path("out/recipe.json").write_bytes(recipe_to_text(RECIPE))
    assert run("train", "--run", "out", "--film").code == 0
    assert trainer.scans[-1][-3:] == ["evaluate", str(Path("out").resolve()), "--newest"]


@pytest.mark.parametrize(
    ("words", "sentence"), [((), "Say which training: --run FOLDER"), (("--run", "gone"), "There is no training in")]
)
def test_films_of_no_training_are_one_sentence(
    run: Run, trainer: Trainer, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in run("train", "--film", *words).err
    assert trainer.command == []
