# Every verb in one line: make help
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ANEW := $(BIN)/anew
# Byte-code makes every start two to three times faster; some environments switch it off.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help report test lab serve check reproduce release bench pictures lock clean setup setup-test

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: setup ## build the report: figures, site, PDFs, in Chinese and English
	@$(ANEW) build

test: setup-test ## run the tests
	@$(BIN)/python -m pytest -q -n auto --dist loadfile

serve: setup ## preview in the browser; rebuilds when a file is saved
	@$(ANEW) serve

check: setup ## check tables, text, facts, claims and the two languages
	@$(ANEW) check

reproduce: setup ## rebuild the released editions from raw tables, compare, write certificates
	@$(ANEW) reproduce

release: setup ## record every edition as it is built now (commit first, then commit the manifests)
	@$(ANEW) release

lab: setup ## open the notebooks in JupyterLab
	@test -x $(BIN)/jupyter-lab || $(BIN)/python -m pip install --quiet --no-build-isolation -e '.[edit]'
	@cd analysis && $(abspath $(BIN))/jupyter-lab

pictures: setup-test ## take the pictures in the READMEs of the site as it is now (needs Chromium)
	@$(ANEW) build --all-editions
	@$(BIN)/python tools/pictures.py

bench: setup ## time a cold build, a build with nothing to do, and the usual way
	@$(BIN)/python tests/bench.py

lock: ## resolve the locks anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --group lock pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --extra test --group lock --constraint requirements.lock pyproject.toml \
	  --output-file requirements-test.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --group crate --output-file requirements-crate.lock

clean: ## remove what was built, and the environment
	rm -rf .anew _site _variables.yml report/_built .quarto $(VENV)

setup: $(VENV)/.report
setup-test: $(VENV)/.test

$(VENV)/.report: requirements.lock pyproject.toml
	@sh tools/setup.sh $(PYTHON) $(VENV) requirements.lock
	@touch $@

$(VENV)/.test: $(VENV)/.report requirements-test.lock requirements-crate.lock \
		tools/chromium.sh tools/linters.sh tools/crate_validator.sh
	@sh tools/setup.sh $(PYTHON) $(VENV) requirements-test.lock
	@sh tools/chromium.sh
	@sh tools/linters.sh $(VENV)
	@sh tools/crate_validator.sh $(VENV) requirements-crate.lock
	@touch $@
