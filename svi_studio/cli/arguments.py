"""The words of the command line: what each command takes, and its help."""

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn, get_args

from svi_studio import __version__
from svi_studio.cli.model_arguments import add_models
from svi_studio.cli.option_values import (
    boundary,
    clip_number,
    clip_range,
    decibels,
    factor,
    frame_range,
    loudness,
    memory_plan,
    motion_amplitude,
    noise_shift,
    pause,
    person_at,
    picture_part,
    picture_size,
    piece,
    positive,
    seconds,
    seed,
    shift,
    stability,
    story_clips,
    whole_number_reader,
)
from svi_studio.cli.speed_arguments import add_lora, add_measure, add_recipes
from svi_studio.cli.train_parser import add_train
from svi_studio.domain.film.family import FAMILIES, Advance
from svi_studio.domain.film.new_film_model import NEW_FILM_MODEL
from svi_studio.domain.film.sound_marks import SHORTEST_PAUSE
from svi_studio.domain.film.subtitle_way import SubtitleWay
from svi_studio.domain.film.voice_speed import FASTEST, SLOWEST
from svi_studio.domain.render.plan_wishes import NO_WISHES
from svi_studio.domain.text.command_name import command_name
from svi_studio.media.formats import CONTACT_SHEET, FORMATS
from svi_studio.storyline.text_formats import PROMPT_FORMATS

BAD_WORDS = 2
_MODEL = f"model to render with; default: {NEW_FILM_MODEL}"
_FILMS = {name: each.title for name, each in FORMATS.items()}


class _PlainParser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        said = f"{message[:1].upper()}{message[1:]}".removesuffix(".")
        self.exit(BAD_WORDS, f'{said}; "{self.prog} --help" shows what can be written.\n')


