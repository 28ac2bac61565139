"""Three hundred messages of clerks, written blind to the grammar, and how they are read."""
