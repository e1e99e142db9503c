"""Records in and out as CSV and XLSX, in a form of our own. See docs/import-export.md."""
