"""`python -m trainer.proof`: train and film what is left, then write the results; run it twice to use two cores."""

import argparse
from pathlib import Path

import torch

from svi_studio.resource_files import resource_path
from trainer.proof.arms import Sizes
from trainer.proof.ship import ship
from trainer.proof.tasks import Proof, work


def main() -> None:
    """Parses the command line, does what is left of the work, and writes the page of results."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    proof = Proof(options.folder, options.model, Sizes(), compiled=options.compile)
    tasks = [task for task in proof.tasks() if options.only in task.name]
    if not options.results:
        work(tasks)
    from trainer.proof.results import write_results  # noqa: PLC0415 (not needed to work)

    write_results(proof, options.target)
    if options.ship:
        families = ship(proof, options.model)
        print(f"LoRAs that {options.model} has now: {', '.join(families) or 'none'}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer.proof", description="Prove in miniature what error recycling does to drift."
    )
    parser.add_argument("--folder", type=Path, default=Path("runs/proof"), help="trainings and films (runs/proof)")
    parser.add_argument("--model", type=Path, default=resource_path("models", "svi-mini"), help="the model folder")
    parser.add_argument("--target", type=Path, default=Path(__file__).parent / "results", help="the page of results")
    parser.add_argument("--only", default="", help="only tasks with this in their name")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (1: run the command twice instead)")
    parser.add_argument("--compile", action="store_true", help="compile the transformer; needs a C++ compiler")
    parser.add_argument("--results", action="store_true", help="only write the page of what there is")
    parser.add_argument("--ship", action="store_true", help="then copy the LoRAs that help into the model's own folder")
    return parser


if __name__ == "__main__":
    main()
