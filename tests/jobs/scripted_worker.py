"""A worker that speaks the real protocol and renders nothing: quick to start, and it can fail in any way on purpose.

Run as a program with one argument, a folder. There ``script.json`` says how long things take and what goes wrong where;
takes are empty files in it, so that a worker that is started again goes on where the last one was.
"""

import base64
import hashlib
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from svi_studio.pipes.packets import PacketReader, pack

JPEG = base64.b64decode(  # eight grey pixels each way
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////"
    "////////////////////wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAI"
    "AQEAAD8AH//Z"
)


class FilmFailedError(Exception):
    """The film cannot go on, for a reason that the worker can tell."""


class Wishes:
    """What the window has asked for."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.films: list[dict[str, Any]] = []
        self.paused = self.stop = self.stop_after_clip = self.ends = False
        self.has_film = False
        self.said_anything = False  # since the film began
        self.skipped: set[int] = set()
        self.given_up: set[str] = set()

    def obey(self, request: dict[str, Any]) -> None:
        with self.changed:
            self.said_anything = request["kind"] != "render"
            match request["kind"]:
                case "ask":
                    self.films.append(request)
                case "stop_answer":
                    self.given_up.add(request["id"])
                case "render":
                    self.films.append(request)
                    self.has_film = True
                    self.paused, self.skipped = request["paused"], set(request["skipped"])
                    self.stop = self.stop_after_clip = False
                case "pause":
                    self.paused = True
                case "resume":
                    self.paused = False
                case "skip_clip":
                    self.paused = False
                    self.skipped.add(request["index"])
                case "stop":
                    self.paused = False
                    self.stop = not request["after_clip"]
                    self.stop_after_clip = request["after_clip"]
                case "shutdown":
                    self.stop = self.ends = True
            self.changed.notify_all()

    def next_film(self) -> dict[str, Any] | None:
        with self.changed:
            self.changed.wait_for(lambda: self.films or self.ends)
            return self.films.pop(0) if self.films and not self.ends else None


class Worker:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.script: dict[str, Any] = json.loads((folder / "script.json").read_text())
        self.wishes = Wishes()
        self.lock = threading.Lock()
        self.held: set[str] = set()
        self.beats = True

    def run(self) -> None:
        if not self.script.get("deaf"):
            threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.beat, daemon=True).start()
        time.sleep(self.script.get("start_seconds", 0))
        self.fail_at("start")
        self.say("hello", pid=os.getpid(), device="processor", versions={}, protocol=self.script.get("protocol", 4))
        while (film := self.wishes.next_film()) is not None:
            try:
                if film["kind"] == "ask":
                    self.answer(film)
                else:
                    self.render(film)
                    self.wishes.has_film = False
            except FilmFailedError as error:
                self.wishes.has_film = False
                self.say("failed", request_id=self.request_id, sentence=str(error))
        os._exit(0)

    def read(self) -> None:
        reader = PacketReader()
        while piece := os.read(0, 1 << 16):
            for packet in reader.feed(piece):
                request = json.loads(packet.text)
                with (self.folder / "requests.jsonl").open("a") as log:
                    log.write(json.dumps(request) + "\n")
                if request["kind"] == "ask" and self.wishes.has_film:
                    self.say("answer_done", id=request["id"], end="film_first")
                else:
                    self.wishes.obey(request)
        os._exit(0)

    def beat(self) -> None:
        while self.beats:
            self.say("alive")
            time.sleep(self.script.get("beat_seconds", 0.05))

    def say(self, kind: str, data: bytes = b"", **fields: Any) -> None:
        with self.lock:
            os.write(1, pack(json.dumps({"kind": kind, **fields}).encode(), data))

    def event(self, kind: str, data: bytes = b"", **fields: Any) -> None:
        self.say("event", data, request_id=self.request_id, event={"kind": kind, **fields})

    def render(self, film: dict[str, Any]) -> None:
        request = film["request"]
        self.request_id = request["id"]
        clips = request["storyboard"]["clips"][request["first"] : request["last"] + 1]
        self.fail_at("load")
        self.event("render_started", total=len(clips), to_render=len(clips), reused=0)
        given_up: list[int] = []
        for index, clip in enumerate(clips, start=request["first"]):
            if index in self.wishes.skipped or (given_up and given_up[-1] == index - 1 and not clip["cut"]):
                given_up.append(index)
                self.say("skipped", request_id=self.request_id, clips=[index])
            elif not self.render_clip(index, len(clips), take_of(clip)):
                self.say("cancelled", request_id=self.request_id)
                return
            elif index in self.wishes.skipped:
                given_up.append(index)
                self.say("skipped", request_id=self.request_id, clips=[index])
        self.say("finished", request_id=self.request_id)

    def render_clip(self, index: int, total: int, take: str) -> bool:
        """Returns False when the film was stopped."""
        if (self.folder / take).exists():
            self.event("clip_reused", index=index, take_hash=take)
            return True
        if self.wishes.stop_after_clip:
            return False
        self.event("clip_started", index=index, total=total, take_hash=take)
        if sentence := self.script.get("notes", {}).get(str(index)):
            self.event("warning", index=index, message=sentence)
        if said := self.script.get("plans", {}).get(str(index)):
            self.event("memory_planned", index=index, plan={"resident_blocks": 20}, **said)
        steps = self.script.get("steps", 3)
        for step in range(1, steps + 1):
            self.hold_at(f"{index}.{step}")
            self.wait_while_paused()
            if self.wishes.stop:
                return False
            if index in self.wishes.skipped:
                return True
            self.fail_at(f"{index}.{step}")
            time.sleep(self.script.get("step_seconds", 0.0))
            self.event("step_done", index=index, step=step, steps=steps, seconds_left=1.0)
            self.event("preview_ready", JPEG, index=index, step=step)
        if sentence := self.script.get("fails", {}).get(str(index)):
            self.event("render_failed", message=sentence, index=index)
            raise FilmFailedError(sentence)
        (self.folder / take).touch()
        self.event("clip_done", index=index, take_hash=take, seconds=0.1)
        return True

    def answer(self, question: dict[str, Any]) -> None:
        self.say("model_loading", id=question["id"], name="Qwen")
        self.fail_at("model")
        for number, piece in enumerate(self.script.get("answer", ["A red ", "boat."]), start=1):
            time.sleep(self.script.get("piece_seconds", 0.0))
            with self.wishes.changed:
                if self.wishes.has_film or question["id"] in self.wishes.given_up:
                    end = "film_first" if self.wishes.has_film else "stopped"
                    self.say("answer_done", id=question["id"], end=end)
                    return
            self.fail_at(f"piece {number}")
            self.say("answer_piece", id=question["id"], text=piece)
        if sentence := self.script.get("answer_fails"):
            self.say("answer_failed", id=question["id"], sentence=sentence)
        else:
            self.say("answer_done", id=question["id"], end="complete")

    def hold_at(self, place: str) -> None:
        """Wait there, once, until the window asks for something: a step that lasts as long as a test needs."""
        if place in self.script.get("holds", ()) and place not in self.held:
            self.held.add(place)
            with self.wishes.changed:
                self.wishes.changed.wait_for(lambda: self.wishes.said_anything or self.wishes.paused)

    def wait_while_paused(self) -> None:
        with self.wishes.changed:
            if self.wishes.paused:
                self.say("paused", request_id=self.request_id)
                self.wishes.changed.wait_for(lambda: not self.wishes.paused)
                self.fail_at("resumed")

    def fail_at(self, place: str) -> None:
        """Fail as the script says, as often as it says."""
        fault = self.script.get("faults", {}).get(place)
        if fault is None:
            return
        kind, times = fault
        mark = self.folder / f"faults at {place}"
        done = len(mark.read_text()) if mark.exists() else 0
        if done < times:
            mark.write_text("x" * (done + 1))
            self.fail(kind)

    def fail(self, kind: str) -> None:
        match kind:
            case "exit":
                print("ImportError: no graphics today.", file=sys.stderr, flush=True)
                os._exit(1)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "garbage":
                os.write(1, b"Warning: a library prints to the wrong place\n")
                wait_forever()
            case "oversized":
                os.write(1, b"SVI\x01" + (2**31).to_bytes(4, "big") + bytes(4))
                wait_forever()
            case "hang":
                wait_forever()
            case "nap":
                with self.lock:  # nor does the heart beat
                    time.sleep(1.2)
            case "silence":
                self.beats = False
                wait_forever()


def wait_forever() -> NoReturn:
    while True:
        time.sleep(3600)


def take_of(clip: dict[str, Any]) -> str:
    """The name of the take of a clip, which other words than ``part N`` make another one."""
    words = clip.get("prompt", "")
    return hashlib.sha256((clip["id"] + ("" if words.startswith("part ") else words)).encode()).hexdigest()


if __name__ == "__main__":
    Worker(Path(sys.argv[1])).run()
