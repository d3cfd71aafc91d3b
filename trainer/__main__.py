"""`python -m trainer`: train a LoRA, and make the bundled model again; every stage can be stopped and goes on later."""

import argparse
from pathlib import Path

from trainer.footage.command import add_footage
from trainer.run.commands.command import add_train
from trainer.run.commands.evaluate_command import add_evaluate
from trainer.svi_theatre.commands import add_theatre


def main() -> None:
    """Parses the command line and runs one stage of the recipe."""
    options = _parser().parse_args()
    if getattr(options, "threads", 0):
        import torch  # noqa: PLC0415 (heavy)

        torch.set_num_threads(options.threads)
    options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer",
        description="Train a LoRA, read footage for it, and make the bundled models again.",
    )
    stages = parser.add_subparsers(required=True, metavar="STAGE")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--runs", type=Path, default=Path("runs/mini"), help="checkpoints and logs (default: runs/mini)"
    )
    shared.add_argument("--device", default="cpu", help="cpu or cuda (default: cpu)")
    shared.add_argument("--threads", type=int, default=0, help="processor threads (default: all)")

    def stage(name: str, run: object, help_text: str) -> argparse.ArgumentParser:
        added = stages.add_parser(name, parents=[shared], help=help_text)
        added.set_defaults(run=run)
        return added

    decoder = stage("mini-decoder", _decoder, "train the decoder of the video autoencoder")
    decoder.add_argument("--minutes", type=float, default=85.0, help="training time in all, over every run")
    transformer = stage("mini-transformer", _transformer, "train the video transformer and its two encoders")
    transformer.add_argument("--minutes", type=float, default=92.0, help="training time in all, over every run")
    hearing = stage("mini-hearing", _hearing, "train the small wav2vec2 that tells how wide a mouth is")
    hearing.add_argument("--minutes", type=float, default=8.0, help="training time in all, over every run")
    hearing.add_argument("--voices", type=Path, help="a folder of WAV files to learn from as well")
    for skill, minutes in (("sound", 32.0), ("skeleton", 52.0)):
        follow = stage(f"mini-{skill}", _follow, f"teach the model to follow a {skill}, and put that into its folder")
        follow.set_defaults(skill=skill)
        follow.add_argument("--minutes", type=float, default=minutes, help="training time in all, over every run")
        follow.add_argument("--voices", type=Path, help="a folder of WAV files to learn from as well")
        follow.add_argument("--model", type=Path, default=Path("resources/models/svi-mini"))
    export = stage("mini-export", _export, "write the trained networks as a model folder")
    export.add_argument("--target", type=Path, default=Path("resources/models/svi-mini"))
    preview = stage("mini-preview", _preview, "fit the map that draws previews of half-finished clips")
    preview.add_argument("--model", type=Path, default=Path("resources/models/svi-mini"))
    preview.add_argument("--clips", type=int, default=64)
    measure = stage("mini-evaluate", _evaluate, "measure a model folder on prompts that it never saw")
    measure.add_argument("--model", type=Path, default=Path("resources/models/svi-mini"))
    measure.add_argument("--prompts", type=int, default=200)
    drift = stage("mini-drift", _drift, "measure how a long roll-out wanders")
    drift.add_argument("--model", type=Path, default=Path("resources/models/svi-mini"))
    drift.add_argument("--family", default="film", help="film (default) or shot")
    drift.add_argument("--clips", type=int, default=12)
    add_theatre(stages)
    add_train(stages)
    add_footage(stages)
    add_evaluate(stages)
    return parser


def _preview(options: argparse.Namespace) -> None:
    from trainer.mini.fit_preview import fit_preview  # noqa: PLC0415 (heavy)

    fit_preview(options.model, clips=options.clips)


def _decoder(options: argparse.Namespace) -> None:
    from trainer.mini.train_decoder import DecoderRecipe, train_decoder  # noqa: PLC0415 (heavy)

    train_decoder(options.runs, DecoderRecipe(minutes=options.minutes), options.device)


def _transformer(options: argparse.Namespace) -> None:
    from trainer.mini.train_transformer import TransformerRecipe, train_transformer  # noqa: PLC0415 (heavy)

    train_transformer(options.runs, TransformerRecipe(minutes=options.minutes), options.device)


def _hearing(options: argparse.Namespace) -> None:
    from trainer.mini.train_hearing import HearingRecipe, train_hearing  # noqa: PLC0415 (heavy)

    train_hearing(options.runs, HearingRecipe(minutes=options.minutes), options.voices)


def _follow(options: argparse.Namespace) -> None:
    from trainer.mini.export_following import export_skill  # noqa: PLC0415 (heavy)
    from trainer.mini.train_following import FollowingRecipe, train_following  # noqa: PLC0415 (heavy)

    recipe = FollowingRecipe(minutes=options.minutes)
    follower = train_following(options.runs, options.model, options.skill, recipe, options.voices)
    export_skill(options.runs, options.model, follower)


def _export(options: argparse.Namespace) -> None:
    from trainer.mini.export import export_model  # noqa: PLC0415 (heavy)

    export_model(options.runs, options.target)


def _evaluate(options: argparse.Namespace) -> None:
    from trainer.mini.evaluate import write_report  # noqa: PLC0415 (heavy)

    write_report(options.model, options.runs, options.prompts)


def _drift(options: argparse.Namespace) -> None:
    from svi_studio.domain.film.family import family  # noqa: PLC0415 (with the rest)
    from trainer.mini.drift import write_drift  # noqa: PLC0415 (heavy)

    write_drift(options.model, options.runs, family(options.family), options.clips)


if __name__ == "__main__":
    main()
