"""Which model writes captions, as the command line says it: one on a server, or one in a folder of this computer."""

from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.story.answer import Precision
from svi_studio.storyline.chat import ChatModel

WAYS = "server URL MODEL, or local FOLDER, or local FOLDER 4bit"


def caption_writer(words: list[str], device: str = "auto") -> ChatModel:
    """The model that ``words`` name: ``server URL MODEL``, ``local FOLDER`` or ``local FOLDER 4bit``.

    The key of a server comes from the system's keyring. Nothing is asked or loaded yet. Raises BadInput.
    """
    match words:
        case ["server", address, model]:
            return _on_server(address, model)
        case ["local", folder]:
            return _on_this_computer(folder, device, Precision.AUTO)
        case ["local", folder, "4bit"]:
            return _on_this_computer(folder, device, Precision.FOUR_BIT)
    raise BadInput(f'Nobody can write captions by "{" ".join(words)[:200]}": say {WAYS}.')


def _on_this_computer(folder: str, device: str, precision: Precision) -> ChatModel:
    from svi_studio.engine.story.chat import FolderChat  # noqa: PLC0415 - only when it is wanted

    return FolderChat(Path(folder).expanduser().absolute(), device=device, precision=precision)


def _on_server(address: str, model: str) -> ChatModel:
    from svi_studio.net.keys import KeyStore  # noqa: PLC0415 - HTTP and the keyring, only when they are wanted
    from svi_studio.net.origin import Origin  # noqa: PLC0415
    from svi_studio.storyline.server.server_address import api_root  # noqa: PLC0415
    from svi_studio.storyline.server.server_chat import ServerChat  # noqa: PLC0415

    return ServerChat(address, model, KeyStore().key_for(Origin.of(api_root(address))))
