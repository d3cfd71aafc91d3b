"""``svi-studio measure``: time two steps of a film by every memory plan and speed recipe that could fit here."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from svi_studio.cli.film_recipe import recipe_model, with_recipe
from svi_studio.cli.report import open_report
from svi_studio.cli.stop import StopRequest, stop_request
from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.speed_recipe import FULL, SpeedRecipe, find_loras
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.render.trial import AS_IT_IS, STEPS, TrialReport, trial_wishes
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.value import with_fields
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.project.film.prepare import PreparedFilm, prepare
from svi_studio.project.film.project_file import SUFFIX
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.settings import NO_REMOTE_CODE
from svi_studio.weights.model_size import read_model_size

if TYPE_CHECKING:
    from svi_studio.engine.chain.measuring import Outcome, Trial


def run(options: Namespace) -> int:
    """Tries the film as it is by every plan, then its other recipes by the best; returns the exit code.

    Raises StudioError, and Stopped after Ctrl-C. Nothing of the film is changed.
    """
    film = open_film(options.source)
    if options.output is not None:
        options.output.mkdir(parents=True, exist_ok=True)
    with (
        open_report(json=options.json) as report,
        TemporaryDirectory(prefix="svi-measure-") as folder,
        stop_request() as stop,
    ):
        report.say("Checking the film, its pictures and the model.")
        _Measuring(film, options, stop, Path(folder)).run()
    return 0


class _Measuring:
    """One run of trials; the film's copy with one clip lies in ``folder``."""

    def __init__(self, film: FilmSource, options: Namespace, stop: StopRequest, folder: Path) -> None:
        self._options, self._stop = options, stop
        self._model = recipe_model(options.model or film.storyboard.model, beside=film.folder)
        self._film = _with_one_clip(film, options.clip, folder)
        self._count = 0

    def run(self) -> None:
        """All trials, each told as soon as it is over."""
        NO_REMOTE_CODE.tell_library()
        for title, board, wishes in self._boards():
            self._try(title, board, wishes)

    def _boards(self) -> Iterator[tuple[str, Storyboard, tuple[PlanWishes, ...]]]:
        from svi_studio.engine.chain.render_job import choose_device  # noqa: PLC0415 - imports torch

        size = read_model_size(self._model.folder)
        on_card = choose_device(self._options.device).type == "cuda"
        yield AS_IT_IS, self._film.storyboard, trial_wishes(size.blocks, size.experts, on_card=on_card)
        for recipe in self._other_recipes():
            yield recipe.words, with_recipe(self._film, recipe.name, str(self._model.folder)), (NO_WISHES,)

    def _other_recipes(self) -> Iterator[SpeedRecipe]:
        """Those that make a step differ from the film's own, and whose LoRAs are on this computer."""
        for recipe in self._model.recipes:
            found = find_loras(recipe, self._model.files if recipe.loras else (), self._model.architecture)
            is_other = recipe != FULL and (recipe.loras or recipe.guidance_scale is not None)
            if is_other and all(known is not None for _, known in found):
                yield recipe

    def _try(self, title: str, board: Storyboard, wishes: tuple[PlanWishes, ...]) -> None:
        from svi_studio.engine.chain.measuring import measure  # noqa: PLC0415 - imports torch

        trial = self._trial(title, board)
        measure(
            trial,
            wishes,
            self._options.device,
            sink_in=TakeStore,
            emit=lambda outcome: self._tell(title, outcome),
            should_stop=self._stop,
        )

    def _trial(self, title: str, board: Storyboard) -> "Trial":
        from svi_studio.engine.chain.measuring import Trial  # noqa: PLC0415 - imports torch
        from svi_studio.engine.chain.memory_choice import WantedFilm  # noqa: PLC0415 - imports torch

        whole, short = self._prepared(board), self._prepared(change_film(board, num_inference_steps=STEPS))
        jobs, family = short.plan.jobs, short.plan.family
        wanted = WantedFilm(short.model, jobs, short.loras, short.lora_files, family)
        return Trial(title, wanted, short.plan, whole.plan.jobs[0], self._film.folder)

    def _prepared(self, board: Storyboard) -> PreparedFilm:
        return prepare(replace(self._film, storyboard=board), str(self._model.folder))

    def _tell(self, title: str, outcome: "Outcome") -> None:
        self._count += 1
        picture = self._keep(outcome.picture)
        if self._options.json:
            report = TrialReport(recipe=title, trial=outcome.trial, problem=outcome.problem, picture=picture)
            print(report.model_dump_json(), flush=True)
            return
        trial = outcome.trial
        said = f"{title or 'As the film is'}: {outcome.problem}" if trial is None else f"{trial.title}: {trial.figures}"
        print(visible(said), flush=True)

    def _keep(self, picture: bytes) -> str | None:
        if self._options.output is None or not picture:
            return None
        path = self._options.output / f"trial-{self._count}.jpg"
        atomic_write(path, picture)
        return str(path)


def _with_one_clip(film: FilmSource, number: int, folder: Path) -> FilmSource:
    """A project with a copy of that clip alone, and of what it is made from; the film stays as it is."""
    board = film.storyboard
    if not 1 <= number <= len(board.clips):
        raise BadInput(f"The film has no clip {number}: it has {len(board.clips)}.")
    clip = with_fields(board.clips[number - 1], {"locked": False, "take": None, "num_inference_steps": None})
    alone = with_fields(board, {"clips": (clip,)})
    project = folder / f"measure{SUFFIX}"
    FilmSource(alone, film.folder, project, is_bare=True).make_project()
    return open_film(project)
