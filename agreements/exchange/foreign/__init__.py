"""Files that were not made for us: what columns and values mean, as an analyst confirms it."""
