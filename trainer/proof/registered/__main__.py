"""`python -m trainer.proof.registered`: train and film what is left; run it twice to use two cores."""

import argparse
from pathlib import Path

import torch

from svi_studio.disk.atomic import atomic_write
from svi_studio.resource_files import resource_path
from trainer.proof.halves import HELP
from trainer.proof.registered.bank_picture import bank_picture, read_bank
from trainer.proof.registered.films import Films
from trainer.proof.registered.healing import healed, healing_picture, healing_table, write_healing
from trainer.proof.registered.report import reports
from trainer.proof.registered.sections import BASE, CONTROL, ERFT, Section
from trainer.proof.registered.settings import Sizes
from trainer.proof.registered.storyboards import FILMED, TRIED
from trainer.proof.registered.tables import differences_table, ends_table, secondary_table
from trainer.proof.registered.work import RegisteredProof
from trainer.proof.tasks import work


def main() -> None:
    """Parses the command line and does what is left of the work."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    proof = RegisteredProof(
        options.folder,
        options.model,
        Sizes(),
        device=options.device,
        compiled=options.compile,
        halves=options.halves,
        which=TRIED if options.tried else FILMED,
    )
    tasks = [task for task in proof.tasks() if options.only in task.name]
    if options.list:
        for task in tasks:
            print(f"{'done' if task.is_done() else 'left'}  {task.name}")
        return
    if not options.results:
        work(tasks)
    write_page(proof, options.target)


def write_page(proof: RegisteredProof, target: Path) -> None:
    """Writes figures (JSON), tables and pictures of every section that is done into ``target``."""
    from trainer.proof.registered.pictures import chosen_picture, wall  # noqa: PLC0415 (not needed to work)

    tables: list[str] = []
    for section, arms in reports(proof, target):
        clips = section.clips
        made = (ends_table(arms, clips), differences_table(arms, clips), secondary_table(arms, clips))
        tables += [f"## {section.title}\n", *made]
        if {CONTROL, ERFT} <= set(arms):
            boards = proof.boards(section)
            chosen_picture(section, arms, boards).save(target / f"{section.name}.png", optimize=True)
            wall(section, arms, boards).save(target / f"{section.name}-wall.png", optimize=True)
        tables += _healing_page(proof, section, target)
    _bank_page(proof, target)
    if tables:
        atomic_write(target / "tables.md", ("# Figures\n\n" + "\n".join(tables)).encode())


def _healing_page(proof: RegisteredProof, section: Section, target: Path) -> list[str]:
    """Figures, table and picture of what a section's arms heal, as far as it is done."""
    made = healed(proof, section)
    if not made:
        return []
    base = Films(proof.films(f"{section.name}/{BASE}"))
    write_healing(made, section, target / f"healing-{section.look}.json")
    if {CONTROL, ERFT} <= set(made[max(made)]):
        healing_picture(proof, section, made).save(target / f"healing-{section.look}.png", optimize=True)
    handed = {clip: base.column("psnr", clip)[None].astype(float) for clip in made}
    return [f"## Healing, {section.title}\n", healing_table(made, handed)]


def _bank_page(proof: RegisteredProof, target: Path) -> None:
    """What the errors look like that the first training of the main arm has in its bank."""
    for section in proof.sections():
        training = next((arm.trainings[0] for arm in section.arms if arm.name == ERFT), None)
        bank = read_bank(proof.run(training), training) if training is not None else None
        if training is not None and bank is not None:
            script = proof.boards(section)[0].scripts[0]
            bank_picture(bank, proof.model, script, section.look).save(target / "bank.png", optimize=True)
            return


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer.proof.registered",
        description="Make the trainings and films that trainer/proof/registered/PROTOCOL.md has written down.",
    )
    parser.add_argument("--folder", type=Path, default=Path("runs/registered"), help="trainings and films")
    parser.add_argument("--model", type=Path, default=resource_path("models", "svi-mini"), help="the model folder")
    parser.add_argument("--only", default="", help="only tasks with this in their name")
    parser.add_argument("--tried", action="store_true", help="the storyboards to try things on, not those of the page")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default: cpu)")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (1: run the command twice instead)")
    parser.add_argument("--compile", action="store_true", help="quicker films; needs a C++ compiler")
    parser.add_argument("--halves", action="store_true", help=HELP)
    parser.add_argument("--target", type=Path, default=Path("runs/registered/page"), help="the page's figures")
    parser.add_argument(
        "--results", action="store_true", help="only write figures, tables and pictures of what is done"
    )
    parser.add_argument("--list", action="store_true", help="say what is done and what is left")
    return parser


if __name__ == "__main__":
    main()
