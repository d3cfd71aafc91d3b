"""Runs the benchmarks that are named, or all; prints one JSON document; exit status 1 when a goal is missed."""

import argparse
import importlib
import json
import os
import platform
import sys
from importlib.metadata import version

from tests.benchmarks.figure import Figure

ENGINE = ("denoising_loop", "arithmetic", "encode_work", "memory", "frames_out", "edit_cost", "talk_step", "loading")
TRAINER = ("error_bank", "training_step")
WINDOW = ("window_start", "document_scale", "edit_speed", "timeline_frames", "scrub_latency", "worker_faults")
SOUND = ("hour_of_sound", "sound_marks")


def measured(name: str) -> list[Figure]:
    """The figures of one benchmark: its module's `measure()`, which returns one or several."""
    found = importlib.import_module(f"tests.benchmarks.{name}").measure()
    return [found] if isinstance(found, Figure) else list(found)


def main() -> int:
    names = (*ENGINE, *TRAINER, *WINDOW, *SOUND)
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    chosen = parser.parse_args().names or list(names)
    if unknown := set(chosen) - set(names):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if set(chosen) & {*ENGINE, *TRAINER}:
        import torch

        torch.set_num_threads(1)
    figures = []
    for name in chosen:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        figures += [figure.to_json() for figure in measured(name)]
    machine = {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()}
    report = {"torch": version("torch"), "PySide6": version("PySide6_Essentials"), **machine, "figures": figures}
    print(json.dumps(report, indent=2))
    return 0 if all(figure["holds"] for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
