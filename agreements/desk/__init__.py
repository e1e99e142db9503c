"""What analysts do with a document on the desk, whatever page they do it on.

They read its text, cite its words for the fields of records, begin records from them, and submit
these together with what they name.
"""
