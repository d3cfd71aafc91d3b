"""Every clip is made with the LoRAs of its own job: they are changed between clips, and looked at before the first."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.takes.job import ClipJob, JobLora
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora.apply import apply_loras, check_loras
from svi_studio.weights.lora_in_use import LoraInUse

_LOG = logging.getLogger(__name__)


class ClipLoras:
    """The LoRAs of one render: `files` are found by the SHA-256 that jobs have, `poses` is as for `checked_lora`."""

    def __init__(self, models: WanModels, files: Mapping[str, Path], *, poses: bool = False) -> None:
        self._models, self._files, self._poses = models, files, poses
        self._now: tuple[JobLora, ...] | None = None

    def check(self, jobs: Iterable[ClipJob]) -> None:
        """Raises BadWeights when a LoRA of any of the `jobs` does not fit: at once, and not at its clip hours later."""
        for loras in dict.fromkeys(job.loras for job in jobs):
            check_loras(self._models, self._uses(loras), poses=self._poses)

    def use(self, job: ClipJob) -> None:
        """Changes what differs from the clip before; what is merged is written to the log. Raises BadWeights."""
        if job.loras == self._now:
            return
        self._now = None
        for report in apply_loras(self._models, self._uses(job.loras), poses=self._poses):
            _LOG.info("clip %d: %s", job.index + 1, report.sentence)
        self._now = job.loras

    def _uses(self, loras: Iterable[JobLora]) -> tuple[LoraInUse, ...]:
        return tuple(LoraInUse(self._file(lora), lora.weight, lora.expert) for lora in loras)

    def _file(self, lora: JobLora) -> Path:
        if lora.sha256 not in self._files:
            raise BadInput(f"The LoRA '{lora.file}' is not the file any more that it was: start the render again.")
        return self._files[lora.sha256]
