# make run: the demo world on this machine.  make test: every test.  make lint: style, types and the rooms' borders.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/pip -qq --disable-pip-version-check install

.PHONY: run test lint clean

run: .venv/ready
	@exec $(BIN)/hoctap up --demo

# On every core, each with a temporary server of its own; DATABASE_URL names one to test on instead, for one after another.
test: .venv/ready-dev
	@$(BIN)/python -m pytest -p tests.servers $(if $(DATABASE_URL),-n 0,-n logical) $(TESTS)

lint: .venv/ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@test ! -e .importlinter || $(BIN)/lint-imports
	@$(BIN)/mypy

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis

.venv/made:
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 (Debian: apt install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Cần Python 3.11 trở lên; $(PYTHON) cũ hơn." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python này thiếu venv. Hãy chạy: apt install python3-venv" >&2; exit 1; }
	@echo "Đang tạo môi trường Python trong .venv…"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/made requirements.txt pyproject.toml
	@echo "Đang cài các thư viện (requirements.txt)…"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --editable .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	@echo "Đang cài các thư viện để kiểm thử (requirements-dev.txt)…"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@