def parse(words: Sequence[str]) -> Namespace | int:
    """The options of one command (``module`` names its module in this package), or an exit code when all is said."""
    parser = _build()
    if not words:
        parser.print_help()
        return 0
    try:
        return parser.parse_args(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else BAD_WORDS


def _build() -> ArgumentParser:
    parser = _PlainParser(prog=command_name(), description="Turn a storyboard into one long film.")
    parser.add_argument("--version", action="version", version=f"SVI Studio {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_render(commands)
    _add_new(commands)
    _add_storyline(commands)
    _add_info(commands)
    _add_export(commands)
    _add_prompts(commands)
    _add_sound(commands)
    _add_subtitles(commands)
    add_recipes(commands)
    add_measure(commands)
    add_lora(commands)
    _add_ends(commands)
    _add_doctor(commands)
    add_models(commands)
    _add_pose(commands)
    add_train(commands)
    return parser


_Commands = argparse._SubParsersAction


def _add_render(commands: "_Commands[_PlainParser]") -> None:
    parser = commands.add_parser("render", help="render a film", description="Render what is missing, then the film.")
    _source(parser)
    _film_file(parser, _FILMS)
    _clips(parser)
    parser.add_argument("--seed", type=seed, metavar="N", help="seed of the film instead of the storyboard's")
    parser.add_argument("--device", default="auto", metavar="D", help="auto (default), cpu, cuda, cuda:1 or mps")
    _memory_plan(parser)
    parser.set_defaults(module="render")


def _memory_plan(parser: ArgumentParser) -> None:
    how = 'how the model lies in memory: auto (default), resident, smallest, or as "blocks=12,text=processor,tiles=yes"'
    parser.add_argument("--memory-plan", type=memory_plan, default=NO_WISHES, metavar="PLAN", help=how)


def _add_new(commands: "_Commands[_PlainParser]") -> None:
    parser = commands.add_parser("new", help="start a project", description="Make a project folder with a storyboard.")
    parser.add_argument("project", type=Path, metavar="PROJECT", help="folder to make, for example holiday.svi")
    parser.add_argument("--title", default=None, help="title of the film; default: the folder's name")
    families = f"{', '.join(FAMILIES)}; default: shot, one scene that goes on"
    parser.add_argument("--family", default="shot", help=families)
    parser.add_argument("--model", default=NEW_FILM_MODEL, metavar="NAME", help=_MODEL)
    parser.add_argument("--image", type=Path, metavar="FILE", help="start picture; it is copied into the project")
    video = "video to go on from: the film takes over the motion at its end"
    parser.add_argument("--continue", type=Path, dest="goes_on_from", metavar="VIDEO", help=video)
    parser.add_argument("--fit", choices=["crop", "squeeze"], help="how it gets the film's shape; default: crop")
    crop = "part of the picture to film, in its pixels; default: its middle"
    parser.add_argument("--crop", type=picture_part, metavar="LEFT,TOP,WIDTH,HEIGHT", help=crop)
    parser.add_argument("--prompt", action="append", default=[], metavar="TEXT", help="one clip; repeat it for more")
    parser.add_argument(
        "--prompts", type=Path, metavar="FILE", help="file of prompts: a list, table, screenplay, subtitles"
    )
    parser.add_argument("--clips", type=int, metavar="N", help="number of clips, when there are fewer prompts")
    parser.add_argument("--seed", type=seed, default=0, metavar="N", help="seed of the film")
    parser.add_argument("--recipe", metavar="NAME", help='speed recipe, as full or fast4; "recipes" lists them')
    parser.set_defaults(module="new")


def _add_storyline(commands: "_Commands[_PlainParser]") -> None:
    parser = commands.add_parser(
        "storyline",
        help="write a story: keywords or a picture become a storyboard",
        description="Write a storyboard about SUBJECT. Without a server or a local model, templates write it.",
    )
    parser.add_argument("subject", metavar="SUBJECT", help='keywords or a sentence, for example "a dog, a street"')
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="storyboard .json to write")
    _overwrite(parser, "a file that is there already stays, and the command ends", "--replace")
    parser.add_argument("--clips", type=story_clips, default=10, metavar="N", help="number of clips; default: 10")
    picture = parser.add_mutually_exclusive_group()
    picture.add_argument(
        "--image", type=Path, action="append", metavar="FILE", help="picture to start from; repeat it for more scenes"
    )
    picture.add_argument("--search", action="store_true", help="start from the first openly licensed picture found")
    writer = parser.add_mutually_exclusive_group()
    writer.add_argument("--server", metavar="URL", help="OpenAI-compatible server that writes, as Ollama or LM Studio")
    writer.add_argument("--local", type=Path, metavar="FOLDER", help="folder of a Qwen-VL model that writes")
    parser.add_argument("--model-name", metavar="NAME", help="model of the server; default: the first that it offers")
    parser.add_argument("--ask-key", action="store_true", help="ask for the server's key and keep it in the keyring")
    parser.add_argument("--tone", default="", metavar="WORDS", help="for example calm, lively, dramatic")
    parser.add_argument("--language", default="English", metavar="NAME", help="language of the prompts")
    parser.add_argument("--seed", type=seed, default=0, metavar="N", help="another seed, another story")
    parser.add_argument("--cuts", action="store_true", help="let the scene change")
    parser.add_argument("--family", default="film", help="film (default): a story with scenes; shot: one scene")
    parser.add_argument("--model", default=NEW_FILM_MODEL, metavar="NAME", help=_MODEL)
    parser.set_defaults(module="storyline")


def _add_info(commands: "_Commands[_PlainParser]") -> None:
    parser = commands.add_parser("info", help="clips, length, and what a render would cost")
    _source(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="film whose takes are meant")
    parser.add_argument("--seed", type=seed, metavar="N", help="seed of the film instead of the storyboard's")
    _memory_plan(parser)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.set_defaults(module="info")


def _add_export(commands: "_Commands[_PlainParser]") -> None:
    parser = commands.add_parser("export", help="assemble the film again without rendering")
    _source(parser)
    _film_file(parser, {**_FILMS, CONTACT_SHEET: "the film on one picture, PNG or JPEG, with every prompt"})
    part = parser.add_mutually_exclusive_group()
    _clips(part)
    part.add_argument(
        "--range",
        type=frame_range,
        metavar="FIRST-LAST",
        help="only these frames of the film, as the timeline counts them, from 0; the sound follows",
    )
    parser.add_argument("--seed", type=seed, metavar="N", help="seed that the takes were rendered with")
    parser.set_defaults(module="export")


def _add_prompts(commands: "_Commands[_PlainParser]") -> None:
    parser = commands.add_parser(
        "prompts",
        help="write a film's prompts to a text file, or take in those of one",
        description="Write the prompts of a film to a text file, or take those of a text file into the film.",
    )
    parser.add_argument("source", type=Path, metavar="PROJECT_OR_STORYBOARD", help="project folder or storyboard .json")
    way = parser.add_mutually_exclusive_group()
    titles = "; ".join(f"{name}: {each.title}" for name, each in PROMPT_FORMATS.items())
    way.add_argument(
        "--export", choices=list(PROMPT_FORMATS), metavar="FORMAT", help=f"default: by the ending of FILE. {titles}"
    )
    way.add_argument(
        "--import",
        type=Path,
        dest="prompts_from",
        metavar="FILE",
        help="file to take in, in any of these formats, or subtitles, Markdown, JSON, YAML or TOML",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write; default: the terminal")
    parser.add_argument(
        "--replace", action="store_true", help="the prompts taken in are the whole film, not more clips at its end"
    )
    _overwrite(parser, "a file that is there already stays, and the command ends")
    parser.set_defaults(module="prompts")


def _add_sound(commands: "_Commands[_PlainParser]") -> None:
    parser = commands.add_parser(
        "sound",
        help="lay sounds under a film, or list those that lie there",
        description="Lay sounds under a film, change, list or remove them. Without an option, list them.",
    )
    parser.add_argument("source", type=Path, metavar="PROJECT_OR_STORYBOARD", help="project folder or storyboard .json")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--add", type=Path, metavar="FILE", help="sound to lay under the film, or a video with sound")
    way.add_argument("--say", metavar="TEXT", help="lay a text under the film, spoken by espeak-ng as a scratch voice")
    way.add_argument("--change", type=piece, metavar="N", help="change sound N of the list")
    way.add_argument("--remove", type=piece, metavar="N", help="take sound N of the list away; its file stays")
    parser.add_argument(
        "--at", type=seconds, metavar="SECONDS", help="where in the film it begins; default: after the last sound"
    )
    parser.add_argument("--voice", metavar="LANGUAGE", help="voice of --say, as en-gb or de; default: English")
    speed = whole_number_reader("a speed", SLOWEST, FASTEST)
    parser.add_argument("--speed", type=speed, metavar="N", help="words a minute of --say; default: 160")
    level = parser.add_mutually_exclusive_group()
    level.add_argument("--gain", type=decibels, metavar="DB", help="how much louder than its file, as 3 or -6")
    level.add_argument(
        "--loudness", type=loudness, metavar="LUFS", help="as loud as this, measured as broadcasters do: try -23"
    )
    parser.add_argument("--fade-in", type=seconds, metavar="SECONDS", help="seconds in which it rises from silence")
    parser.add_argument("--fade-out", type=seconds, metavar="SECONDS", help="seconds in which it falls to silence")
    parser.add_argument(
        "--fit-clips", action="store_true", help="add clips until the film is as long as its sound; it ends with it"
    )
    heard = parser.add_mutually_exclusive_group()
    heard.add_argument("--mute", action="store_true", help="films are written without the sound")
    heard.add_argument("--unmute", action="store_true", help="films are written with the sound again")
    parser.add_argument("--list", action="store_true", help="list the sounds afterwards")
    parser.add_argument("--model", metavar="NAME", help="model that decides the frames a second: a name or a folder")
    parser.set_defaults(module="sound")


def _add_subtitles(commands: "_Commands[_PlainParser]") -> None:
    parser = commands.add_parser(
        "subtitles",
        help="read a film's subtitles from a file, lay a script on its speech, or write them to a file",
        description="Read, lay, shift and write the subtitles of a film. Without an option, list them.",
    )
    parser.add_argument("source", type=Path, metavar="PROJECT_OR_STORYBOARD", help="project folder or storyboard .json")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--import", type=Path, dest="read_from", metavar="FILE", help="SRT, VTT or ASS file to read")
    way.add_argument("--script", type=Path, metavar="FILE", help="text to lay on the speech, one sentence a line")
    way.add_argument("--remove", action="store_true", help="take all subtitles away")
    parser.add_argument(
        "--pause", type=pause, default=SHORTEST_PAUSE, metavar="S", help="seconds of silence that part two sentences"
    )
    parser.add_argument("--shift", type=shift, metavar="SECONDS", help="show all so much later, as 0.5 or -0.5")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write, .srt or .vtt")
    _overwrite(parser, "a file that is there already stays, and the command ends")
    parser.add_argument("--model", metavar="NAME", help="model that decides the frames a second: a name or a folder")
    parser.set_defaults(module="subtitles")


def _add_ends(commands: "_Commands[_PlainParser]") -> None:
    parser = commands.add_parser(
        "ends",
        help="let a clip end on a picture, or go on from a video",
        description="Let a clip end on a picture or go on from a video. Without an option, list those that do.",
    )
    parser.add_argument("source", type=Path, metavar="PROJECT_OR_STORYBOARD", help="project folder or storyboard .json")
    parser.add_argument("--clip", type=clip_number, metavar="N", help="the clip that is meant, counted from 1")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--picture", type=Path, metavar="FILE", help="picture that it ends on; it is copied into the film")
    way.add_argument("--no-picture", action="store_true", help="it ends as it will")
    way.add_argument("--video", type=Path, metavar="FILE", help="video that it goes on from; it starts a chain then")
    way.add_argument("--no-video", action="store_true", help="it starts from its picture")
    parser.add_argument("--json", action="store_true", help="one line of JSON for every such clip")
    parser.set_defaults(module="ends")


def _add_doctor(commands: "_Commands[_PlainParser]") -> None:
    about = "Check hardware, libraries and models, or a film before it is rendered."
    parser = commands.add_parser("doctor", help="check hardware, libraries and models, or a film", description=about)
    _source(parser, nargs="?")
    parser.add_argument("--json", action="store_true", help="one line of JSON a finding")
    parser.set_defaults(module="doctor", seed=None, output=None)


def _add_pose(commands: "_Commands[_PlainParser]") -> None:
    parser = commands.add_parser(
        "pose",
        help="the skeleton of a dancer, from a video",
        description="Find the skeleton of one person in a video, or read other programs' poses, and write a file.",
    )
    poses = "a video, a folder of OpenPose's JSON, ComfyUI's poses, DWPose's 133 points, or a skeleton file"
    parser.add_argument("source", type=Path, nargs="?", metavar="VIDEO", help=poses)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="skeleton to write, .json or .npz")
    dancer = "where the dancer is, in pixels; repeat it for other moments, or other scenes"
    parser.add_argument("--person", type=person_at, action="append", default=[], metavar="X,Y[@SECONDS]", help=dancer)
    parser.add_argument(
        "--finder",
        choices=["blaze", "dwpose"],
        help="default: dwpose (not yet tried with its real files) where they are",
    )
    parser.add_argument("--draw", type=Path, metavar="FILE", help="also draw it, as an .mp4")
    parser.add_argument("--mirror", action="store_true", help="as in a mirror, left and right exchanged")
    parser.add_argument("--speed", type=positive, metavar="N", help="so many times as fast")
    parser.add_argument("--scale", type=positive, metavar="N", help="so many times as large, on the same ground")
    picture = "fit it, bone by bone, to the person in a picture or a pose file"
    parser.add_argument("--align", type=Path, metavar="FILE", help=picture)
    parser.add_argument("--to-fps", type=positive, metavar="N", help="change it to so many frames a second")
    parser.add_argument("--fps", type=positive, metavar="N", help="frames a second of poses that do not say it")
    parser.add_argument("--size", type=picture_size, metavar="WxH", help="picture size of poses that do not say it")
    _overwrite(parser, "what is there already stays")
    parser.add_argument("--json", action="store_true", help="one line of JSON for every step")
    fetch = "fetch the networks that find skeletons, once (36 MB)"
    parser.add_argument("--set-up", action="store_true", help=fetch)
    parser.add_argument("--quiet", action="store_true", help="with --set-up: say nothing when all is well")
    parser.set_defaults(module="pose")


def _source(parser: ArgumentParser, nargs: str | None = None) -> None:
    what = "project folder or storyboard .json"
    parser.add_argument("source", type=Path, nargs=nargs, metavar="PROJECT_OR_STORYBOARD", help=what)
    parser.add_argument("--model", metavar="NAME", help="model to use instead of the storyboard's: a name or a folder")
    parser.add_argument("--project", type=Path, metavar="FOLDER", help="where the takes of a bare storyboard are kept")
    parser.add_argument(
        "--stability",
        type=stability,
        metavar="S",
        help="how strongly the model's own LoRA keeps the film from drifting: 0 is off, 1 is full",
    )
    parser.add_argument("--recipe", metavar="NAME", help='speed recipe, as full or fast4; "recipes" lists them')
    parser.add_argument("--shift", type=noise_shift, metavar="S", help="shift of the noise schedule; Wan's is 5")
    takes_over = "noise level below which the second of two experts takes over: 0.9 is Wan's, 0.875 the authors'"
    parser.add_argument("--boundary", type=boundary, metavar="B", help=takes_over)
    widened = "how much the motion that a clip is conditioned on is widened: 1 is off, 1.15 usual"
    parser.add_argument("--motion-amplitude", type=motion_amplitude, metavar="M", help=widened)
    joined = "how clips join: film shows every moment once, authors as their scripts do, to compare films with theirs"
    parser.add_argument("--join", choices=get_args(Advance), help=joined)


def _clips(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--clips", type=clip_range, metavar="A-B", help="only these clips, counted from 1")


def _film_file(parser: ArgumentParser, formats: Mapping[str, str]) -> None:
    """``formats`` are those that the command writes: their names, and what they are."""
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="the film to write")
    titles = "; ".join(f"{name}: {title}" for name, title in formats.items())
    parser.add_argument("--format", choices=list(formats), help=f"default: by the ending of FILE. {titles}")
    parser.add_argument(
        "--enlarge",
        type=factor,
        metavar="N",
        help="repeat every pixel N times each way; default: as the model says, 1 for ffv1 and png",
    )
    parser.add_argument("--sound", type=Path, metavar="FILE", help="sound file to lay under the film")
    parser.add_argument(
        "--subtitles",
        choices=[way.value for way in SubtitleWay],
        default=SubtitleWay.NONE.value,
        help="burn: drawn into the picture; file: an .srt beside the film; track: in the film, to be switched on; "
        "default: none",
    )
    _overwrite(parser, "a file that is there already goes only when this film wrote it and nobody changed it since")
    parser.add_argument("--json", action="store_true", help="one line of JSON for every event")


def _overwrite(parser: ArgumentParser, otherwise: str, *older: str) -> None:
    """``older``: what earlier versions called it, and scripts may still."""
    words = f"replace whatever is at the place; without it, {otherwise}"
    parser.add_argument("-y", "--overwrite", *older, dest="overwrite", action="store_true", help=words)
