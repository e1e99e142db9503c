"""nginx with the configuration of `docs/nginx-cache.md`, on free ports of the loopback."""

import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.servers import ROOT

NGINX = shutil.which(os.environ.get("NGINX") or "nginx", path=f"{os.environ['PATH']}:/usr/sbin")
OPENSSL = shutil.which("openssl")
PAGE = ROOT / "docs" / "nginx-cache.md"
# What an operator changes, and what runs it here.
_MAIN = """
daemon off;
user root;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 128; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _certificate(folder: Path) -> None:
    subprocess.run(
        [
            *(OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")),
        ],
        check=True,
        capture_output=True,
    )


def _configuration(folder: Path, port: int, application: str) -> str:
    server, common = re.findall(r"```nginx\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    changes = {
        "/var/cache/nginx/coastguard": f"{folder}/cache",
        "127.0.0.1:8000": urlsplit(application).netloc,
        "/run/nginx-coastguard.sock": f"{folder}/origin.sock",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/nginx/data.example.org.crt": f"{folder}/certificate.pem",
        "/etc/nginx/data.example.org.key": f"{folder}/key.pem",
        "/etc/nginx/coastguard-cache.conf": f"{folder}/common.conf",
    }
    for written, here in changes.items():
        assert written in server, written
        server = server.replace(written, here)
    (folder / "common.conf").write_text(common)
    return _MAIN.format(folder=folder, server=server)


@contextmanager
def cached(application: str, folder: Path) -> Iterator[str]:
    """Put the cache before a server; yield its address, whose certificate is in the folder."""
    # Paths of sockets are short.
    short = Path(f"/tmp/nginx-{os.getpid()}-{_free_port()}")  # noqa: S108
    short.symlink_to(folder)
    _certificate(folder)
    port = _free_port()
    (folder / "nginx.conf").write_text(_configuration(short, port, application))
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        log = []
        for line in server.stderr:
            log.append(line)
            if "start worker process " in line:
                break
        else:
            raise RuntimeError("".join(log))
        # Whoever does not read on stops the server once the pipe is full.
        threading.Thread(target=lambda: log.extend(server.stderr), daemon=True).start()
        yield f"https://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
        short.unlink()
