"""The workbench: a document's text beside the records that cite it, and the way to both."""
