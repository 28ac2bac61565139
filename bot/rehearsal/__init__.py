"""`duban rehearse`: the coming year lived through by the real service in a copy, and what is to be read from it."""
