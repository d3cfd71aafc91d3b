"""The stages that make svi-theatre, as commands of `python -m trainer`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = Path("runs/theatre")
MINI = Path("resources/models/svi-mini")
TARGET = Path("resources/models/svi-theatre")
EXPERTS = Path("resources/models/svi-theatre-experts")


def add_theatre(stages: Any) -> None:
    """Adds them to the command line's stages."""

    def stage(name: str, run: Callable[[argparse.Namespace], None], help_text: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = stages.add_parser(name, help=help_text)
        added.add_argument("--runs", type=Path, default=RUNS, help=f"checkpoints and logs (default: {RUNS})")
        added.add_argument("--device", default="cpu", help="cpu or cuda (default: cpu)")
        added.add_argument("--threads", type=int, default=0, help="processor threads (default: all)")
        added.set_defaults(run=run)
        return added

    decoder = stage("theatre-decoder", _decoder, "svi-theatre: train the decoder of the video autoencoder")
    lessons = stage("theatre-lessons", _lessons, "svi-theatre: draw and encode clips without end, to learn from")
    transformer = stage("theatre-transformer", _transformer, "svi-theatre: train the video transformer on them")
    lessons.add_argument("--share", type=_share, default=(0, 1), metavar="K/N", help="process K, from 0, of N at work")
    again = stage("theatre-begin-again", _again, "svi-theatre: go on from its folder, where checkpoints are gone")
    again.add_argument("--model", type=Path, default=TARGET, help=f"svi-theatre's folder (default: {TARGET})")
    expert = stage("theatre-expert", _expert, "svi-theatre: train an expert for Pro")
    expert.add_argument("which", choices=["high", "low"], help="whose noise")
    experts = stage("theatre-export-experts", _experts, "svi-theatre: write both experts as a model folder")
    experts.add_argument("--target", type=Path, default=EXPERTS, help=f"the folder (default: {EXPERTS})")
    for each in (expert, experts):
        each.add_argument("--model", type=Path, default=TARGET, help=f"svi-theatre's folder (default: {TARGET})")
    expert.add_argument("--compile", action="store_true", help="quicker; needs a C++ compiler")
    for each in (decoder, transformer):
        each.add_argument("--times", type=int, default=1, help="batches so many times as large, for a graphics card")
        each.add_argument("--compile", action="store_true", help="quicker; needs a C++ compiler")
        each.add_argument("--steps", type=int, help="in all; the learning rate falls towards the last")
        each.add_argument("--rate", type=float, help="of learning, at its highest")
    export = stage("theatre-export", _export, "svi-theatre: write the trained networks as a model folder")
    export.add_argument("--target", type=Path, default=TARGET, help=f"the folder (default: {TARGET})")
    for each in (lessons, transformer, export):
        each.add_argument("--mini", type=Path, default=MINI, help=f"svi-mini's folder (default: {MINI})")


def _share(text: str) -> tuple[int, int]:
    own, processes = (int(part) for part in text.split("/"))
    if not 0 <= own < processes:
        raise ValueError(text)
    return own, processes


def _decoder(options: argparse.Namespace) -> None:
    from trainer.svi_theatre.train_decoder import DecoderRecipe, train_decoder  # noqa: PLC0415 (heavy)

    recipe = _as_asked(DecoderRecipe(), options)
    train_decoder(
        options.runs, replace(recipe, batch=recipe.batch * options.times), options.device, compiled=options.compile
    )


def _lessons(options: argparse.Namespace) -> None:
    from trainer.svi_theatre.make_lessons import make_lessons  # noqa: PLC0415 (heavy)
    from trainer.svi_theatre.train_decoder import read_components  # noqa: PLC0415 (heavy)

    principal = read_components(options.runs)
    make_lessons(options.runs / "lessons", principal, options.mini, share=options.share)


def _transformer(options: argparse.Namespace) -> None:
    from trainer.svi_theatre.train_transformer import TransformerRecipe, train_transformer  # noqa: PLC0415 (heavy)

    recipe = _as_asked(TransformerRecipe(), options).times(options.times)
    train_transformer(options.runs, options.mini, recipe, options.device, compiled=options.compile)


def _as_asked(recipe: Any, options: argparse.Namespace) -> Any:
    asked = {"steps": options.steps, "learning_rate": options.rate}
    return replace(recipe, **{name: value for name, value in asked.items() if value is not None})


def _again(options: argparse.Namespace) -> None:
    from trainer.svi_theatre.begin_again import begin_again  # noqa: PLC0415 (heavy)

    begin_again(options.model, options.runs)


def _expert(options: argparse.Namespace) -> None:
    from trainer.svi_theatre.train_experts import ExpertRecipe, train_expert  # noqa: PLC0415 (heavy)

    train_expert(options.runs, options.model, options.which, ExpertRecipe(), compiled=options.compile)


def _experts(options: argparse.Namespace) -> None:
    from trainer.svi_theatre.export import export_experts  # noqa: PLC0415 (heavy)

    export_experts(options.runs, options.model, options.target)


def _export(options: argparse.Namespace) -> None:
    from trainer.svi_theatre.export import export_theatre  # noqa: PLC0415 (heavy)

    export_theatre(options.runs, options.mini, options.target)
