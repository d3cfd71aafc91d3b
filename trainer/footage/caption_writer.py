"""Which model writes captions, as the command line says it: one on a server, or one in a folder of this computer."""

from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.storyline.chat import ChatModel

_SERVER, _LOCAL = ("server", 3), ("local", 2)
WAYS = "server URL MODEL, or local FOLDER"


def caption_writer(words: list[str], device: str = "auto") -> ChatModel:
    """The model that ``words`` name: ``server URL MODEL`` or ``local FOLDER``.

    The key of a server comes from the system's keyring. Nothing is asked or loaded yet. Raises BadInput.
    """
    match (words[0], len(words)):
        case found if found == _SERVER:
            return _on_server(words[1], words[2])
        case found if found == _LOCAL:
            from svi_studio.engine.story_chat import FolderChat  # noqa: PLC0415 - only when it is wanted

            return FolderChat(Path(words[1]).expanduser().absolute(), device=device)
    raise BadInput(f'Nobody can write captions by "{" ".join(words)[:200]}": say {WAYS}.')


def _on_server(address: str, model: str) -> ChatModel:
    from svi_studio.storyline.keys import KeyStore  # noqa: PLC0415 - HTTP and the keyring, only when they are wanted
    from svi_studio.storyline.net.origin import Origin  # noqa: PLC0415
    from svi_studio.storyline.server_address import api_root  # noqa: PLC0415
    from svi_studio.storyline.server_chat import ServerChat  # noqa: PLC0415

    return ServerChat(address, model, KeyStore().key_for(Origin.of(api_root(address))))
