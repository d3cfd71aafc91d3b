"""A trainer that speaks the real protocol and trains nothing: quick to start, and it can fail in any way on purpose.

Run as a program with the words of a trainer's command. ``script.json``, in the folder that ``--run`` or ``--into``
names, says how long things take and what goes wrong where; checkpoints are empty folders there, so that a trainer that
is started again goes on where the last one was.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from svi_studio.pipes.packets import PacketReader, pack


class Trainer:
    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.folder = Path(words[words.index("--run" if "--run" in words else "--into") + 1])
        self.script: dict[str, Any] = json.loads((self.folder / "script.json").read_text())
        self.lock = threading.Lock()
        self.changed = threading.Condition()
        self.paused = self.stop = self.asked = False
        self.beats = True

    def run(self) -> None:
        self.note(kind="started", words=self.words)
        self.fail_at("start")
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.beat, daemon=True).start()
        self.say("trainer_ready", pid=os.getpid(), device="cpu", versions={}, protocol=self.script.get("protocol", 2))
        self.fail_at("prepare")
        self.prepare()
        if self.words[0] == "footage":
            self.say("footage_ready", file=str(self.folder / "footage.json"), clips=3, left_out=1)
        else:
            self.train()
        self.fail_at("end")
        self.end()

    def read(self) -> None:
        reader = PacketReader()
        while piece := os.read(0, 1 << 16):
            for packet in reader.feed(piece):
                self.obey(json.loads(packet.text))
        self.note(kind="hung up")
        self.obey({"kind": "stop_training"})

    def obey(self, request: dict[str, Any]) -> None:
        self.note(**request)
        with self.changed:
            self.asked = True
            match request["kind"]:
                case "pause_training":
                    self.paused = True
                case "resume_training":
                    self.paused = False
                case "stop_training":
                    self.paused, self.stop = False, True
            self.changed.notify_all()

    def note(self, **fields: Any) -> None:
        with (self.folder / "notes.jsonl").open("a") as log:
            log.write(json.dumps(fields) + "\n")

    def beat(self) -> None:
        while self.beats:
            self.say("trainer_alive")
            time.sleep(0.05)

    def say(self, kind: str, **fields: Any) -> None:
        with self.lock:
            try:
                os.write(1, pack(json.dumps({"kind": kind, **fields}).encode()))
            except OSError:  # the window is gone
                self.obey({"kind": "stop_training"})

    def prepare(self) -> None:
        for done in range(3):
            self.say(
                "preparing", stage="footage" if self.words[0] == "footage" else "latents", done=done, total=3, name=""
            )
            time.sleep(self.script.get("prepare_seconds", 0.0))

    def train(self) -> None:
        steps, every = self.script.get("steps", 6), self.script.get("save_every", 2)
        made = [int(folder.name) for folder in self.folder.glob("checkpoints/*")]
        first = max(made, default=0)
        self.control()
        self.say("training_started", folder=str(self.folder), step=first, steps=steps, clips=3, device="cpu")
        if sentence := self.script.get("fails"):
            self.say("training_failed", sentence=sentence, smaller_preset="film-24gb")
            return
        self.film(first)  # those of the checkpoint that it goes on from, if they are missing
        for step in range(first + 1, steps + 1):
            if self.stop or self.paused:
                time.sleep(self.script.get("save_seconds", 0.0))
                self.fail_at("save")
                self.save(step - 1)
                self.say("training_stopped" if self.stop else "training_paused", step=step - 1)
                return
            self.fail_at(str(step))
            with self.changed:  # a step ends early when it is the last anyway, so that no test leaves a trainer behind
                self.changed.wait_for(lambda: self.stop, timeout=self.script.get("step_seconds", 0.0))
            self.say(
                "step_trained",
                step=step,
                steps=steps,
                loss=1 / step,
                learning_rate=1e-4,
                gradient_norm=1.0,
                seconds=0.1,
            )
            self.say("bank_filled", step=step, fill=[step, 0], capacity=500)
            if step % every == 0:
                self.save(step)
                self.film(step)
            self.hold_at(step)
        self.say("training_finished", step=steps, lora=str(self.folder / "lora" / "x.safetensors"))

    def hold_at(self, step: int) -> None:
        """Wait there until the window asks for something, if the script says so."""
        if step in self.script.get("holds", ()):
            with self.changed:
                self.changed.wait_for(lambda: self.asked)

    def save(self, step: int) -> None:
        folder = self.folder / "checkpoints" / f"{step:08d}"
        folder.mkdir(parents=True, exist_ok=True)
        self.say("checkpoint_saved", step=step, folder=str(folder))

    def control(self) -> None:
        """The steps of the control, told as a preparation; the real one's checkpoints are not told either."""
        steps, every = self.script.get("control_steps", 0), self.script.get("save_every", 2)
        kept = self.folder / "control steps"
        for step in range(int(kept.read_text()) + 1 if kept.exists() else 1, steps + 1):
            self.fail_at(f"control {step}")
            self.say("preparing", stage="control", done=step, total=steps, name="")
            if step % every == 0:
                kept.write_text(str(step))

    def film(self, step: int) -> None:
        if step in self.script.get("films", ()):
            self.say("preparing", stage="test_film", done=0, total=1, name="")
            self.fail_at(f"film {step}")

    def end(self) -> NoReturn:
        self.note(kind="ended")
        os._exit(0)

    def fail_at(self, place: str) -> None:
        """Fail as the script says, as often as it says."""
        kind, times = self.script.get("faults", {}).get(place, ("", 0))
        mark = self.folder / f"faults at {place}"
        done = len(mark.read_text()) if mark.exists() else 0
        if done < times:
            mark.write_text("x" * (done + 1))
            self.fail(kind)

    def fail(self, kind: str) -> None:
        match kind:
            case "exit":
                print("ImportError: no torch today.", file=sys.stderr, flush=True)
                os._exit(1)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "garbage":
                with self.lock:
                    os.write(1, b"Warning: a library prints to the wrong place\n")
                wait_forever()
            case "strange":
                self.say("lunch_break")
                wait_forever()
            case "hang":
                wait_forever()
            case "silence":
                self.beats = False
                wait_forever()


def wait_forever() -> NoReturn:
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    Trainer(sys.argv[1:]).run()
