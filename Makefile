PYTHON ?= python3
PORT ?= 8000
TEST_POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/postgres
PYTEST_ARGS ?=
EXAMPLES ?= 150
SEEDS ?= 1 2 3
REQUESTS ?= 20000
SEED ?= 1
SECONDS ?= 180
LOCK_ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
INSTALLED_FUZZ := $(VENV)/.installed-fuzz
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-input
LOCK := $(PY) -m uv pip compile --quiet --universal --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 $(LOCK_ARGS)
# The suite must not depend on what the caller's shell says about a deployment. Its many processes
# need not compile the program each on its own.
PYTEST := env -u COASTGUARD_ENV -u SECRET_KEY -u ALLOWED_HOSTS -u DATABASE_URL -u DEBUG \
	-u ALLOW_SELF_APPROVAL -u COASTGUARD_STATE -u RELEASES_DIR \
	-u TRUSTED_PROXIES -u REQUIRE_SECOND_FACTOR -u LOCKOUT_TRIES -u LOCKOUT_MINUTES \
	-u SESSION_IDLE_MINUTES -u SESSION_HOURS \
	-u KEPT_ANSWERS_MB -u REPLICA_URLS -u REPLICA_MAX_LAG -u REPLICA_MAX_LAG_ALONE \
	-u WEB_ROLE -u READER_ROLE -u SECURITY_CONTACT -u SECURITY_POLICY \
	-u THROTTLE -u QUERY_SECONDS -u DESK_QUERY_SECONDS -u OTP_ISSUER \
	-u PYTHONDONTWRITEBYTECODE
# A module's server or browser is started once, by the one worker that runs all of the module; the
# order of the modules is that of tests/conftest.py.
BY_MODULE := --dist loadfile --no-loadscope-reorder
# A test that hangs fails where it does; one that nothing can interrupt ends the suite, with the
# stacks of its process.
HUNG := --timeout 600 --max-worker-restart 0 \
	-o faulthandler_timeout=900 -o faulthandler_exit_on_timeout=true

export TEST_POSTGRES_URL

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Two pips in one virtual environment would trip over each other.
.NOTPARALLEL:
.PHONY: help serve test fuzz fuzz-desk fuzz-parsers drill lint fixtures openapi sbom messages lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

serve: $(INSTALLED) ## Serve the admin and the API on http://127.0.0.1:8000 (PORT= changes it)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_fixtures
	@$(MANAGE) ensure_administrator
	@echo "Serving http://127.0.0.1:$(PORT)/, the desk at /admin/ and the API at /api/v1/ (Ctrl-C stops)."
	@exec $(PY) -m granian --interface wsgi coastguard.wsgi:application --port $(PORT) \
		--workers 2 --blocking-threads 4 --respawn-failed-workers --workers-kill-timeout 30 \
		--log-level warning

test: $(INSTALLED_DEV) ## Run the suite on SQLite, then on PostgreSQL; with Chromium where it is found
	@set -e; postgres=; \
	browser=$$($(PY) -c 'from tests.browsers import CHROMIUM; print(CHROMIUM or "")'); \
	$(PY) -m playwright --version >/dev/null 2>&1 || browser=; \
	if $(PY) -c 'import sys, psycopg; psycopg.connect(sys.argv[1], connect_timeout=3).close()' \
		"$$TEST_POSTGRES_URL" 2>/dev/null; then postgres=yes; fi; \
	no_browser="no Chromium that Playwright can drive: apt-get install chromium-headless-shell libatomic1, or set CHROMIUM to its path"; \
	no_r="no R with jsonlite: apt-get install r-base-core r-cran-jsonlite"; \
	no_nginx="no nginx or no openssl: apt-get install nginx-light openssl"; \
	no_postgres="no login at TEST_POSTGRES_URL: start a server there, or set it to postgres://user:password@host:port/name"; \
	if [ -z "$$browser" ] && [ "$(REQUIRE_CHROMIUM)" = 1 ]; then echo "REQUIRE_CHROMIUM=1, but $$no_browser." >&2; exit 1; fi; \
	r=; if Rscript -e 'library(jsonlite)' >/dev/null 2>&1; then r=yes; fi; \
	nginx=; if PATH=$$PATH:/usr/sbin command -v nginx >/dev/null && command -v openssl >/dev/null; then nginx=yes; fi; \
	if [ -z "$$r" ] && [ "$(REQUIRE_R)" = 1 ]; then echo "REQUIRE_R=1, but $$no_r." >&2; exit 1; fi; \
	if [ -z "$$nginx" ] && [ "$(REQUIRE_NGINX)" = 1 ]; then echo "REQUIRE_NGINX=1, but $$no_nginx." >&2; exit 1; fi; \
	if [ -z "$$postgres" ] && [ "$(REQUIRE_POSTGRES)" = 1 ]; then echo "REQUIRE_POSTGRES=1, but $$no_postgres." >&2; exit 1; fi; \
	echo "Tests on SQLite"; \
	if [ -n "$$browser" ]; then \
		$(PYTEST) CHROMIUM="$$browser" $(PY) -m pytest -q -n auto $(BY_MODULE) $(HUNG) --create-db $(PYTEST_ARGS); \
	else \
		$(PYTEST) $(PY) -m pytest -q -n auto $(BY_MODULE) $(HUNG) --create-db -m "not browser" $(PYTEST_ARGS); \
	fi; \
	if [ -n "$$postgres" ]; then \
		echo "Tests on PostgreSQL"; \
		$(PYTEST) DATABASE_URL="$$TEST_POSTGRES_URL" \
			$(PY) -m pytest -q -n auto $(BY_MODULE) $(HUNG) --create-db -m "not browser and not served and not anywhere" $(PYTEST_ARGS); \
	fi; \
	if [ -z "$$r" ]; then echo "Skipped what is asked with R ($$no_r)."; fi; \
	if [ -z "$$nginx" ]; then echo "Skipped the cache in front ($$no_nginx)."; fi; \
	if [ -z "$$browser" ]; then echo "Skipped the browser tests ($$no_browser)."; fi; \
	if [ -z "$$postgres" ]; then echo "Skipped PostgreSQL ($$no_postgres)."; fi

