"""The mutants of files that go with a notice."""

from tests.mutants import probes_of_files as f
from tests.mutants.mutant import one

FILES = (
    one(
        "when time is up nothing was told",
        3,
        "schedules.attempts:Attempt.told",
        "self._pieces = pieces",
        "pass",
        f.what_was_told_is_kept_when_time_is_up,
    ),
    one(
        "a file that may have been shown is sent again",
        3,
        "bot.outgoing:BackDoor._try",
        "if letter.doubtful else None",
        "if False else None",
        f.no_file_is_shown_twice,
    ),
    one(
        "after a lost answer the rest is never sent",
        0,
        "schedules.doubt:may_go_on",
        "row.pieces_sent > 0 and",
        "False and",
        f.no_file_is_shown_twice,
    ),
    one(
        "words that may have been shown are sent again",
        3,
        "schedules.doubt:may_go_on",
        "return key_lives(sender, row, now) or",
        "return True or",
        f.no_words_are_shown_twice,
    ),
    one(
        "words leave though a file cannot be uploaded",
        0,
        "bot.channels.in_order:_Parcel._upload",
        "if failure is not None:",
        "if False:",
        f.nothing_is_told_before_its_files_are_there,
    ),
    one(
        "each replica uses its own id of a file",
        3,
        "storage.uploads:keep",
        "if uow.insert_if_new(",
        "if True or uow.insert_if_new(",
        f.two_replicas_name_one_file_alike,
    ),
)
