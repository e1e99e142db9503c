"""Whether a server answers: `python -m coastguard.health http://127.0.0.1:8000`.

It asks for a static file. Whether its database answers is not the question: without that a server
says so itself (503), and starting it again would not help.
"""

import sys
from urllib.request import Request, urlopen


def check(address: str) -> None:
    """Raise an OSError where a server does not answer within seconds."""
    # As a proxy before it says, which sends whoever comes otherwise to HTTPS.
    headers = {"X-Forwarded-Proto": "https"}
    request = Request(f"{address}/static/agreements/icon.svg", headers=headers)  # noqa: S310
    urlopen(request, timeout=4).close()  # noqa: S310


if __name__ == "__main__":
    check(sys.argv[1])
