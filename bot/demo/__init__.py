"""The demonstration in a browser: a page that looks like a messenger, and the real service behind it as a child."""
