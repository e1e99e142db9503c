"""The public pages: what the ledger holds, for people to read, without scripts.

A page asks the ledger through `agreements.catalogue` alone, as the API does, and is addressed in
its reader's language. `page` holds what all pages have in common.
"""
