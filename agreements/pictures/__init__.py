"""Pictures of what is published: read from the ledger, drawn as SVG, each with its table.

`selection` says of which records; `timeline`, `matrix` and `network` read them; `drawing` makes
the SVG and `tables` the table, both from the same data and nothing else.
"""
