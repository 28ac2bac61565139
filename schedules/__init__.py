"""What we do by the clock: each sweep asks what is owed as of now."""
