# Everything runs in .venv, made from the lock file; nothing but Python 3.11, git and make is needed.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: help install run test check format bench bench-quick soak screenshots translations lock wheel clean

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

install: .venv/installed ## Make the environment in .venv, with every optional part

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Chatpane needs Python 3.11 or newer")'
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || \
		{ rm -rf .venv; echo 'No environment could be made. On Debian: apt install python3-venv' >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

run: install ## Load the demo company into SQLite and serve it (PORT=8000)
	$(BIN)/chatpane demo --port $(PORT)

test: install ## Run all tests
	$(BIN)/pytest -n 2 --dist worksteal $(PYTEST_ARGS)

check: install ## Lint, types, import floors, templates, translations, seeds
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python tests/checks/translations.py
	$(BIN)/python tests/checks/htmx_habits.py
	$(BIN)/python tests/checks/commands.py
	$(BIN)/python seeds/make_seeds.py --check

format: install ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install ## Measure pages, imports, deliveries and starts; prints tables, writes JSON
	$(BIN)/python -m tests.bench

bench-quick: install ## The same in two minutes, on fewer rows and pages
	$(BIN)/python -m tests.bench --quick

soak: install ## Ten minutes of everything at once on PostgreSQL, with two hosts (ARGS=--seconds 60)
	$(BIN)/python -m tests.soak $(ARGS)

screenshots: install ## Make the pictures, all in build/ and the best in docs/ (ARGS=--accept: those compared)
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

translations: install ## Take up new texts into the catalogues, and compile them
	mkdir -p build
	$(BIN)/pybabel -q extract -F webui/translations/babel.cfg -k lazy_gettext -o build/messages.pot --no-location --sort-output .
	$(BIN)/pybabel -q update -i build/messages.pot -d webui/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -d webui/translations

lock: ## Pin every dependency anew (needs uv)
	uv pip compile -q --universal --generate-hashes --extra postgresql --extra redis --group dev --python-version 3.11 pyproject.toml -o requirements.lock --no-header --upgrade

wheel: install ## Build dist/*.whl
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel

clean: ## Remove the environment and what was built
	rm -rf .venv dist build
