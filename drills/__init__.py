"""Drills: the service as it is deployed, put through what can happen to it, on this machine."""
