"""Pages on which a data set that was not made for us is brought in, one question at a time."""
