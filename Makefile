# The words a person types; `make` alone lists them.

PYTHON := .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
DEBUG ?= 1
export HOST PORT

# `make test` leaves out the slow tests, and takes to the second database what writes
# or counts in SQL of its own: the goal is five minutes.
MARKS = -m "not slow"
SECOND = $(addprefix tests/integration/test_,$(addsuffix .py,approving bulk_history \
  import_truth query_counts refresh_results))

# Tests and checks bring servers of their own: never the one that a person uses. They
# start some twenty processes, each two seconds sooner where compiled code may be kept.
OWN := env -u DATABASE_URL -u REDIS_URL -u SECRET_KEY -u DEBUG -u MEDIA_ROOT \
  -u PYTHONDONTWRITEBYTECODE
PYTEST := $(OWN) $(PYTHON) -m pytest
MANAGE := $(OWN) DEBUG=1 $(PYTHON) manage.py

# $(call quietly,words,command): one line where all is well, else what it printed.
quietly = @output=$$($(2) 2>&1) && echo '$(1): good' || { echo "$$output"; echo '$(1): NOT good'; exit 1; }

CHECKS := ruff format types contracts system migrations catalogue templates vendored

.DEFAULT_GOAL := help
.PHONY: help setup run test test-all check bench messages vendor requirements browser \
  $(CHECKS:%=check-%)

help: ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' Makefile

setup: ## environment in .venv, with all that tests and checks need
	@sh config/environment.sh test

run: ## the portal with its demonstration, on http://127.0.0.1:8000 (PORT=8001 for another)
	@sh config/environment.sh run
	@exec env DEBUG=$(DEBUG) $(PYTHON) -m config.serve

test: setup browser ## unit, integration on SQLite and on PostgreSQL, worker, browser
	@status=0; \
	echo '== unit'; \
	$(PYTEST) tests/unit -n 2 $(MARKS) || status=1; \
	echo '== integration, on SQLite'; \
	$(PYTEST) tests/integration -n 2 $(MARKS) || status=1; \
	echo '== integration, on PostgreSQL'; \
	$(OWN) $(PYTHON) -m tests.servers postgres -- \
	  $(PYTHON) -m pytest $(SECOND) -n 2 $(MARKS) || status=1; \
	echo '== in a browser'; \
	$(PYTEST) tests/browser $(MARKS) || status=1; \
	exit $$status

test-all: MARKS = --hypothesis-profile=long
test-all: SECOND = tests/integration
test-all: test ## the slow ones too: kills, fuzz, whole journeys, all on both databases

check: setup ## format, types, import contracts, migrations, catalogue, templates, vendored files
	@$(MAKE) --no-print-directory --keep-going $(CHECKS:%=check-%)

check-ruff:
	$(call quietly,ruff,$(PYTHON) -m ruff check .)
check-format:
	$(call quietly,ruff format,$(PYTHON) -m ruff format --check .)
check-types:
	$(call quietly,mypy --strict,$(PYTHON) -m mypy)
check-contracts:
	$(call quietly,import contracts,$(PYTHON) -c 'from importlinter.cli import lint_imports_command as lint; lint()')
check-system:
	$(call quietly,system check,$(MANAGE) check --fail-level WARNING)
check-migrations:
	$(call quietly,migrations,$(MANAGE) makemigrations --check --dry-run)
check-catalogue:
	@$(PYTHON) -m config.checks.catalogue
check-templates:
	$(call quietly,templates,$(PYTHON) -m djlint templates --lint --quiet)
check-vendored:
	@$(PYTHON) -m config.checks.vendored

bench: setup ## counts, and ratios within one run
	@$(PYTEST) tests/benchmarks -p no:randomly -s

messages: setup ## bring the zh_Hant catalogue in line with the code, and compile it
	@$(PYTHON) -m config.checks.catalogue update

vendor: setup ## fetch the files of static/vendor again, by npm
	@$(PYTHON) -m config.checks.vendored fetch

# A lock file of uv would name the registry in every entry; these files name none.
EXPORT = $(PYTHON) -m uv export --quiet --no-emit-project --no-header
requirements: setup ## pin again, with hashes, what pyproject.toml asks for
	@$(EXPORT) --no-dev --output-file requirements.txt
	@$(EXPORT) --output-file requirements-dev.txt
	@rm -f uv.lock

browser:
	@if [ -z "$$(command -v chromium)" ] && [ "$$(id -u)" = 0 ]; then \
	  echo 'Installing chromium and fonts-noto-cjk …'; \
	  { apt-get update && apt-get install --yes --no-install-recommends \
	    chromium fonts-noto-cjk; } >.venv/apt.log 2>&1 || tail -n 3 .venv/apt.log; \
	fi
	@if [ -z "$$(command -v chromium)" ]; then \
	  echo 'No browser: "apt-get install chromium fonts-noto-cjk" brings one; browser tests need it.'; \
	fi
