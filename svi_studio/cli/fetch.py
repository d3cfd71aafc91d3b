"""``svi-studio models fetch``, ``verify``, ``repair``, ``remove``, ``add``: known models fetched, checked, mended."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from getpass import getpass
from pathlib import Path

from svi_studio.cli.fetch_report import open_fetch_report
from svi_studio.cli.stop import StopRequest, stop_request
from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.fetching.known_model import KnownModel
from svi_studio.domain.text.command_name import command_line
from svi_studio.domain.text.visible_text import visible_line
from svi_studio.domain.text.wording import as_bytes, plural
from svi_studio.hub.control import FetchControl
from svi_studio.hub.fetch import FetchPlan, fetch, plan_fetch
from svi_studio.hub.fetched_record import FetchedRecord, read_record
from svi_studio.hub.hub import hub_of_environment
from svi_studio.hub.hub_errors import Forbidden
from svi_studio.hub.hub_key import keep_hub_key
from svi_studio.hub.known_models import add_entries, find_known, known_models
from svi_studio.hub.removal import remove_fetched
from svi_studio.hub.verify import Verified, drop_damaged, verify
from svi_studio.weights.catalogue import find_models, models_folders
from svi_studio.weights.linking.unlink import is_linked

_STOPPING = "Stopping; what came is kept. Press Ctrl-C again to stop at once."


def run(options: Namespace) -> int:
    """Does one of them; returns the exit code."""
    if options.action == "add":
        for entry in add_entries(options.file):
            print(f"{entry.name} is known now: {entry.title}.")
        return 0
    if options.action == "fetch" and options.name is None:
        return _list_known(as_json=options.json)
    model = _known(options.name, options.action)
    folder = options.into or models_folders()[0] / model.folder
    if options.action == "fetch":
        if options.ask_token:
            _keep_token()
        try:
            return _fetch(model, folder, options)
        except Forbidden as error:
            command = command_line("models", "fetch", model.name, "--ask-token")
            raise Forbidden(
                f'{error} "{command}" asks for it and keeps it in the keyring; so does HF_TOKEN.'
            ) from error
    return _check(model, folder, options)


def _known(name: str, action: str) -> KnownModel:
    """The entry called ``name``; of a linked model it is said what takes that away."""
    try:
        return find_known(name)
    except BadInput:
        linked = [each for each in find_models() if each.name == name and is_linked(each.folder)]
        if action == "remove" and linked:
            raise BadInput(
                f'{name} was linked, not fetched: "{command_line("models", "unlink", name)}" takes it away, and its '
                "files stay."
            ) from None
        raise


def _keep_token() -> None:
    """Asks for the access token without showing it, and keeps it; an empty answer leaves what is kept."""
    token = getpass("Access token for the hub (Settings, Access Tokens): ").strip()
    if token:
        print(keep_hub_key(token) or "The access token is in the keyring.", file=sys.stderr)


def _list_known(*, as_json: bool) -> int:
    for model in known_models().values():
        licence = f"; {model.licence}" if model.licence else ""
        said = visible_line(f"{model.name}: {model.title} ({model.repository}{licence})")
        print(model.model_dump_json() if as_json else said)
    return 0


def _fetch(model: KnownModel, folder: Path, options: Namespace) -> int:
    hub = hub_of_environment()
    with stop_request(_STOPPING) as stop:
        if options.list:
            plan = plan_fetch(model, hub, folder, stop)
            for line in _listed(plan, as_json=options.json):
                print(line)
            return 0
        with open_fetch_report(json=options.json) as report:
            plan = plan_fetch(model, hub, folder, stop)
            if plan.listing.licence and not options.json:
                report.say(f"The terms of {plan.model.title}: {_terms(plan)}.")
            fetch(plan, hub, emit=report.emit, control=FetchControl(stop))
    if not options.json:
        print(f"{model.name} is in {folder}.")
        for need in model.needs:
            print(f'It needs {need} too: "{command_line("models", "fetch", need)}" brings what is missing.')
        if model.purpose == "part":
            print(f'When all its parts are there, "{command_line("models", "link")}" makes a model of them.')
    return 0


def _listed(plan: FetchPlan, *, as_json: bool) -> Iterator[str]:
    for each in plan.files:
        here = (plan.folder / each.save_as).is_file()
        if as_json:
            fact = {"file": each.save_as, "path": each.file.path, "bytes": each.file.size, "here": here}
            yield json.dumps({**fact, "checksum": each.file.checksum})
        else:
            yield f"{each.save_as}: {as_bytes(each.file.size)}{', there is one already' if here else ''}"
    if not as_json:
        gated = "; its authors want their terms accepted first" if plan.listing.gated else ""
        yield f"{plural(len(plan.files), 'file')}, {as_bytes(plan.bytes)} in all, into {plan.folder}."
        yield f"From {plan.model.repository} at {plan.listing.commit[:12]}; terms: {_terms(plan)}{gated}."


def _terms(plan: FetchPlan) -> str:
    return plan.listing.licence or plan.model.licence or "not named"


def _check(model: KnownModel, folder: Path, options: Namespace) -> int:
    record = read_record(folder, model.name)
    if record is None:
        raise BadInput(
            f"{model.name} was not fetched into {folder}: name its folder with --into, or use "
            f'"{command_line("models", "fetch", model.name)}".'
        )
    if options.action == "remove":
        return _remove(model, folder, record, as_json=options.json)
    with stop_request(_STOPPING) as stop:
        found = list(_verified(folder, record, stop, options))
    bad = [each for each in found if each.problem is not None]
    if options.action == "repair" and bad:
        return _repair(model, folder, bad, options)
    if bad:
        raise BadWeights(
            f"{plural(len(bad), 'file')} of {model.name} {'is' if len(bad) == 1 else 'are'} wrong: "
            f'"{command_line("models", "repair", model.name)}" fetches just that again.'
        )
    if not options.json:
        print(f"All {plural(len(found), 'file')} of {model.name} are as they came.")
    return 0


def _remove(model: KnownModel, folder: Path, record: FetchedRecord, *, as_json: bool) -> int:
    kept = remove_fetched(folder, record)
    if as_json:
        print(json.dumps({"removed": model.name, "kept": list(kept)}))
        return 0
    print(f"{model.name} is removed: {as_bytes(sum(each.size for each in record.files))} are free again.")
    for name in kept:
        print(f"{name} has changed since it came, and was kept.")
    return 0


def _repair(model: KnownModel, folder: Path, bad: list[Verified], options: Namespace) -> int:
    hub = hub_of_environment()
    with stop_request(_STOPPING) as stop, open_fetch_report(json=options.json) as report:
        plan = plan_fetch(model, hub, folder, stop)
        drop_damaged(folder, bad)
        fetch(plan, hub, emit=report.emit, control=FetchControl(stop))
    if not options.json:
        print(f"{model.name} is whole again: {plural(len(bad), 'file')} came anew.")
    return 0


def _verified(folder: Path, record: FetchedRecord, stop: StopRequest, options: Namespace) -> Iterator[Verified]:
    for each in verify(folder, record, stop):
        if options.json:
            print(json.dumps({"file": each.file, "problem": each.problem}), flush=True)
        elif each.problem is not None:
            print(f"{each.file}: {each.problem}", flush=True)
        yield each
