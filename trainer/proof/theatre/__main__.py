"""`python -m trainer.proof.theatre`: train and film what is left of svi-theatre's proof, then write its results.

Any number of processes may share a folder, and each may be stopped at any time. Measures are those of the other proofs:
likeness to the truth and structure of every clip's new frames, for Talk the mouth against the sound, for Dance hands
and feet against the skeleton.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import torch

from svi_studio.resource_files import resource_path
from trainer.paper_theatre.stage import FINE
from trainer.proof import following
from trainer.proof.arms import BASE, CONTROL, ERFT
from trainer.proof.films import Filmed
from trainer.proof.following_boards import Skill
from trainer.proof.halves import HELP
from trainer.proof.tasks import Task, work
from trainer.proof.theatre.arms import ARMS, EXPERTS, FAMILIES, Sizes, recipe
from trainer.proof.theatre.films import film_chain
from trainer.proof.theatre.results import CHAINED, write_chains
from trainer.proof.theatre.roll_out import Chained
from trainer.proof.theatre.ship import ship
from trainer.proof.theatre.training import DONE, train_lora
from trainer.run.state.run_folder import RunFolder

TRAINED = (ERFT, CONTROL)
SKILLS: dict[str, Skill] = {following.FAMILIES[skill]: skill for skill in get_args(Skill)}


class TheatreProof:
    """All tasks, in one folder, for the model folder ``model`` and that of its ``experts``.

    ``lessons`` as the model itself learned from.
    """

    def __init__(
        self, folder: Path, model: Path, experts: Path, lessons: Path, sizes: Sizes, *, halves: bool = False
    ) -> None:
        self.folder, self.sizes, self._halves = folder, sizes, halves
        self._model, self._experts, self._lessons = model, experts, lessons

    def tasks(self) -> Iterator[Task]:
        """Trainings and films: what each family does by itself comes first."""
        for family in FAMILIES:
            yield self._filming(family, BASE)
            if family in SKILLS:
                yield self._alone(family)
        for family in FAMILIES:
            for arm in TRAINED:
                yield self._training(family, arm)
                yield self._filming(family, arm)
        if self._experts.exists():
            yield self._filming("pro", EXPERTS)

    def film_path(self, family: str, arm: str) -> Path:
        """Where the figures of an arm's films lie."""
        if family in SKILLS:
            return following.film_path(self.folder / "films", SKILLS[family], arm)
        return self.folder / "films" / f"{family}-{arm}.safetensors"

    def lora(self, family: str, arm: str) -> Path | None:
        """The trained LoRA of an arm; None for an arm of the model alone."""
        if arm not in TRAINED:
            return None
        return RunFolder(self._run(family, arm)).lora(recipe(family, arm, self.sizes).lora_name)

    def _run(self, family: str, arm: str) -> Path:
        return self.folder / "runs" / f"svi-{family}-{arm}"

    def _training(self, family: str, arm: str) -> Task:
        run, wanted = self._run(family, arm), recipe(family, arm, self.sizes)
        done = run / DONE

        def train() -> None:
            train_lora(wanted, self._model, self._lessons, run)

        return Task(f"train {family} {arm}", done, (), done.exists, train)

    def _filming(self, family: str, arm: str) -> Task:
        path, sizes = self.film_path(family, arm), self.sizes
        needs = (self._run(family, arm) / DONE,) if arm in TRAINED else ()
        return Task(
            f"film {family} {arm}",
            path,
            needs,
            lambda: _clips(family, path) >= sizes.clips,
            lambda: self._film(family, arm, path),
        )

    def _film(self, family: str, arm: str, path: Path) -> None:
        lora, sizes = self.lora(family, arm), self.sizes
        chained: dict[str, Chained] = {"film": "film", "pro": "pro"}
        if family in chained:
            films, clips, halves = sizes.films, sizes.clips, self._halves
            model = self._experts if arm == EXPERTS else self._model
            film_chain(model, chained[family], lora, path, films=films, clips=clips, halves=halves)
            return
        counts = following.Sizes(films=sizes.films, clips=sizes.clips)
        following.film_arm(self._model, SKILLS[family], arm, counts, path=path, lora=lora, halves=self._halves)

    def _alone(self, family: str) -> Task:
        path, sizes = self.film_path(family, "alone"), self.sizes
        count = min(sizes.clips, following.Sizes().clips_alone)
        return Task(
            f"film {family} alone",
            path,
            (),
            lambda: _clips(family, path) >= count,
            lambda: self._film(family, "alone", path),
        )


def _clips(family: str, path: Path) -> int:
    return following.FollowedFilms(path).done if family in SKILLS else Filmed(path).done


def main() -> None:
    """Parses the command line, does what is left, and writes the results."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    proof = TheatreProof(
        options.folder, options.model, options.experts, options.lessons, Sizes(), halves=options.halves
    )
    if not (options.results or options.ship):
        work([task for task in proof.tasks() if options.only in task.name])
    from trainer.proof.following_results import write_results  # noqa: PLC0415 (not needed to work)

    if options.ship:
        loras = {family: lora for family in FAMILIES if (lora := proof.lora(family, ERFT)) is not None}
        films = {(family, arm): proof.film_path(family, arm) for family in FAMILIES for arm in (BASE, ERFT)}
        print(f"shipped with {options.model.name}: {', '.join(ship(films, loras, options.model)) or 'none'}")
    options.target.mkdir(parents=True, exist_ok=True)
    chains = [*((family, arm) for family in CHAINED for arm in ARMS), ("pro", EXPERTS)]
    write_chains({chain: proof.film_path(*chain) for chain in chains}, options.target)
    counts = following.Sizes(films=proof.sizes.films, clips=proof.sizes.clips)
    write_results(options.folder / "films", options.target, counts, FINE)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer.proof.theatre", description=__doc__)
    runs = Path("runs/theatre")
    parser.add_argument("--folder", type=Path, default=runs / "proof", help="trainings and films (%(default)s)")
    parser.add_argument("--lessons", type=Path, default=runs / "lessons", help="what is learned from (%(default)s)")
    parser.add_argument("--model", type=Path, default=resource_path("models", "svi-theatre"), help="the model folder")
    experts = resource_path("models", "svi-theatre-experts")
    parser.add_argument("--experts", type=Path, default=experts, help="the folder of the model of two experts")
    parser.add_argument("--target", type=Path, default=runs / "results", help="the page of results (%(default)s)")
    parser.add_argument("--only", default="", help="only tasks with this in their name")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (1: run the command twice instead)")
    parser.add_argument("--halves", action="store_true", help=HELP)
    parser.add_argument("--ship", action="store_true", help="put the LoRAs that help into the model's folder")
    parser.add_argument("--results", action="store_true", help="only write the page of what there is")
    return parser


if __name__ == "__main__":
    main()
