"""Stories from a real local server that speaks the chat protocol: 10, 50 and 500 prompts, streamed, with pictures."""

import base64
import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from svi_studio.domain.errors import Stopped
from svi_studio.domain.story.answer import Doing
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.story.story_brief import StoryBrief, story_brief
from svi_studio.storyline.chat import StoryProgress
from svi_studio.storyline.server.server_chat import ServerChat
from svi_studio.storyline.story_errors import NoAnswer, UnfinishedStory
from svi_studio.storyline.writers.chat_writer import ChatWriter
from tests.patience import felt_time
from tests.storyline.chat_replies import Storyteller, chunk, event, head, scripted, story_text, streamed, whole
from tests.storyline.fake_server import Asked, FakeServer, Sent


def _never() -> bool:
    return False


def _write(server: FakeServer, brief: StoryBrief, told: list[StoryProgress] | None = None) -> Proposal:
    writer = ChatWriter(ServerChat(server.url, "storyteller"), window_s=20.0)
    return writer.write(brief, (told if told is not None else []).append, _never)


def _picture(folder: Path, size: tuple[int, int] = (2000, 1000), colour: str = "red", name: str = "dog.png") -> str:
    path = folder / name
    Image.new("RGB", size, colour).save(path)
    return str(path)


@pytest.mark.parametrize(("clips", "requests"), [(1, 1), (10, 1), (50, 4), (500, 34)])
def test_all_clips_come_in_order_and_all_different(clips: int, requests: int) -> None:
    with FakeServer(Storyteller(letters=200)) as server:
        proposal = _write(server, story_brief(subject="a dog, a street", clips=clips))
    assert len(proposal.cards) == clips
    assert [f"step {number + 1} " in card.prompt for number, card in enumerate(proposal.cards)] == [True] * clips
    assert len(server.asked) == requests


def test_the_proposal_says_who_wrote_it_and_for_what() -> None:
    brief = story_brief(subject="a dog", clips=2)
    with FakeServer(Storyteller()) as server:
        proposal = _write(server, brief)
    assert (proposal.title, proposal.writer, proposal.brief) == ("A walk", "storyteller", brief)


def test_each_window_knows_the_story_the_names_and_the_last_prompts() -> None:
    with FakeServer(Storyteller(letters=200)) as server:
        _write(server, story_brief(subject="a dog", clips=30))
    second = server.asked[1].texts[-1]
    assert "Rex walks to step 15." in second
    assert "Rex the small brown dog; Elm Street" in second
    assert "makes step 15 along" in second
    assert "clips 16 to 30 of 30" in second


def test_the_last_window_knows_what_comes_after_the_gap() -> None:
    brief = story_brief(subject="a dog", clips=30, story_so_far=("Rex sleeps.",), story_after=("Rex is home again.",))
    with FakeServer(Storyteller(letters=200)) as server:
        _write(server, brief)
    assert ["Rex is home again." in asked.texts[-1] for asked in server.asked] == [False, True]
    assert "Rex sleeps." in server.asked[0].texts[-1]


@pytest.mark.parametrize("side", ["story_so_far", "story_after"])
def test_a_card_that_says_what_its_neighbour_says_is_written_again(side: str) -> None:
    brief = story_brief(subject="a dog", clips=2, **{side: ("Rex sleeps.",)})
    answers = scripted(streamed('{"cards": ["Rex sits.", "Rex sleeps!"]}'), streamed('{"cards": ["Rex runs."]}'))
    with FakeServer(answers) as server:
        cards = _write(server, brief).cards
    assert [card.prompt for card in cards] == ["Rex sits.", "Rex runs."]


def test_tone_language_and_seed_reach_the_model() -> None:
    with FakeServer(Storyteller()) as server:
        _write(server, story_brief(subject="a dog", clips=2, tone="melancholy", language="Deutsch", seed=77))
    asked = server.asked[0]
    assert "melancholy" in asked.texts[0]
    assert "Deutsch" in asked.texts[0]
    assert asked.body["seed"] == 77


def test_cards_are_told_one_by_one_while_the_answer_still_streams() -> None:
    rest = threading.Event()

    def slowly(asked: Asked) -> Sent:
        text = story_text(1, 3)
        middle = text.index("step 2") + 40
        yield from (head(), chunk(text[:middle]))
        while not rest.is_set():
            yield 0.01
        yield from (chunk(text[middle:]), chunk(None, "stop"))

    told: list[StoryProgress] = []

    def tell(progress: StoryProgress) -> None:
        told.append(progress)
        if len(progress.cards) == 1:
            rest.set()

    with FakeServer(slowly) as server:
        ChatWriter(ServerChat(server.url, "m"), window_s=10.0).write(story_brief(subject="x", clips=3), tell, _never)
    cards = list(dict.fromkeys((len(each.cards), each.clip, each.clips) for each in told))
    assert cards == [(0, 1, 3), (1, 2, 3), (3, 3, 3)]


