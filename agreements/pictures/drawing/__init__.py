"""Pictures as SVG: pure functions from what was read to text, deterministic to the byte.

Colours and sizes are presentation attributes, so that a saved file looks as the page does; the
page's style sheet goes over the colours, by class, for dark pages. Nothing is told by hue.
"""
