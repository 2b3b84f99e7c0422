# The commands that people and scripts rely on. Each one sets up what it needs first; doing so again is quick.
.DEFAULT_GOAL := help
.PHONY: help demo run test check bench setup extras compiled lock clean

PYTHON := .venv/bin/python

help:            ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: setup      ## all set-up, then 60 real SIP calls through the motor-vehicle tax project, a whisper and a transfer
	@.venv/bin/denwaban demo

run: setup       ## the service, for a real trunk and real phones
	@.venv/bin/denwaban run

test:            ## all set-up, then every test
	@./setup.sh test
	@$(PYTHON) -m pytest --numprocesses 2 --dist loadfile --ignore tests/live --ignore tests/browser
	@$(PYTHON) -m pytest tests/browser
	@$(PYTHON) -m pytest tests/live

check:           ## format, lint, types, import contract; of the page too
	@./setup.sh venv
	@./setup.sh page
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@npm --prefix supervisor/page run --silent check

bench:           ## the benchmarks, side by side with their rivals
	@./setup.sh bench
	@.venv/bin/denwaban bench

setup:           ## system packages, .venv, the monitor's page, Asterisk 22 in var/asterisk
	@./setup.sh

extras:          ## what only some commands of the simulator need: numba, OR-tools, Dask, matplotlib
	@./setup.sh extras

compiled:        ## the simulator three times as fast: the pure packages compiled (a minute and a half, once)
	@./setup.sh compiled

lock:            ## resolve the dependencies of pyproject.toml into the two lock files again, newest versions
	@./setup.sh lock

clean:           ## remove caches and .venv; var/ (database, recordings, Asterisk) stays
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf supervisor/page/node_modules
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
