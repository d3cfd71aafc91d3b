"""The words of ``recipes``, ``measure`` and ``lora``: how fast a film is made, and what changes its model."""

import argparse
from argparse import ArgumentParser
from pathlib import Path
from typing import TypeVar

from svi_studio.cli.option_values import clip_number, lora_number, lora_weight
from svi_studio.cli.train_arguments import add_names

P = TypeVar("P", bound=ArgumentParser)


def add_recipes(commands: "argparse._SubParsersAction[P]") -> None:
    """Adds ``recipes``."""
    parser = commands.add_parser("recipes", help="list speed recipes, and what each costs")
    film = "film that they are for, a project folder or a storyboard; default: any film of the model"
    parser.add_argument("source", type=Path, nargs="?", metavar="PROJECT_OR_STORYBOARD", help=film)
    parser.add_argument("--model", metavar="NAME", help="model that they are for: a name or a folder")
    parser.add_argument("--json", action="store_true", help="one line of JSON a recipe")
    parser.set_defaults(module="recipes")


def add_measure(commands: "argparse._SubParsersAction[P]") -> None:
    """Adds ``measure``."""
    parser = commands.add_parser(
        "measure",
        help="time two steps of a film here, by every memory plan and speed recipe that could fit",
        description="Time two steps of a film's clip here, by every memory plan and speed recipe that could fit.",
    )
    parser.add_argument("source", type=Path, metavar="PROJECT_OR_STORYBOARD", help="project folder or storyboard .json")
    parser.add_argument("--clip", type=clip_number, default=1, metavar="N", help="clip that is tried; default: 1")
    parser.add_argument("--model", metavar="NAME", help="model to try: a name or a folder")
    parser.add_argument("--device", default="auto", metavar="NAME", help="auto, cpu, cuda, cuda:1 or mps")
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="keep a picture of each trial there")
    parser.add_argument("--json", action="store_true", help="one line of JSON a trial")
    parser.set_defaults(module="measure")


def add_lora(commands: "argparse._SubParsersAction[P]") -> None:
    """Adds ``lora``."""
    parser = commands.add_parser(
        "lora",
        help="say what a LoRA file is, or give LoRAs to a film, a clip, an expert",
        description="Say what a LoRA file is; or list, add, change and remove the LoRAs of a film or of one clip.",
    )
    parser.add_argument(
        "source", type=Path, metavar="LORA_OR_FILM", help="a LoRA .safetensors, a project, a storyboard"
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--add", type=Path, metavar="LORA", help="file to use; it is copied into the film")
    way.add_argument("--change", type=lora_number, metavar="N", help="change LoRA N of the list")
    way.add_argument("--remove", type=lora_number, metavar="N", help="take LoRA N of the list out; its file stays")
    way.add_argument("--without", type=lora_number, metavar="N", help="with --clip: go without LoRA N of the film")
    add_names(parser, "write LORA under the names of SVI's authors, of diffusers and peft, or of ComfyUI; with -o")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="with --names: the file to write")
    parser.add_argument("--overwrite", action="store_true", help="with --names: write over FILE")
    parser.add_argument("--clip", type=clip_number, metavar="N", help="those of clip N instead of the film's")
    parser.add_argument("--weight", type=lora_weight, metavar="W", help="how strongly it counts; default: 1")
    expert = "for a model of two experts: which one gets it; default: as the file's name says, else both"
    parser.add_argument("--expert", choices=["both", "high", "low"], help=expert)
    parser.add_argument("--json", action="store_true", help="one line of JSON for every LoRA")
    parser.set_defaults(module="lora")
