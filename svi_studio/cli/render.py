"""``svi-studio render``: render the clips whose takes are missing, then write the film."""

from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from svi_studio.awake import awake
from svi_studio.cli.film_file import (
    refuse_to_replace_film,
    remember_film,
    subtitle_words,
    tell_of_subtitles,
    wanted_file,
)
from svi_studio.cli.model_warnings import warnings_of
from svi_studio.cli.named_film import named_film
from svi_studio.cli.report import Report, open_report
from svi_studio.cli.stop import StopRequest, stop_request
from svi_studio.domain.errors import BadInput, BadWeights, Stopped, StudioError
from svi_studio.domain.render.end_pictures import HOW_TO_FRAME
from svi_studio.domain.render.events import ClipReused, FilmWritten, RenderStarted, RenderStopped, Warned
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration, plural
from svi_studio.media.sounds.mix import FilmMix
from svi_studio.project.export.excerpt import Excerpt, clips_of, with_jobs
from svi_studio.project.export.film_credits import credits_words
from svi_studio.project.export.film_export import FilmFile, enlargement, jobs_needed, write_film
from svi_studio.project.export.film_sound import film_mix
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.lora_labels import by_label
from svi_studio.project.film.prepare import PreparedFilm, prepare
from svi_studio.settings import NO_REMOTE_CODE


def run(options: Namespace) -> int:
    """Renders and writes the film; returns the exit code. Raises StudioError of any kind, and Stopped after Ctrl-C."""
    with awake(), open_report(json=options.json) as report:
        film = named_film(options)
        wanted = wanted_file(options)
        refuse_to_replace_film(film.project, wanted, overwrite=options.overwrite)
        _tell_of_another_version(film, options.source, report)
        report.say("Checking the storyboard, its pictures and the model.")
        prepared = prepare(film, options.model)
        plan = prepared.plan
        enlargement(wanted, plan)
        shown = with_jobs(clips_of(film.storyboard, plan.num_frames, plan.fps, options.clips), plan, film.storyboard)
        tell_of_subtitles(wanted, shown, report)
        needed = jobs_needed(plan, shown.jobs)
        missing = [job for job in needed if not film.takes.has(job.take_hash)]
        asked = _asked(prepared, missing, as_it_is=options.as_it_is)
        film.make_project()
        ends = [f"{fact[:1].upper()}{fact[1:]}: {HOW_TO_FRAME}." for fact in prepared.cropped_ends]
        for warning in [*asked, *ends, *warnings_of(film, options.model)] if missing else ():
            report.emit(Warned(warning))
        with stop_request() as stop, film_mix(film, wanted, shown, say=report.say, should_stop=stop) as mix:
            this = _Render(film, prepared, report, stop)
            this.render_takes(needed, options.device, options.memory_plan)
            written = this.write(wanted, shown, mix)
        remember_film(film.project, wanted)
        report.emit(written)
    if not options.json:
        said = _closing_words(written, shown, rendered=len(missing), reused=len(needed) - len(missing))
        print(visible(said + subtitle_words(wanted, shown)))
    return 0


def _tell_of_another_version(film: FilmSource, source: Path, report: Report) -> None:
    with suppress(StudioError):  # a project that cannot be read keeps no storyboard from being rendered
        if film.differs_from_project():
            report.say(f"{film.project} holds another version of this film: what is rendered now is {source}.")


def _asked(prepared: PreparedFilm, missing: Sequence[ClipJob], *, as_it_is: bool) -> list[str]:
    """What there is to say of the LoRAs of the clips that are ``missing``, one sentence each.

    Raises BadInput where one of them is to be answered before hours are spent, unless it was with ``as_it_is``.
    """
    clips = {"", *(job.clip_id for job in missing)}
    asked = [advice for advice in prepared.lora_advice if missing and advice.clip in clips]
    questions = " ".join(advice.text for advice in asked if advice.is_question)
    if questions and not as_it_is:
        raise BadInput(
            f"{questions} Nothing was rendered: change the film's LoRAs, in the window or with "
            f'"{command_name()} lora", or add --as-it-is to render it so.'
        )
    return [advice.text for advice in asked]


@dataclass(frozen=True)
class _Render:
    """One render under way, which the user may stop."""

    film: FilmSource
    prepared: PreparedFilm
    report: Report
    stop: StopRequest

    def render_takes(self, jobs: Sequence[ClipJob], device: str, wishes: PlanWishes = NO_WISHES) -> None:
        """Renders what is missing of ``jobs``; torch is imported only if something is."""
        if all(self.film.takes.has(job.take_hash) for job in jobs):
            self.report.emit(RenderStarted(total=len(jobs), to_render=0, reused=len(jobs)))
            for job in jobs:
                self.report.emit(ClipReused(job.index, job.take_hash))
            return
        self.report.say("Loading the model.")
        NO_REMOTE_CODE.tell_library()
        from svi_studio.engine.chain.memory_choice import WantedFilm, planned_models  # noqa: PLC0415 - imports torch
        from svi_studio.engine.chain.render_job import render_jobs  # noqa: PLC0415 - imports torch

        film, prepared = self.film, self.prepared
        missing = [job for job in jobs if not film.takes.has(job.take_hash)]
        wanted = WantedFilm(prepared.model, missing, prepared.loras, prepared.lora_files, prepared.plan.family)
        try:
            models = planned_models(wanted, device, wishes, emit=self.report.emit)
            render_jobs(
                prepared.plan,
                jobs,
                models,
                film.takes,
                folder=film.folder,
                lora_files=prepared.lora_files,
                emit=self.report.emit,
                should_stop=self.stop,
            )
        except Stopped as error:
            raise Stopped(self._how_to_go_on(jobs)) from error
        except BadWeights as error:
            raise BadWeights(by_label(str(error), film.storyboard, film.folder)) from error

    def write(self, wanted: FilmFile, shown: Excerpt, mix: FilmMix | None) -> FilmWritten:
        """Assembles the film of ``shown``, with its own sound ``mix``."""
        jobs, number = shown.jobs, 0

        def before_clip(next_number: int) -> None:
            nonlocal number
            number = next_number
            self.report.film_clip(number + 1, len(jobs))

        def go_on() -> None:
            if self.stop():
                self.report.emit(RenderStopped(index=jobs[number].index, finished=len(jobs)))
                raise Stopped(self._how_to_go_on(jobs))

        plan, takes = self.prepared.plan, self.film.takes
        return write_film(wanted, plan, shown, takes, mix=mix, before_clip=before_clip, go_on=go_on)

    def _how_to_go_on(self, jobs: Sequence[ClipJob]) -> str:
        finished = sum(self.film.takes.has(job.take_hash) for job in jobs)
        kept = f"{finished} of {plural(len(jobs), 'clip')} are finished and kept in {self.film.project}"
        return f"Stopped; {kept}. Run the same command again to go on."


def _closing_words(written: FilmWritten, shown: Excerpt, *, rendered: int, reused: int) -> str:
    length = f"{as_duration(written.seconds)}, {plural(written.frames, 'frame')}"
    credits = credits_words(written.path, shown.credits)
    return f"The film is at {written.path} ({length}); {plural(rendered, 'clip')} rendered, {reused} reused.{credits}"
