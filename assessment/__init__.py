"""What is owed, by when, and what it is worth. No I/O and no clock: `now` is an argument."""
