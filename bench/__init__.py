"""Measurements: what must stay fast, each with its limit. Read bench/README.md first."""
