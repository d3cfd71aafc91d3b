"""`python -m trainer.proof.registered`: train and film what is left; run it twice to use two cores."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.errors import BadInput
from svi_studio.resource_files import resource_path
from trainer.proof.halves import HELP
from trainer.proof.registered.bank_picture import bank_picture, read_bank
from trainer.proof.registered.films import Films
from trainer.proof.registered.healing import healed, healing_picture, healing_table, write_healing
from trainer.proof.registered.report import reports
from trainer.proof.registered.sections import BASE, CONTROL, ERFT, sections
from trainer.proof.registered.settings import Sizes
from trainer.proof.registered.storyboards import FILMED, TRIED
from trainer.proof.registered.tables import PRIMARY, differences_table, ends_table, secondary_table
from trainer.proof.registered.verdict import heading
from trainer.proof.registered.work import RegisteredProof
from trainer.proof.sheets import save_small
from trainer.proof.tasks import work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.proof.registered.sections import Section


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
    chosen = [section for section in proof.sections() if not options.only or section.name in options.only]
    if options.list:
        print(listed(proof, chosen))
        return
    try:
        if not options.results:
            proof.begin()
            work([task for task in proof.tasks(chosen) if not options.train or task.name.startswith("train ")])
        write_page(proof, chosen, options.target / TRIED if options.tried else options.target)
    except BadInput as error:
        raise SystemExit(str(error)) from error


def listed(proof: RegisteredProof, chosen: Sequence[Section]) -> str:
    """What is done and what is left of each section, and how many hours of one core that takes."""
    lines: list[str] = []
    seen: set[str] = set()
    for section in chosen:
        tasks = list(proof.tasks([section]))
        left = [task for task in tasks if not task.is_done()]
        shared = sum(task.hours for task in left if task.name in seen)
        also = f", {shared:.1f} of them trainings that a section above makes too" if shared else ""
        whole, hours = (sum(task.hours for task in some) for some in (tasks, left))
        lines.append(f"{section.name}: {hours:.1f} of {whole:.1f} core-hours left{also}")
        lines += [f"  {'left' if task in left else 'done'}  {task.hours:5.2f}  {task.name}" for task in tasks]
        seen |= {task.name for task in left}
    once = {task.name: task.hours for task in proof.tasks(chosen) if task.name in seen}
    return "\n".join([*lines, f"all: {sum(once.values()):.1f} core-hours left"])


def write_page(proof: RegisteredProof, chosen: Sequence[Section], target: Path) -> None:
    """Writes figures (JSON), tables (a page a section) and pictures of every section that is done into ``target``."""
    from trainer.proof.registered.pictures import (  # noqa: PLC0415 (not needed to work)
        chosen_picture,
        median_picture,
        motion_picture,
        wall,
    )

    for section, arms in reports(proof, chosen, target):
        clips, boards = section.clips, proof.boards(section)
        page = [f"# {heading(section, arms)}\n", ends_table(arms, clips), differences_table(section, arms)]
        page += [secondary_table(arms, clips), *_healing_page(proof, section, target)]
        atomic_write(target / f"{section.name}.md", "\n".join(page).encode())
        save_small(wall(section, arms, boards), target / f"{section.name}-wall.png")
        if {*section.main} <= set(arms):
            save_small(chosen_picture(section, arms, boards), target / f"{section.name}.png")
            save_small(motion_picture(section, arms, boards), target / f"{section.name}-motion.png")
            if BASE not in section.main:
                save_small(median_picture(section, arms, boards), target / f"{section.name}-median.png")
        _bank_picture(proof, section, target)


def _healing_page(proof: RegisteredProof, section: Section, target: Path) -> list[str]:
    """Figures, tables and picture of what a section's arms heal, as far as it is done."""
    made = healed(proof, section)
    if not made:
        return []
    base = Films(proof.films(f"{section.name}/{BASE}"))
    write_healing(made, base, section, target / f"healing-{section.look}.json", proof.which)
    if {CONTROL, ERFT} <= set(made[max(made)]):
        healing_picture(proof, section, made).save(target / f"healing-{section.look}.png", optimize=True)
    return ["## Healing\n", *(healing_table(made, base, figure) for figure in PRIMARY)]


def _bank_picture(proof: RegisteredProof, section: Section, target: Path) -> None:
    """What the errors look like that the first training of a section's main arm has in its bank."""
    training = next((arm.trainings[0] for arm in section.arms if arm.name == ERFT and arm.trainings), None)
    bank = read_bank(proof.run(training), training) if training is not None else None
    if bank is not None:
        script = proof.boards(section)[0].scripts[0]
        picture = bank_picture(bank, proof.model, script, section.look)
        picture.save(target / f"{section.name}-bank.png", optimize=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer.proof.registered",
        description="Make the trainings and films that trainer/proof/registered/PROTOCOL.md has written down.",
    )
    parser.add_argument("--folder", type=Path, default=Path("runs/registered"), help="trainings and films")
    parser.add_argument("--model", type=Path, default=resource_path("models", "svi-mini"), help="the model folder")
    parser.add_argument(
        "--only",
        action="append",
        choices=[section.name for section in sections(Sizes())],
        help="only this section, with all that it needs and its part of the page (may be given again)",
    )
    parser.add_argument(
        "--tried",
        action="store_true",
        help="the 16 storyboards to try things on, not those of the page; figures go into a folder of their own",
    )
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default: cpu)")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (1: run the command twice instead)")
    parser.add_argument("--compile", action="store_true", help="quicker films; needs a C++ compiler")
    parser.add_argument("--halves", action="store_true", help=HELP)
    parser.add_argument("--target", type=Path, default=Path("runs/registered/page"), help="the page's figures")
    parser.add_argument(
        "--results", action="store_true", help="only write figures, tables and pictures of what is done"
    )
    parser.add_argument("--train", action="store_true", help="only train; films are made another time")
    parser.add_argument("--list", action="store_true", help="say what is done and what is left, and its core-hours")
    return parser


if __name__ == "__main__":
    main()
