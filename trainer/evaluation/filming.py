"""Films one test storyboard clip by clip through the engine, and goes on after any stop where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.training.drift import TestFilm
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.media.images import open_reference
from trainer.evaluation.film_measure import FilmMeasure
from trainer.evaluation.joined_film import write_piece

if TYPE_CHECKING:
    from svi_studio.domain.film.family import FamilyProfile
    from svi_studio.engine.denoising.clip_renderer import ClipRenderer
    from svi_studio.media.frames import Frames
    from trainer.evaluation.boards import AnchoredBoard, TestClip
    from trainer.evaluation.following import Following

_STATE = "film.safetensors"
_THUMB = 320  # pixels, the longer side of the small pictures


class Filming:
    """One test film under way; `folder` keeps its figures, the tail that the next clip needs, its clips, and small
    pictures."""

    def __init__(
        self,
        anchored: AnchoredBoard,
        profile: FamilyProfile,
        num_frames: int,
        folder: Path,
        *,
        fps: float,
    ) -> None:
        """Takes up what lies in `folder` from before."""
        self._board, self._anchor = anchored.board, anchored.anchor
        self._profile, self._num_frames, self._folder, self._fps = profile, num_frames, folder, fps
        self._lead = profile.known_frames - profile.repeated_frames
        self._repeated = profile.repeated_frames
        self._measure = FilmMeasure(self._anchor, self._repeated)
        self._clips: list[dict[str, float]] = []
        self._latents: torch.Tensor | None = None
        self._broken = False
        self._restore()

    @property
    def done(self) -> int:
        """Clips that are filmed."""
        return len(self._clips)

    @property
    def film(self) -> TestFilm:
        """The figures so far."""
        start = hashlib.sha256(self._anchor.tobytes()).hexdigest()[:12]
        board = self._board
        return TestFilm(name=board.name, clips=tuple(self._clips), start=start, learned=board.learned)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to film."""
        return self._broken or self.done == len(self._board.clips)

    @property
    def broke_off(self) -> str | None:
        """One sentence when the film ended before its last clip."""
        if not self._broken:
            return None
        return f"The film '{self._board.name}' ends before clip {self.done + 1}, whose numbers are not finite."

    def film_next(
        self, renderer: ClipRenderer, should_stop: Callable[[], bool], following: Following | None = None
    ) -> None:
        """Films one more clip and keeps it; `following` reads what it follows, and measures how well it does.

        Raises Stopped, DiskFull or StudioError when it cannot be kept, or when what it follows cannot be read.
        """
        asked = self._board.clips[self.done]
        try:
            latents = renderer.latents(self._request(asked, following), should_stop=should_stop)
            frames = renderer.frames(latents)
        except FloatingPointError:  # a diverged LoRA; the drift until then is worth knowing
            self._broken = True
        else:
            more = following.figures(asked, frames, self._anchor) if following is not None else {}
            shown = frames[self._lead :] if self._latents is not None else frames
            self._clips.append(self._measure.add(shown) | more)
            self._latents = latents[:, :, -self._profile.num_motion_frames :].cpu()
            self._keep_picture(frames)
            write_piece(self._piece(self.done - 1), self._new_frames(frames), self._fps)
        self._keep()

    def pictures(self) -> list[Frames]:
        """The last frame of every clip, small, `[h, w, 3]`."""
        found = []
        for number in range(self.done):
            found.append(np.asarray(open_reference(self._picture(number), "as stored")))
        return found

    @property
    def pieces(self) -> tuple[Path, ...]:
        """The clips as videos without what they repeat, in order; those of an earlier version do not exist."""
        return tuple(self._piece(number) for number in range(self.done))

    def _new_frames(self, frames: Frames) -> Frames:
        """What the clip that was added last brings to the film."""
        if self.done == 1:
            return frames
        return frames[self._profile.trimmed_frames :]

    def _request(self, asked: TestClip, following: Following | None) -> ClipRequest:
        tail = self._measure.tail
        carry = None if self._latents is None or tail is None else Carry(tail, self._latents)
        return ClipRequest(
            prompt=asked.prompt,
            negative_prompt=asked.negative_prompt,
            seed=asked.seed,
            num_frames=self._num_frames,
            num_inference_steps=asked.num_inference_steps,
            guidance_scale=asked.guidance_scale,
            shift=self._profile.shift,
            anchor=self._anchor,
            carry=carry,
            inputs=following.inputs(asked) if following is not None else {},
            audio_guidance_scale=asked.audio_guidance_scale,
        )

    def _keep_picture(self, frames: Frames) -> None:
        picture = Image.fromarray(frames[-1])
        picture.thumbnail((_THUMB, _THUMB))
        with plain_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            picture.save(self._picture(self.done - 1))

    def _keep(self) -> None:
        """One file, replaced as a whole: figures, tail and sketches are always of the same clip."""
        tensors = {f"sketch {k}": torch.from_numpy(sketch) for k, sketch in enumerate(self._measure.sketches)}
        if self._latents is not None and self._measure.tail is not None:
            tensors |= {"latents": self._latents.contiguous(), "tail": torch.from_numpy(self._measure.tail)}
        said = {"clips": json.dumps(self._clips), "broken": json.dumps(self._broken)}
        with plain_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        atomic_write(self._folder / _STATE, save(tensors, said))

    def _restore(self) -> None:
        try:
            with safe_open(self._folder / _STATE, "pt") as file:
                said = file.metadata()
                # read, not mapped: Windows could not replace the file then
                tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118 (no mapping)
            clips, broken = json.loads(said["clips"]), json.loads(said["broken"])
            sketches = [tensors[f"sketch {k}"].numpy() for k in range(len(clips))]
            tail = tensors["tail"].numpy() if clips else None
        except (OSError, SafetensorError, KeyError, TypeError, ValueError):
            return  # nothing yet, or damaged: it is filmed from the beginning
        if all(self._picture(number).exists() for number in range(len(clips))):
            self._clips, self._broken, self._latents = clips, broken, tensors.get("latents")
            self._measure = FilmMeasure(self._anchor, self._repeated, tail=tail, sketches=sketches)

    def _piece(self, number: int) -> Path:
        return self._folder / f"clip-{number + 1:04d}.mp4"

    def _picture(self, number: int) -> Path:
        return self._folder / f"clip-{number + 1:04d}.png"
