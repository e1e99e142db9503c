"""Readings: what one document says, in YAML, on its way to the desk. See docs/readings.md."""

from agreements.readings.batch import Batch, read_batch
from agreements.readings.reviewed import Report
from agreements.readings.store import store_batch
from agreements.readings.verification import verify_reading

__all__ = ["Batch", "Report", "read_batch", "store_batch", "verify_reading"]