fuzz: $(INSTALLED_DEV) ## Ask the API thousands of made-up questions, on both databases (EXAMPLES= SEEDS= say how many)
	@set -e; for database in "" "$$TEST_POSTGRES_URL"; do \
		for seed in $(SEEDS); do \
			echo "Seed $$seed on $${database:-SQLite}"; \
			$(PYTEST) FUZZ_EXAMPLES=$(EXAMPLES) FUZZ_SEED=$$seed $${database:+DATABASE_URL="$$database"} \
				$(PY) -m pytest -q -n 0 --create-db --show-capture=no tests/test_api_fuzzing.py; \
		done; \
	done

fuzz-desk: $(INSTALLED) ## Send hostile requests to every page as every role, on both databases (REQUESTS= SEED=)
	$(PY) -m drills.desk_fuzz --requests $(REQUESTS) --seed $(SEED)
	$(PY) -m drills.desk_fuzz --requests $(REQUESTS) --seed $(SEED) --database postgres

fuzz-parsers: $(INSTALLED_FUZZ) ## Fuzz what reads files, dates and texts, led by coverage (SECONDS= for each)
	$(PY) -m drills.fuzzing --seconds $(SECONDS)

drill: $(INSTALLED) ## Run the service on replicas, and kill and restart its databases under load (drills/README.md)
	$(PY) -m drills.replicas

lint: $(INSTALLED_DEV) ## Lint, check formatting and types, and look for a missing migration
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(MANAGE) makemigrations --check --dry-run

fixtures: $(INSTALLED) ## Build fixtures/ again from seeds/
	$(MANAGE) build_fixtures

openapi: $(INSTALLED) ## Write docs/openapi.yaml again
	$(MANAGE) spectacular --file docs/openapi.yaml --validate --fail-on-warn

sbom: $(INSTALLED_DEV) ## Write docs/sbom.cdx.json again, which says what the program is made of
	$(PY) tools/bill_of_materials.py

messages: $(INSTALLED) ## Collect and compile the interface's texts (needs gettext)
	@command -v msgfmt >/dev/null || { echo "msgfmt is missing: apt-get install gettext" >&2; exit 1; }
	cd agreements && ../$(PY) ../manage.py makemessages -l en -l vi --no-obsolete --no-location
	cd agreements && ../$(PY) ../manage.py compilemessages -l en -l vi

lock: $(VENV)/bin/pip ## Pin the requirements again (LOCK_ARGS=--upgrade takes newer versions)
	$(PIP_INSTALL) uv
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml -c requirements.txt --extra dev -o requirements-dev.txt
	$(LOCK) pyproject.toml -c requirements.txt --extra fuzz -o requirements-fuzz.txt

clean: ## Remove what can be made again; var/, with the database, stays
	rm -rf $(VENV) staticfiles .hypothesis .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.txt | $(VENV)/bin/pip
	@echo "Installing requirements.txt into $(VENV)"
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt | $(VENV)/bin/pip
	@echo "Installing requirements-dev.txt into $(VENV)"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

$(INSTALLED_FUZZ): requirements-fuzz.txt | $(VENV)/bin/pip
	@echo "Installing requirements-fuzz.txt into $(VENV)"
	@$(PIP_INSTALL) --require-hashes -r requirements-fuzz.txt
	@touch $@

# A half-made environment has a python but no pip, so pip is what tells that it is whole.
$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@if $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then $(PYTHON) -m venv $(VENV); \
	elif $(PYTHON) -c 'import virtualenv' 2>/dev/null; then $(PYTHON) -m virtualenv --quiet $(VENV); \
	elif command -v virtualenv >/dev/null; then virtualenv --quiet --python $(PYTHON) $(VENV); \
	else echo "Python cannot make a virtual environment here: apt-get install python3-venv" >&2; exit 1; fi
