"""Backups: everything that the service holds in one file, and made so again from it."""
