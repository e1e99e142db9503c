"""Readings: what one document says, in YAML, on its way to the desk. See docs/readings.md."""

from agreements.readings.batch import Batch, read_batch
from agreements.readings.reviewed import Report
from agreements.readings.store import store_batch
from agreements.readings.verification import attach_text, verify_reading

__all__ = ["Batch", "Report", "attach_text", "read_batch", "store_batch", "verify_reading"]
