"""The words of the command that lays dances under a film, and those by which a dancer is found in a file."""

import argparse
from argparse import ArgumentParser
from pathlib import Path
from typing import TypeVar, get_args

from svi_studio.cli.option_values import dance_number, person_at, picture_size, positive, seconds
from svi_studio.domain.film.family import FAMILIES, Advance
from svi_studio.domain.film.track import InputKind

P = TypeVar("P", bound=ArgumentParser)


def add_dance(commands: "argparse._SubParsersAction[P]") -> None:
    """The command ``dance``."""
    parser = commands.add_parser(
        "dance",
        help="lay dances under a film, or list those that lie there",
        description="Lay dances under a film, move, loop, list or remove them. Without an option, list them.",
    )
    parser.add_argument("source", type=Path, metavar="PROJECT_OR_STORYBOARD", help="project folder or storyboard .json")
    way = parser.add_mutually_exclusive_group()
    dances = "video of a dancer, skeleton, folder of OpenPose's JSON, other poses, or video of a drawn skeleton"
    way.add_argument("--add", type=Path, metavar="FILE", help=f"{dances}, to lay under the film")
    way.add_argument("--change", type=dance_number, metavar="N", help="move, loop or hold dance N of the list")
    way.add_argument("--remove", type=dance_number, metavar="N", help="take dance N of the list away; its file stays")
    begins = "where in the film it begins; default: after the last dance"
    parser.add_argument("--at", type=seconds, metavar="SECONDS", help=begins)
    after = parser.add_mutually_exclusive_group()
    after.add_argument("--loop", action="store_true", help="dance it again and again until the film or the next begins")
    after.add_argument("--hold", action="store_true", help="hold its last pose until the film ends or the next begins")
    as_found = "leave the dancer as found; without it, the dance is fitted to the person in the start picture"
    parser.add_argument("--as-found", action="store_true", help=as_found)
    add_dancer(parser)
    fit = "add clips until the film is as long as its dance; it ends with it"
    parser.add_argument("--fit-clips", action="store_true", help=fit)
    following = [name for name, each in FAMILIES.items() if InputKind.SKELETON in each.needs]
    parser.add_argument("--family", choices=following, help="make the film one of a family that follows a dance")
    add_advance(parser)
    parser.add_argument("--list", action="store_true", help="list the dances afterwards")
    parser.add_argument("--model", metavar="NAME", help="model that decides the frames a second: a name or a folder")
    parser.set_defaults(module="dance")


def add_dancer(parser: ArgumentParser) -> None:
    """Who is meant in a video or in poses, and what is done to their skeleton."""
    dancer = "where the dancer is, in pixels; repeat it for other moments, or other scenes, of a video"
    parser.add_argument("--person", type=person_at, action="append", default=[], metavar="X,Y[@SECONDS]", help=dancer)
    finders = "default: dwpose (not yet tried with its real files) where they are"
    parser.add_argument("--finder", choices=["blaze", "dwpose"], help=finders)
    parser.add_argument("--mirror", action="store_true", help="as in a mirror, left and right exchanged")
    parser.add_argument("--speed", type=positive, metavar="N", help="so many times as fast")
    parser.add_argument("--scale", type=positive, metavar="N", help="so many times as large, on the same ground")
    parser.add_argument("--fps", type=positive, metavar="N", help="frames a second of poses that do not say it")
    parser.add_argument("--size", type=picture_size, metavar="WxH", help="picture size of poses that do not say it")


def add_advance(parser: ArgumentParser) -> None:
    """How clips go along what they follow, and join."""
    ways = "film (default): clips keep in step and show every moment once; authors: as the authors' scripts, to compare"
    parser.add_argument("--advance", choices=get_args(Advance), help=ways)
