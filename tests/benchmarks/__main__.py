"""Runs the benchmarks that are named, or all; prints one JSON document; exit status 1 when a goal is missed."""

import argparse
import json
import os
import platform
import sys

import torch

from tests.benchmarks import denoising_loop, edit_cost, encode_work, frames_out, memory

BENCHMARKS = {
    "denoising_loop": denoising_loop.measure,
    "encode_work": encode_work.measure,
    "memory": memory.measure,
    "frames_out": frames_out.measure,
    "edit_cost": edit_cost.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    torch.set_num_threads(1)
    figures = []
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        figures.append(BENCHMARKS[name]().to_json())
    machine = {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()}
    report = {"torch": torch.__version__, "threads": 1, **machine, "figures": figures}
    print(json.dumps(report, indent=2))
    return 0 if all(figure["holds"] for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
