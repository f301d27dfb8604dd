# make help lists the targets
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ANEW := $(BIN)/anew
PYTEST := $(BIN)/python -m pytest -q
# A file of tests stays on one worker; tests/conftest.py says which files come first.
SPREAD := -n auto --dist loadfile --no-loadscope-reorder
# Without byte-code every start takes two to three times as long; some environments switch it off.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help report test quick coverage mutants faults lint lab serve check reproduce release bench \
	bench-check docs beside fuzz pictures lock clean setup setup-test

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: setup ## build the report: figures, site and PDFs, in Chinese and English
	@$(ANEW) build

test: setup-test ## run all tests
	@$(PYTEST) $(SPREAD) --durations=10

quick: setup-test ## run the fast tests: no builds, no browser, under a minute
	@$(PYTEST) $(SPREAD) -m "not slow and not browser and not quarto"

coverage: setup-test ## run all tests and print which lines of the engine they run
	@rm -rf .cache/coverage && mkdir -p .cache/coverage
	@$(BIN)/coverage run -m pytest -q $(SPREAD)
	@$(BIN)/coverage combine -q
	@$(BIN)/python tools/rooms.py

mutants: setup-test ## change the engine, and see which changes no test notices (SAMPLE=60, JOBS=2)
	@$(BIN)/python tools/mutants.py $(or $(SAMPLE),60) $(or $(JOBS),2)

faults: setup-test ## break, kill and damage builds many times (TRIALS=100)
	@ANEW_TRIALS=$(or $(TRIALS),100) $(PYTEST) -n auto tests/test_faults.py

lint: setup-test ## check style, the layers of the engine and its types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet src tests analysis tools benchmarks
	@$(BIN)/lint-imports
	@$(BIN)/mypy

serve: setup ## preview in the browser; rebuilds when a file is saved
	@$(ANEW) serve

check: setup ## check tables, text, facts, claims and both languages
	@$(ANEW) check

reproduce: setup ## rebuild the released editions from raw tables, compare, write a certificate
	@$(ANEW) reproduce

release: setup ## record every edition as built (commit first, then commit the manifests)
	@$(ANEW) release

lab: setup ## open the notebooks in JupyterLab
	@test -x $(BIN)/jupyter-lab || $(BIN)/python -m pip install --quiet --no-build-isolation -e '.[edit]'
	@cd analysis && $(abspath $(BIN))/jupyter-lab

fuzz: setup-test ## try a quarter of a million damaged files on every reader (needs atheris)
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install --quiet 'atheris>=3'
	@$(BIN)/python tests/fuzz.py

docs: setup-test ## build the documentation into _docs/
	@$(BIN)/sphinx-build -q -W --keep-going -b html docs _docs

beside: docs ## put the documentation and the example beside the report, for publishing
	@cd examples/daylight && $(abspath $(ANEW)) build --all-editions
	@rm -rf _site/docs _site/example
	@cp -R _docs _site/docs && cp -R examples/daylight/_site _site/example

pictures: setup-test ## retake the screenshots in the READMEs (needs Chromium)
	@$(ANEW) build --all-editions
	@$(BIN)/python tools/pictures.py

bench: setup ## measure whole builds against the limit and what people do; renews docs/speed.md
	@$(BIN)/python -m benchmarks

bench-check: setup ## measure fewer cases again; name what got slower than is recorded
	@$(BIN)/python -m benchmarks --check

UV_LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
lock: ## update the lock files (needs uv)
	$(UV_LOCK) --group lock pyproject.toml --output-file requirements.lock
	$(UV_LOCK) --extra test --group lock --constraint requirements.lock pyproject.toml \
	  --output-file requirements-test.lock
	$(UV_LOCK) --group crate --output-file requirements-crate.lock
	$(UV_LOCK) --group s3 --output-file requirements-s3.lock

clean: ## remove everything built, and the environment
	rm -rf .anew _site _docs _variables.yml report/_built .quarto $(VENV)

setup: $(VENV)/.report
setup-test: $(VENV)/.test

$(VENV)/.report: requirements.lock pyproject.toml
	@$(PYTHON) tools/setup.py $(VENV) requirements.lock --project
	@touch $@

# The crate validator and the S3 server need other versions than the report does, so each has its
# own environment.
$(VENV)/.test: $(VENV)/.report requirements-test.lock requirements-crate.lock requirements-s3.lock \
		tools/chromium.sh tools/linters.sh
	@$(BIN)/python tools/setup.py $(VENV) requirements-test.lock --project
	@$(BIN)/python tools/setup.py $(VENV)/lib/crate-validator requirements-crate.lock || \
	  echo "The crate validator cannot be installed: its test will not run."
	@$(BIN)/python tools/setup.py $(VENV)/lib/s3-server requirements-s3.lock || \
	  echo "The S3 server cannot be installed: its test will not run."
	@sh tools/chromium.sh
	@sh tools/linters.sh $(VENV)
	@touch $@