def test_the_picture_is_sent_small_and_whole_with_the_first_window_only(tmp_path: Path) -> None:
    with FakeServer(Storyteller(letters=200)) as server:
        _write(server, story_brief(subject="a dog", clips=30, images=(_picture(tmp_path),)))
    assert [len(asked.pictures) for asked in server.asked] == [1, 0]
    kind, _, content = server.asked[0].pictures[0].partition(",")
    picture = Image.open(io.BytesIO(base64.b64decode(content)))
    assert kind == "data:image/jpeg;base64"
    assert (picture.format, picture.size) == ("JPEG", (1024, 512))


def test_several_pictures_each_begin_a_scene(tmp_path: Path) -> None:
    images = tuple(_picture(tmp_path, (64, 48), colour, f"{colour}.png") for colour in ("red", "blue"))
    with FakeServer(Storyteller()) as server:
        cards = _write(server, story_brief(subject="a dog", clips=4, images=images)).cards
    assert [card.image for card in cards] == [images[0], None, images[1], None]
    assert [card.cut for card in cards] == [False, False, True, False]
    assert [len(asked.pictures) for asked in server.asked] == [1, 1]


def test_cuts_come_only_where_the_user_wants_scene_changes() -> None:
    cutting = scripted(streamed(story_text(1, 3, cut=True)))
    with FakeServer(cutting) as server:
        long_shot = _write(server, story_brief(subject="a dog", clips=3))
        scenes = _write(server, story_brief(subject="a dog", clips=3, scene_changes=True))
    assert [card.cut for card in long_shot.cards] == [False, False, False]
    assert [card.cut for card in scenes.cards] == [False, True, True]


def test_rewritten_prompts_come_one_for_one_and_leave_cuts_alone() -> None:
    brief = story_brief(subject="a dog", clips=2, rewrites=("Rex sits.", "Rex barks."), instruction="more motion")
    with FakeServer(Storyteller()) as server:
        cards = _write(server, brief).cards
    assert [card.cut for card in cards] == [None, None]
    assert "1. Rex sits.\n2. Rex barks." in server.asked[0].texts[-1]
    assert "more motion" in server.asked[0].texts[-1]


def test_good_cards_stay_and_each_bad_one_is_asked_for_alone_with_examples() -> None:
    bad = '{"cards": [{"prompt": "Rex wakes up."}, {"prompt": 7}, {"prompt": "Rex runs home."}]}'
    with FakeServer(scripted(streamed(bad), streamed('{"cards": [{"prompt": "Rex eats."}]}'))) as server:
        cards = _write(server, story_brief(subject="a dog", clips=3)).cards
    assert [card.prompt for card in cards] == ["Rex wakes up.", "Rex eats.", "Rex runs home."]
    alone = server.asked[1]
    assert "exactly 1 cards: clips 2 to 2 of 3" in alone.texts[-1]
    assert "Rex wakes up." in alone.texts[-1]
    assert "Rex runs home." in alone.texts[-1]
    assert [message["role"] for message in alone.body["messages"]][:3] == ["system", "user", "assistant"]


def test_a_model_that_keeps_little_in_mind_is_asked_for_fewer_cards_at_once() -> None:
    teller = Storyteller(letters=200)

    def short(asked: Asked) -> Sent:
        if asked.wanted > 4:
            return iter([whole(400, {"error": {"message": "the request exceeds the available context size"}})])
        return teller(asked)

    with FakeServer(short) as server:
        cards = _write(server, story_brief(subject="a dog", clips=10)).cards
    assert len(cards) == 10
    assert [asked.wanted for asked in server.asked] == [10, 5, 2, 2, 1, 2, 2, 1]
    assert "keeps little in mind" in cards[0].note


def test_an_answer_that_was_cut_short_is_gone_on_with() -> None:
    text = story_text(1, 6)
    cut = [head(), chunk(text[: text.index("step 4")]), chunk(None, "length")]
    rest = Storyteller(letters=200)
    rest._written = 3
    asks: list[int] = []

    def first_cut(asked: Asked) -> Sent:
        asks.append(asked.wanted)
        return iter(cut) if len(asks) == 1 else rest(asked)

    with FakeServer(first_cut) as server:
        cards = _write(server, story_brief(subject="a dog", clips=6)).cards
    assert ["step 4 " in card.prompt for card in cards] == [False, False, False, True, False, False]
    assert asks == [6, 3]
    assert "cut short" in cards[0].note


def test_a_model_that_only_thought_gets_more_room() -> None:
    thought = {"choices": [{"delta": {"reasoning_content": "Hm. " * 50}}]}
    thinking = [head(), event(thought), chunk(None, "length")]
    told: list[StoryProgress] = []
    with FakeServer(scripted(thinking, streamed(story_text(1, 1)))) as server:
        _write(server, story_brief(subject="a dog", clips=1), told)
    assert Doing.THINKING in {progress.doing for progress in told}
    first, second = (asked.body["max_tokens"] for asked in server.asked)
    assert second == 2 * first


