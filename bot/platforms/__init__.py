"""Pretend platforms, each behaving as its manual says, faults included: demo, rehearsal and tests live on them."""
