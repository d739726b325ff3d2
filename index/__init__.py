"""What a story is, where it is kept, what it is about, how it is found."""
