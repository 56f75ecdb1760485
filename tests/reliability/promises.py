"""The promises: one line each, with its tests, the command that tries it again, and where its figure is read."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reliability import figures
from tests.reliability.figures import Figure, cases

TESTS, FUZZ, LOAD, SOAK = "make reliability", "make fuzz", "make load", "make load LOAD_MINUTES=60"


@dataclass(frozen=True, slots=True)
class Promise:
    """words: a sentence. tests: as pytest takes them, files and folders too. command: tries it again. figure: what was
    last measured."""

    words: str
    tests: tuple[str, ...]
    command: str
    figure: Figure


def tested(words: str, *tests: str) -> Promise:
    """A promise whose figure is how many cases passed."""
    return Promise(words, tests, TESTS, cases(*tests))


LOCKED, LIMITS = "tests/saliency/locked/test_locked.py", "tests/saliency/test_limits.py"
UNPACK, SECURITY = "tests/pages/test_unpack.py", "tests/browser/test_security.py"
TENDING, OWN = "tests/pages/test_tending.py", "tests/pages/test_your_data_parts.py"
COMMAND = "tests/faults/test_command_line.py"

PROMISES: dict[str, tuple[Promise, ...]] = {
    "Hostile files": (
        Promise(
            "Whatever a file holds, it opens or a sentence says why not", ("tests/test_fuzz.py",), FUZZ, figures.fuzzed
        ),
        tested("A decoder known to be bad opens no picture", "tests/saliency/test_floors.py"),
        tested(
            "What is locked by hash has no known advisory, or it is said that nobody could be asked",
            "tests/test_audit.py",
        ),
        tested(
            "A file that crashes, hangs or eats memory costs its own upload only",
            f"{LOCKED}::test_what_breaks_is_told_and_costs_no_other_file",
            f"{LOCKED}::test_a_file_that_breaks_its_decoder_is_refused_by_every_job",
            "tests/pages/test_locked.py",
        ),
        Promise(
            "The process that opens a stranger's file can do nothing else",
            (f"{LOCKED}::test_a_worker_can_do_nothing_else", f"{LOCKED}::test_no_process_sees_two_files"),
            TESTS,
            figures.locks,
        ),
        Promise(
            "and costs 3 ms a photo at most",
            (f"{LOCKED}::test_every_kind_of_file_comes_out_as_it_does_in_the_process_itself",),
            TESTS,
            figures.locked,
        ),
        tested("Every limit holds before a pixel is decoded, and its message names it", LIMITS),
        tested("A zip writes nothing outside its folder, and a bomb is counted while it is read", UNPACK),
        tested("No kind of file takes more than eight bytes a pixel", "tests/saliency/test_memory.py"),
    ),
    "Many users": (
        Promise(
            "Nobody sees another's result, and nothing fails",
            ("tests/pages/test_own_photos.py::test_another_visitor_sees_none_of_it",),
            LOAD,
            figures.sessions,
        ),
        Promise("The first crop is there in 3 s at eight sessions, for 95 of 100", (), LOAD, figures.first_crop),
        Promise("Memory is back within 20 % once they have left", (TENDING,), LOAD, figures.memory),
        Promise("and stays flat for an hour", (), SOAK, figures.soaked),
        tested("Who waits reads how many are before, and nobody is passed over", "tests/pages/test_line.py"),
        tested(
            "Nothing of a visitor's is on disk once they have left",
            f"{OWN}::test_photos_that_are_forgotten_take_their_folder_and_their_run_with_them",
            f"{OWN}::test_photos_go_when_their_visitor_has_been_away_for_a_while",
            f"{OWN}::test_the_end_of_the_server_ends_everything",
        ),
        tested("What is kept for all is bounded, made once, and dropped oldest first", "tests/pages/test_kept.py"),
        tested("Pictures on screen do not go when another visitor's run ends", "tests/pages/test_kept_on_screen.py"),
    ),
    "Bad days": (
        tested("Each fault that is injected ends in a message and a working program", "tests/faults"),
        tested(
            "A fault of ours is a sentence, a number that the log knows, and the way back", "tests/pages/test_faults.py"
        ),
        tested("The command line ends in sentences: full disk, no place to write, Ctrl-C, closed pipes", COMMAND),
    ),
    "Strangers": (
        tested("An upload needs this site's token", f"{SECURITY}::test_an_upload_needs_the_token_of_this_site"),
        tested("A page of another site gets no session", f"{SECURITY}::test_a_page_of_another_site_gets_no_session"),
        tested(
            "Pages load and send nothing elsewhere, and only this site frames them",
            f"{SECURITY}::test_every_answer_has_the_headers",
        ),
        tested(
            "A name, a column or an address makes no link, icon or script in a browser",
            f"{SECURITY}::test_hostile_names_stay_text_wherever_photos_go",
            f"{SECURITY}::test_a_hostile_zip_and_its_columns_stay_text",
            f"{SECURITY}::test_a_crafted_address_makes_no_link",
        ),
        tested("nor in Markdown, HTML, figures and spreadsheets", "tests/pages/test_escaping.py"),
        tested("Nothing that is read can run", "tests/test_loads.py"),
    ),
}
