"""`python -m trainer`: train the bundled model."""

import argparse
from pathlib import Path


def main() -> None:
    """Parse the command line and run one stage of the recipe."""
    parser = argparse.ArgumentParser(prog="python -m trainer", description="Train svi-mini, the bundled model.")
    stages = parser.add_subparsers(dest="stage", required=True)
    decoder = stages.add_parser("mini-decoder", help="train the decoder of the video autoencoder")
    decoder.add_argument("--minutes", type=float, default=60.0)
    transformer = stages.add_parser("mini-transformer", help="train the video transformer and its encoders")
    transformer.add_argument("--minutes", type=float, default=90.0)
    for stage in (decoder, transformer):
        stage.add_argument("--out", type=Path, default=Path("runs/mini"))
        stage.add_argument("--device", default="cpu")
    options = parser.parse_args()
    if options.stage == "mini-decoder":
        from trainer.mini.train_decoder import DecoderRecipe, train_decoder

        train_decoder(options.out, DecoderRecipe(minutes=options.minutes), options.device)
    elif options.stage == "mini-transformer":
        from trainer.mini.train_transformer import TransformerRecipe, train_transformer

        train_transformer(options.out, TransformerRecipe(minutes=options.minutes), options.device)


if __name__ == "__main__":
    main()
