"""`python -m trainer`: train the bundled model."""

import argparse
from pathlib import Path


def main() -> None:
    """Parse the command line and run one stage of the recipe."""
    parser = argparse.ArgumentParser(prog="python -m trainer", description="Train svi-mini, the bundled model.")
    stages = parser.add_subparsers(dest="stage", required=True)
    vae = stages.add_parser("mini-vae", help="train the video autoencoder")
    vae.add_argument("--minutes", type=float, default=25.0)
    for stage in (vae,):
        stage.add_argument("--out", type=Path, default=Path("runs/mini"))
        stage.add_argument("--device", default="cpu")
    options = parser.parse_args()
    if options.stage == "mini-vae":
        from trainer.mini.train_vae import VAERecipe, train_vae

        train_vae(options.out, VAERecipe(minutes=options.minutes), options.device)


if __name__ == "__main__":
    main()
