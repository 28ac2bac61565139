"""What we remember: one noun a file, its rows and the verbs on them together."""
