"""The writer that the command line asks for: templates, a server of the user's, or a model in a folder."""

from argparse import Namespace
from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.storyline.chat import StoryWriter
from svi_studio.storyline.known_words import KnownWords

Say = Callable[[str], None]


def chosen_writer(options: Namespace, known: KnownWords | None, cancelled: Callable[[], bool], say: Say) -> StoryWriter:
    """The writer that ``options`` name; without any the templates, which ``say`` tells. Raises StudioError."""
    if options.server is not None:
        return _on_server(options, cancelled, say)
    if options.local is not None:
        return _in_folder(options.local, say)
    from svi_studio.storyline.writers.template_writer import template_writer  # noqa: PLC0415 - only when it is wanted

    say("Templates write this story: ready-made sentences, no language model. Name one with --server or --local.")
    return template_writer(known)


def _on_server(options: Namespace, cancelled: Callable[[], bool], say: Say) -> StoryWriter:
    from svi_studio.net.keys import KeyStore  # noqa: PLC0415
    from svi_studio.net.origin import Origin  # noqa: PLC0415
    from svi_studio.storyline.server.server_address import api_root  # noqa: PLC0415
    from svi_studio.storyline.server.server_chat import ServerChat  # noqa: PLC0415
    from svi_studio.storyline.server.server_models import model_names  # noqa: PLC0415
    from svi_studio.storyline.writers.chat_writer import ChatWriter  # noqa: PLC0415 - brings HTTP

    origin = Origin.of(api_root(options.server))
    keys = KeyStore()
    if options.ask_key:
        say(keys.set_key(origin, getpass(f"Key for {origin}: ")) or f"The key for {origin} is in the keyring.")
    key = keys.key_for(origin)
    name = options.model_name or model_names(options.server, key, cancelled=cancelled)[0]
    say(f'"{name}" at {origin} writes this story.')
    return ChatWriter(ServerChat(options.server, name, key))


def _in_folder(folder: Path, say: Say) -> StoryWriter:
    from svi_studio.engine.story.chat import FolderChat  # noqa: PLC0415 - leads to torch
    from svi_studio.storyline.writers.chat_writer import ChatWriter  # noqa: PLC0415

    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}: name the folder of a Qwen-VL model.")
    chat = FolderChat(folder)
    say(f'"{chat.name}" on this computer writes this story; it is loaded first.')
    return ChatWriter(chat)
