# make run: the app on port 8501. make test: the tests. Both set up what they need first, once.
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
# several pictures at once share the cores better with few threads each
export OMP_NUM_THREADS ?= 2

.PHONY: run setup setup-dev test test-browser measure check clean

run: setup
	$(BIN)/streamlit run app.py --server.port $(PORT)

setup: .venv/.run-done

setup-dev: .venv/.dev-done

test: setup-dev
	$(BIN)/python -m pytest -m "not browser"

test-browser: setup-dev
	$(BIN)/python -m pytest -m browser

measure: setup-dev
	$(BIN)/python -m tests.browser.measure

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

clean:
	rm -rf .venv

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run-done: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install -r requirements.txt
	touch $@

.venv/.dev-done: requirements-dev.txt .venv/.run-done
	$(BIN)/python -m pip install -r requirements-dev.txt
	touch $@
