"""What the words of a document say, found by rules and lists of names, each with its exact place.

Nothing here stores anything, and no model is consulted: a suggestion enters a record only when an
analyst accepts it. English and Vietnamese are read.
"""
