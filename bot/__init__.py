"""Everything that knows HTTP, a platform, a screen or the process."""
