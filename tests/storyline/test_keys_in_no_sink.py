"""Fifty keys go through everything that a key goes through; afterwards none is in anything that was written."""

import base64
import io
import json
import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import quote

from svi_studio.crash_log import crash_folder, write_crash_log
from svi_studio.document.preferences import Preferences
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind, keep_choice
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.net.keys import KeyStore
from svi_studio.net.plain_url import plain_url
from svi_studio.net.secret import Secret
from svi_studio.project.film.project_file import Project
from svi_studio.storyline.chat import Message
from svi_studio.storyline.server.server_chat import ServerChat
from svi_studio.storyline.server.server_models import model_names
from tests.net.clients import client_for
from tests.net.raw_server import RawServer, Request, head, http, redirect, served
from tests.storyline.memory_keyring import LockedKeyring, MemoryKeyring

STYLES = (
    "sk-proj-{}",
    "sk-ant-api03-{}",
    "hf_{}",
    "gsk_{}/+=",
    "a{}&b=c%20",
    "{{{}}}\"'\\",
    "<{}>",
    "${}`~",
    "{}",
    "Bearer:{}",
)
CANARIES = [style.format(f"cAnArY{number:02}x7Qz{number * 7919:06}") for number in range(5) for style in STYLES]


def talkative(request: Request) -> list[bytes]:
    """A server that repeats the key wherever an answer has room for it."""
    told = request.header("Authorization").removeprefix("Bearer ")
    body = json.dumps({"error": {"message": f"Incorrect API key provided: {told}"}, "data": [{"id": told}]}).encode()
    match request.path.rpartition("/")[2]:
        case "moved":
            return redirect(f"http://127.0.0.1:1/?key={quote(told)}")
        case "moved-to-key":
            return redirect(f"http://{told}.example/")
        case "broken":
            return [head(f"X-Key: {told}", "Content-Length: 9000"), told.encode()]
        case "packed":
            return [head(f"Content-Encoding: {told}"), told.encode()]
        case "no-http":
            return [told.encode()]
        case "endless":
            return [head(), told.encode() * 50_000]
        case "models":
            return http(body, f"401 {told}", content_type="application/json", www_authenticate=told)
        case "completions":
            piece = json.dumps({"choices": [{"delta": {"content": f"A boat says {told}."}}]})
            return http(f"data: {piece}\n\ndata: [DONE]\n\n".encode(), content_type="text/event-stream")
    return http(body, content_type="application/json", x_key=told)


PATHS = ("/ok", "/moved", "/moved-to-key", "/broken", "/packed", "/no-http", "/endless")


def attempts(canary: str, server: RawServer) -> Iterator[Callable[[], object]]:
    """Everything that is done with one key, well or badly."""
    client = client_for(server, deadline_s=5, max_bytes=100_000)
    keys = KeyStore(MemoryKeyring())
    keys.set_key(server.url, canary)
    key = keys.key_for(server.url)
    for path in PATHS:
        yield lambda path=path: client.get(server.url + path, key=key)
    yield lambda: model_names(server.url, key)
    yield lambda: KeyStore(LockedKeyring()).set_key(server.url, canary)
    yield lambda: KeyStore(LockedKeyring()).key_for(server.url)
    yield lambda: client.get("https://other.example/", key=key)
    yield lambda: Secret(f"{canary}\n{canary}", server.url)
    yield lambda: Secret(f"{canary}ü", server.url)
    yield lambda: plain_url(f"http://user:{canary}@example.org:99999/")
    yield lambda: plain_url(f"http://{canary}@example.org/")
    yield lambda: plain_url(f"http://127.0.0.1:{canary}/")
    yield lambda: plain_url(canary)
    yield lambda: Secret("other", canary)
    yield lambda: client.get(f"http://192.168.1.1/{canary}?key={canary}#{canary}")
    yield lambda: json.dumps(key)


def story_with(canary: str, server: RawServer) -> str:
    """What a model says of a boat, with the key in it as the server sent it."""
    chat = ServerChat(server.url, "boats", Secret(canary, server.url))
    said = chat.stream([Message("user", "A boat")], max_tokens=50, schema=None, cancelled=lambda: False, deadline_s=10)
    return "".join(piece for piece in said if isinstance(piece, str))


def do_everything(canary: str, server: RawServer, folder: Path) -> None:
    faults: list[Exception] = []
    for attempt in attempts(canary, server):
        try:
            logging.getLogger("svi_studio").warning("done: %s", attempt() and "yes")
        except Exception as error:
            logging.getLogger("svi_studio").exception("not done: %r", error)
            traceback.print_exception(error)
            faults.append(error)
    write_crash_log(ExceptionGroup("all of it", faults))
    preferences = Preferences(folder / "window.ini")
    for typed in (f"https://{canary}@models.example", f"https://models.example/v1?key={quote(canary)}#{quote(canary)}"):
        keep_choice(preferences, WriterChoice(WriterKind.SERVER, typed, "boats"))
        preferences.sync()


def film_stories(stories: list[str], folder: Path) -> None:
    """One film that is saved, one whose edits all stand in the journal still."""
    films = [Project.create(folder / name, Storyboard()) for name in ("saved", "crashed")]
    clips: tuple[Clip, ...] = ()
    for number, story in enumerate(stories):
        clips = (*clips, Clip(id=f"c{number}", prompt=story))
        films[1].record(Storyboard(clips=clips))
    films[0].record(Storyboard(clips=clips))
    films[0].save()


@contextmanager
def everything_logged(file: Path) -> Iterator[None]:
    handler = logging.FileHandler(file, encoding="utf-8")
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()


def forms(canary: str) -> Mapping[str, bytes]:
    """A key as it may have been written."""
    return {
        "plain": canary.encode(),
        "quoted": quote(canary, safe="").encode(),
        "as JSON": json.dumps(canary)[1:-1].encode(),
        "repr": repr(canary)[1:-1].encode(),
        "base64": base64.b64encode(canary.encode()),
        "base64 of the header": base64.b64encode(f"Bearer {canary}".encode()),
        "utf-16": canary.encode("utf-16-le"),
        "lower case": canary.lower().encode(),
        "hexadecimal": canary.encode().hex().encode(),
    }


def test_no_key_is_in_anything_that_was_written(tmp_path: Path) -> None:
    terminal = io.StringIO()
    with served(talkative) as server, everything_logged(tmp_path / "all.log"):
        with redirect_stdout(terminal), redirect_stderr(terminal):
            for canary in CANARIES:
                do_everything(canary, server, tmp_path)
            film_stories([story_with(canary, server) for canary in CANARIES], tmp_path)
        heard = {request.header("Authorization").removeprefix("Bearer ") for request in server.requests}
    (tmp_path / "terminal.txt").write_text(terminal.getvalue(), encoding="utf-8")
    files = [path for folder in (tmp_path, crash_folder()) for path in folder.rglob("*") if path.is_file()]
    contents = {str(path): path.read_bytes() for path in files}
    leaks = {
        (name, canary, form)
        for canary in CANARIES
        for form, words in forms(canary).items()
        for name, content in contents.items()
        if words in content
    }
    assert leaks == set()
    assert heard >= set(CANARIES), "a key that was never sent proves nothing"
    assert {"all.log", "terminal.txt", "window.ini", "project.json", "journal.jsonl"} <= {path.name for path in files}
    assert len(contents) > len(CANARIES), "crash logs are missing"