def test_what_was_written_stays_when_the_server_breaks_behind_it() -> None:
    broken = [head(), chunk(story_text(1, 2)), event({"error": {"message": "out of memory"}})]
    with FakeServer(scripted(broken)) as server:
        assert len(_write(server, story_brief(subject="a dog", clips=2)).cards) == 2


def test_a_window_that_fails_leaves_the_finished_ones() -> None:
    answers = scripted(streamed(story_text(1, 15), 200), streamed("no more"))
    with FakeServer(answers) as server, pytest.raises(UnfinishedStory) as caught:
        _write(server, story_brief(subject="a dog", clips=30))
    assert len(caught.value.proposal.cards) == 15
    assert caught.value.raw == "no more"
    assert "15 clips" in str(caught.value)


def test_a_model_without_eyes_goes_on_with_words_and_says_so_once(tmp_path: Path) -> None:
    blind = whole(400, {"error": {"message": "this model does not support image input", "type": "api_error"}})
    told: list[StoryProgress] = []
    with FakeServer(scripted([blind], streamed(story_text(1, 3)))) as server:
        brief = story_brief(subject="a dog", clips=3, images=(_picture(tmp_path),))
        cards = _write(server, brief, told).cards
    assert [bool(card.note) for card in cards] == [True, False, False]
    assert "sees no pictures" in cards[0].note
    assert "sees no pictures" in told[-1].words
    assert [len(asked.pictures) for asked in server.asked] == [1, 0]


def test_a_model_known_to_have_no_eyes_is_said_to_have_none_in_each_story(tmp_path: Path) -> None:
    blind = whole(400, {"error": {"message": "this model does not support image input"}})
    brief = story_brief(subject="a dog", clips=2, images=(_picture(tmp_path),))
    with FakeServer(scripted([blind], streamed(story_text(1, 2)))) as server:
        writer = ChatWriter(ServerChat(server.url, "m"), window_s=20.0)
        notes = [writer.write(brief, lambda _: None, _never).cards[0].note for _ in range(2)]
    assert notes == ["m sees no pictures, so the story is written from the words alone."] * 2
    assert [len(asked.pictures) for asked in server.asked] == [1, 0, 0]


def _said_too_late(window_s: float) -> str:
    late = scripted([head(), chunk("Let me think about the dog"), 10 * window_s])
    with FakeServer(late) as server, pytest.raises(NoAnswer, match="did not finish its answer") as caught:
        ChatWriter(ServerChat(server.url, "m"), window_s=window_s).write(
            story_brief(subject="x", clips=2), lambda _: None, _never
        )
    return caught.value.raw


def test_an_answer_that_comes_too_late_is_at_hand() -> None:
    heard = (_said_too_late(window_s) for window_s in (0.3, 3.0, 30.0))  # a busy computer may be late for the first
    assert next(filter(None, heard)) == "Let me think about the dog"


def test_an_answer_that_nobody_reads_on_is_ended_at_once() -> None:
    class Keeping(ServerChat):
        kept: Any

        def stream(self, *args: Any, **named: Any) -> Any:
            self.kept = super().stream(*args, **named)
            return self.kept

    def endless(asked: Asked) -> Sent:
        yield from (head(), chunk(story_text(1, 2)))
        while True:
            yield chunk("more ") * 100
            yield 0.005

    with FakeServer(endless) as server:
        chat = Keeping(server.url, "m")
        ChatWriter(chat, window_s=20.0).write(story_brief(subject="a dog", clips=2), lambda _: None, _never)
    assert chat.kept.gi_frame is None


@pytest.mark.parametrize("server_does", ["hangs", "drips", "streams"])
def test_cancel_ends_within_a_second(server_does: str) -> None:
    def never_ends(asked: Asked) -> Sent:
        if server_does != "hangs":
            yield head()
        while server_does != "streams":
            yield b": x" if server_does == "drips" else b""
            yield 0.05
        for number in range(1_000_000):
            yield chunk(f"{number} ") * 10
            yield 0.001

    assert _seconds_to_cancel(never_ends) < 1.0


def _seconds_to_cancel(answer: Callable[[Asked], Sent]) -> float:
    cancel = threading.Event()
    asked_at: list[float] = []

    def stop() -> None:
        asked_at.append(seconds())
        cancel.set()

    with felt_time() as seconds, FakeServer(answer) as server:
        threading.Timer(0.25, stop).start()
        with pytest.raises(Stopped):
            ChatWriter(ServerChat(server.url, "m"), window_s=60.0).write(
                story_brief(subject="x", clips=3), lambda _: None, cancel.is_set
            )
        return seconds() - asked_at[0]
