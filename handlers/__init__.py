"""What we do when spoken to: a turn in, notices out."""
