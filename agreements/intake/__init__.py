"""Documents coming in: a pasted text or a file becomes a document with its particulars.

What files say is read by well-kept libraries in a process of its own (`sandbox`, `child`), which
needs neither Django nor a database.
"""
