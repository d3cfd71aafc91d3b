"""A fetch in a process of its own, which a test kills: ``python -m tests.hub.killed_fetch ours|theirs URL FOLDER``."""

import os
import sys
from dataclasses import replace
from pathlib import Path


def ours(folder: Path) -> None:
    from svi_studio.hub.fetch import fetch, plan_fetch
    from svi_studio.hub.hub import hub_of_environment
    from tests.hub.fetches import PACE, model

    hub = hub_of_environment()
    fetch(plan_fetch(model(), hub, folder), hub, emit=lambda event: None, pace=replace(PACE, tries=6))


def theirs(folder: Path) -> None:
    from huggingface_hub import snapshot_download

    from tests.hub.local_hub import REPOSITORY

    snapshot_download(REPOSITORY, local_dir=folder, allow_patterns=["model_index.json", "transformer/*"])


if __name__ == "__main__":
    os.environ["HF_ENDPOINT"] = sys.argv[2]
    {"ours": ours, "theirs": theirs}[sys.argv[1]](Path(sys.argv[3]))
