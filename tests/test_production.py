"""Production starts with what it needs, or says what to set; nobody has an account at first."""

import json
import re
import subprocess
import sys

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.servers import ROOT, environment_of

SECRET = "k7Qm2vXz9RtY4wNbE8uHs3LdPf6GjCa1-5oTiVyMqWrZxBnD_0"
GIVEN = {
    "COASTGUARD_ENV": "production",
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "agreements.example.org, .example.net, 127.0.0.1, [::1]",
    "DATABASE_URL": "postgres://web:tide@db.example.org:5432/agreements",
}


def started(state, command, **given):
    """Run a program with an environment; what is "" is set to nothing, what is None not at all."""
    environment = environment_of(state, **{**GIVEN, **{k: v for k, v in given.items() if v}})
    for name, value in given.items():
        if value is None:
            environment.pop(name, None)
        elif value == "":
            environment[name] = ""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


SETTINGS = ("-c", "import coastguard.settings")
CHECK = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")


@pytest.mark.served
def test_nothing_is_worth_a_warning_and_nothing_is_silenced(tmp_path):
    done = started(tmp_path, CHECK)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "System check identified no issues (0 silenced).\n"
    assert done.stderr == ""


REFUSED = [
    # What is not given, and what is given and empty.
    *(
        (name, value)
        for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL")
        for value in (None, "")
    ),
    ("SECRET_KEY", "tide" * 3),
    ("SECRET_KEY", SECRET[:49]),
    ("SECRET_KEY", "abcd" * 20),
    ("SECRET_KEY", f"django-insecure-{SECRET}"),
    ("SECRET_KEY", f"change-me-{SECRET}"),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "agreements.example.org,*"),
    ("ALLOWED_HOSTS", "https://agreements.example.org"),
    ("ALLOWED_HOSTS", "agreements.example.org:443"),
    ("ALLOWED_HOSTS", "agreements.example.org/"),
    ("ALLOWED_HOSTS", " , "),
    ("DATABASE_URL", "db.example.org"),
    ("DATABASE_URL", "mysql://web:tide@db.example.org/agreements"),
    ("DATABASE_URL", "postgres://web:tide@db.example.org/"),
    ("DATABASE_URL", "postgres://web:tide@db.example.org:port/agreements"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("DATABASE_URL", "sqlite://"),
    ("DEBUG", "1"),
    ("DEBUG", "maybe"),
    ("COASTGUARD_ENV", "prod"),
    ("COASTGUARD_ENV", "Production"),
    ("SECURITY_CONTACT", "security@example.org"),
    ("SECURITY_CONTACT", "mailto:a@example.org\nContact: mailto:b@example.org"),
    ("SECURITY_POLICY", "http://example.org/policy"),
    ("WEB_ROLE", "web; DROP TABLE"),
    ("READER_ROLE", "Reader"),
    ("REPLICA_URLS", "postgres://a@b/c nothing"),
]


@pytest.mark.served
@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_what_lacks_or_is_unsafe_is_refused_by_name(tmp_path, name, value):
    done = started(tmp_path, SETTINGS, **{name: value})
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    named = "DATABASE_URL" if name == "REPLICA_URLS" else name
    assert re.match(rf"django.core.exceptions.ImproperlyConfigured: (Set )?{named}\b", last), last
    # What it should be, and no secret that was given.
    assert len(last) > 80 or name == "DEBUG"
    assert name != "SECRET_KEY" or not value or value not in done.stderr
    assert "tide@" not in done.stderr


@pytest.mark.served
def test_neither_commands_nor_the_server_start_without(tmp_path):
    commands = (
        ("manage.py", "migrate"),
        ("-m", "granian", "--interface", "wsgi", "--port", "0", "coastguard.wsgi:application"),
    )
    for command in commands:
        done = started(tmp_path, command, SECRET_KEY=None)
        assert done.returncode != 0
        assert "Set SECRET_KEY: it has no default in production." in done.stderr + done.stdout


@pytest.mark.served
@pytest.mark.parametrize(
    ("slip", "meant"),
    [("REPLICA_URL", "REPLICA_URLS"), ("ALLOW_SELF_APROVAL", "ALLOW_SELF_APPROVAL")],
)
def test_a_variable_that_is_misspelt_is_refused(tmp_path, slip, meant):
    done = started(tmp_path, SETTINGS, **{slip: "1"})
    assert f"{slip} is not known: {meant} is, and is not set." in done.stderr
    assert done.returncode == 1


@pytest.mark.served
def test_others_variables_are_no_slips(tmp_path):
    others = {
        "PORT": "8000",
        "COASTGUARD_SERVICE_HOST": "10.0.0.1",
        "COASTGUARD_PORT": "tcp://10.0.0.1:8000",
        "POSTGRES_PASSWORD": "x",
        "DATABASE_AT": "db:5432",
        "WEB_CONCURRENCY": "2",
        "DEBUG_PORT": "9",
        "SECRET_KEY_FILE": "x",
    }
    assert started(tmp_path, SETTINGS, **others).returncode == 0


@pytest.mark.django_db
def test_nobody_has_an_account_from_the_start():
    # As migrations leave it, and with everything that is shipped.
    assert not User.objects.exists()
    for path in sorted((ROOT / "fixtures").glob("*.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))
        assert {row["model"].partition(".")[0] for row in rows} == {"agreements"}, path


@pytest.mark.django_db
def test_nobody_is_made_an_administrator_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="run createsuperuser"):
        call_command("ensure_administrator")
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["docker-compose.yml", "Dockerfile", ".env.example"])
def test_nothing_that_is_deployed_has_a_secret_or_makes_an_account(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"ensure_administrator|createsuperuser|create_account", text)
    given = re.findall(r"(?m)^\s*(\w*(?:PASSWORD|SECRET\w*)):?[ =]*(\S*)", text)
    for variable, value in given:
        assert value == "" or value.startswith(("${", "#", '"$(')), (variable, value)


def test_what_containers_can_be_told_stands_once_in_the_example():
    composed = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"(?m)^#?([A-Z_]+)=", example)
    assert sorted(named) == sorted(set(re.findall(r"\$\{([A-Z_]+)", composed)))
