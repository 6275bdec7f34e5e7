.DEFAULT_GOAL := help
.PHONY: help run test setup seed fmt lint types arch bench prove ci

PORT ?= 8000
export PORT
python := .venv/bin/python
setup := @scripts/python scripts/setup.py

help: ## Show this
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 16

run: ## Set up what is missing and serve on http://localhost:8000 (PORT= changes it)
	$(setup)
	@exec $(python) -m config.embedded

setup: ## Set up without serving, with the tools for tests
	$(setup) --dev

seed: ## Put the demo into the database
	$(setup)
	@exec $(python) manage.py seed demo

test: ## Run the whole suite
	$(setup) --dev
	@exec $(python) -m pytest -n 2 -p randomly --randomly-seed=2026

fmt: ## Format Python and templates
	$(setup) --dev
	$(python) -m ruff check --fix-only --quiet .
	$(python) -m ruff format .
	find templates -name '*.html' -exec $(python) -m djade {} +

lint: ## Look for mistakes in Python and templates
	$(setup) --dev
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m djlint templates --lint --quiet

types: ## Check types
	$(setup) --dev
	$(python) -m mypy .

arch: ## Check that floors and rooms import only downwards
	$(setup) --dev
	$(python) -c 'from importlinter.cli import lint_imports_command as check; check()'

bench: ## Time pages and API calls against a stock Django page
	$(setup)
	@exec $(python) manage.py bench

prove: ## Run races, properties, fuzz and faults at full counts (LYB_PROVE=0.1: a tenth)
	$(setup) --dev
	@exec $(python) scripts/prove.py

ci: lint types arch test ## Run every check and the suite
