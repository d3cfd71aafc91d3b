"""The words of ``svi-studio models``: what each of its actions takes, and its help."""

import argparse
from argparse import ArgumentParser
from pathlib import Path
from typing import TypeVar

from svi_studio.cli.option_values import heads

P = TypeVar("P", bound=ArgumentParser)


def add_models(commands: "argparse._SubParsersAction[P]") -> None:
    """Adds ``models`` with all its actions."""
    models = commands.add_parser("models", help="list, scan, link, fetch, check and convert models")
    actions = models.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the models on this computer")
    listing.add_argument("--json", action="store_true", help="one line of JSON a model")
    listing.set_defaults(module="models", action="list")
    scan = actions.add_parser(
        "scan", help="say what every weights file in a folder is, and what can be filmed with them"
    )
    scan.add_argument(
        "folder", type=Path, metavar="FOLDER", help="of ComfyUI, Hugging Face, Wan2GP, any other; or one file"
    )
    scan.add_argument("--json", action="store_true", help="one line of JSON a file")
    scan.set_defaults(module="scan", action="scan")
    _add_links(actions)
    convert = actions.add_parser("convert", help="turn Wan's original files into a model folder, once")
    convert.add_argument("folder", type=Path, metavar="FOLDER", help="folder with the original .safetensors and .pth")
    convert.add_argument("-o", "--output", type=Path, required=True, metavar="NEW_FOLDER", help="folder to make")
    convert.add_argument(
        "--image-heads", type=heads, metavar="N", help="attention heads of an image encoder that is not open-clip's"
    )
    convert.set_defaults(module="models", action="convert")
    _add_fetches(actions)


def _add_links(actions: "argparse._SubParsersAction[P]") -> None:
    link = actions.add_parser("link", help="make a model of weights files where they lie; nothing is copied")
    whose = "of ComfyUI, Hugging Face, or any other; without it, what was fetched"
    link.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help=whose)
    link.add_argument("--name", metavar="NAME", help="which of several models, or what the one is to be called")
    link.add_argument("--transformer", type=Path, metavar="FILE", help="the transformer, of several or from elsewhere")
    link.add_argument("--high", type=Path, metavar="FILE", help="of two experts, the one for the high noise")
    link.add_argument("--low", type=Path, metavar="FILE", help="of two experts, the one for the low noise")
    link.add_argument("--vae", type=Path, metavar="FILE", help="the VAE")
    link.add_argument("--text-encoder", type=Path, metavar="FILE", help="the text encoder, umt5-xxl")
    link.add_argument(
        "--tokenizer", type=Path, metavar="FILE", help="tokenizer.json, spiece.model, or a folder with it"
    )
    link.add_argument("--picture-encoder", type=Path, metavar="FILE", help="CLIP's picture encoder, for Wan 2.1")
    link.add_argument("--sound", type=Path, metavar="FILE", help="what Talk adds to Wan 2.1: multitalk.safetensors")
    link.add_argument(
        "--sound-encoder", type=Path, metavar="FILE", help="the wav2vec2 network that hears, or its folder"
    )
    link.add_argument("--list", action="store_true", help="say what could be linked, and link nothing")
    link.add_argument("--json", action="store_true", help="one line of JSON a model")
    link.set_defaults(module="link", action="link")
    unlink = actions.add_parser("unlink", help="take a linked model away; the files that it is made of stay")
    unlink.add_argument("name", metavar="NAME", help="the model's name or folder")
    unlink.add_argument("--json", action="store_true", help="one line of JSON")
    unlink.set_defaults(module="link", action="unlink")
    info = actions.add_parser("info", help="where the parts of a model lie, how they are stored, and what is wrong")
    info.add_argument("name", metavar="NAME", help="the model's name or folder")
    info.add_argument("--json", action="store_true", help="one line of JSON")
    info.set_defaults(module="model_info", action="info")


def _add_fetches(actions: "argparse._SubParsersAction[P]") -> None:
    fetch = actions.add_parser("fetch", help="fetch a known model; the same command goes on after a stop")
    fetch.add_argument("name", nargs="?", metavar="NAME", help="what to fetch; without it, all that is known is listed")
    fetch.add_argument("--list", action="store_true", help="show files, sizes and terms, and fetch nothing")
    fetch.add_argument(
        "--ask-token", action="store_true", help="ask for the hub's access token first, and keep it in the keyring"
    )
    _fetched_place(fetch)
    fetch.set_defaults(module="fetch", action="fetch")
    verify = actions.add_parser("verify", help="check fetched files against their checksums")
    verify.add_argument("name", metavar="NAME", help="what was fetched")
    _fetched_place(verify)
    verify.set_defaults(module="fetch", action="verify")
    repair = actions.add_parser("repair", help="check fetched files, and fetch the damaged and missing ones again")
    repair.add_argument("name", metavar="NAME", help="what was fetched")
    _fetched_place(repair)
    repair.set_defaults(module="fetch", action="repair")
    remove = actions.add_parser("remove", help="remove what was fetched; files that changed since are kept")
    remove.add_argument("name", metavar="NAME", help="what was fetched")
    _fetched_place(remove)
    remove.set_defaults(module="fetch", action="remove")
    add = actions.add_parser("add", help="make more models known")
    add.add_argument("file", type=Path, metavar="FILE", help="JSON file of entries")
    add.set_defaults(module="fetch", action="add")


def _fetched_place(parser: ArgumentParser) -> None:
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="where its files lie instead of the models folder")
    parser.add_argument("--json", action="store_true", help="one line of JSON for everything that happens")
