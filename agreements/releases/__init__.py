"""Frozen data sets, the same byte for byte wherever and whenever they are made of one ledger.

`making` makes and rebuilds releases, `building` writes the files of one. What stands in them is
read by `edition`, through the catalogue. Nothing of the time, place or language of the making may
reach a file: dates are those of the ledger's head, and orders are the ledger's or the alphabet's.
"""
