"""Messages name a command that can be typed here as they say it."""

import os

import pytest

from svi_studio.cli.arguments import parse
from svi_studio.cli.model_warnings import _ways_on
from svi_studio.domain.text.command_name import command_line, command_name


def test_an_installed_command_has_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SVI_COMMAND", raising=False)
    assert command_name() == "svi-studio"


def test_a_program_started_from_its_folder_is_named_as_it_was_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SVI_COMMAND", "./svi")
    assert _ways_on().startswith('Let "./svi storyline"')
    assert parse(["nonsense"]) == 2
    assert '"./svi --help" shows' in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="another shell there")
def test_a_folder_with_a_space_is_written_as_a_shell_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVI_COMMAND", "/home/me/my films/svi")
    assert command_name() == "'/home/me/my films/svi'"


@pytest.mark.parametrize("strange", ["", "a\nb", "\x1b[31msvi", "\u202esvi", "x" * 501])
def test_what_is_no_name_is_not_shown(strange: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVI_COMMAND", strange)
    assert command_name() == "svi-studio"


@pytest.mark.skipif(os.name != "posix", reason="another shell there")
def test_each_word_of_a_command_is_quoted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVI_COMMAND", "/home/me/my films/svi")
    assert command_line("models", "link", "/my models") == "'/home/me/my films/svi' models link '/my models'"


def test_windows_gets_the_quotes_that_its_shell_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVI_COMMAND", "svi.cmd")
    monkeypatch.setattr("svi_studio.domain.text.command_name.os.name", "nt")
    place = "C:" + chr(92) + "My Models"
    assert command_line("models", "scan", place) == f'svi.cmd models scan "{place}"'


def test_windows_gets_them_around_the_launcher_too(monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = "C:" + chr(92) + "My Films" + chr(92) + "svi.cmd"
    monkeypatch.setenv("SVI_COMMAND", launcher)
    monkeypatch.setattr("svi_studio.domain.text.command_name.os.name", "nt")
    assert command_line("doctor") == f'"{launcher}" doctor'
