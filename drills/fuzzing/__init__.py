"""Made-up input: requests of the desk, and files, dates and texts for what reads them."""
