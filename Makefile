# What every contribution must pass, and what goes with it. `make` alone says what there is.
#
# Everything is compiled in the release profile, tests too: polars takes minutes, and this way it is compiled once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Steps share cargo's lock and a log: one after the other, also under `make -j`.
.NOTPARALLEL:

TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
PEERLAB := $(TARGET)/release/peerlab
LOG := $(TARGET)/test.log
VENV := $(TARGET)/python
BROWSER := $(TARGET)/browser
CLUSTER := $(TARGET)/cluster
PEERS := $(TARGET)/peers
APT := $(if $(filter 0,$(shell id -u)),apt-get,sudo apt-get)

step = @printf '\n== %s\n' "$(1)"

.PHONY: help test tools format lint lint-model unit census rustdoc python notebooks cluster slurm browser totals fuzz deny bench peers baselines \
	notebooks-update notebooks-lock studies inference docs

help:
	@echo 'make test        everything that must pass: format, clippy, all tests, documentation, tables read from Python,'
	@echo '                 notebooks run from start to end, reports looked at in a browser'
	@echo 'make slurm       the workflows of cluster/ on a Slurm of one node, which it starts; as root'
	@echo 'make fuzz        the property tests on new cases, CASES times as many as usual (10); make a test of what fails'
	@echo 'make deny        licenses, sources and advisories of the dependencies by cargo-deny, which must be installed'
	@echo 'make bench       nanoseconds per dyad-week of the model, beside the floor; the analysis beside the simulation'
	@echo 'make peers       the same model in Mesa, NumPy, krABMaga, a plain loop and peerlab: do they agree, how long do they take;'
	@echo '                 writes its part of docs/performance.md; in the newest Python found, or in PYTHON'
	@echo 'make baselines   write the expected files anew; the only command that does: read the difference, then commit'
	@echo 'make notebooks-update  run the notebooks and docs/r.md, and keep what comes out; look at it, then commit'
	@echo 'make notebooks-lock    look for newer versions of what the notebooks and the Python tests need'
	@echo 'make studies     write the pages of the studies anew, from scenarios, registry and a run of each'
	@echo 'make inference   measure every estimator in every design anew, for docs/inference.md; some ten minutes'
	@echo 'make docs        documentation of the library, in $(TARGET)/doc'

test: tools format lint lint-model unit census rustdoc python notebooks cluster browser totals

# Installs what a bare machine lacks; silent where all is there.
tools:
	@cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 || rustup component add rustfmt clippy
	@mkdir -p '$(TARGET)'; : > '$(LOG)'

format: tools
	$(call step,format)
	cargo fmt --all -- --check

lint: tools
	$(call step,clippy: everything)
	cargo clippy --release --all-targets -- -D warnings

lint-model: tools
	$(call step,clippy: the model and the study alone)
	cargo clippy --release --all-targets --no-default-features -- -D warnings

unit: tools
	$(call step,tests: unit + property + integration + documentation)
	cargo test --release 2>&1 | tee -a '$(LOG)'

census: tools
	$(call step,the model and the study alone: build; count what the kernel evaluates)
	cargo build --release --no-default-features
	cargo clippy --release --no-default-features --features census --lib --tests -- -D warnings
	cargo test --release --no-default-features --features census --lib census 2>&1 | tee -a '$(LOG)' | tee '$(TARGET)/census.log'
	@grep -q '^test result: ok. 1 passed' '$(TARGET)/census.log' || { echo 'the census did not run'; exit 1; }

rustdoc: tools
	$(call step,documentation of the library)
	RUSTDOCFLAGS='-D warnings' cargo doc --release --no-deps --lib

# One environment for the Python tests and the notebooks, every version and hash locked.
$(VENV)/ready: tests/python/requirements.txt notebooks/requirements.txt
	@mkdir -p '$(TARGET)'
	@rm -rf '$(VENV)'
	@python3 -c 'import ensurepip' 2>/dev/null || { $(APT) update && $(APT) install -y python3-venv; }
	python3 -m venv '$(VENV)'
	'$(VENV)/bin/pip' install --quiet --disable-pip-version-check --require-hashes \
		-r tests/python/requirements.txt -r notebooks/requirements.txt
	@touch '$@'

python: tools $(VENV)/ready
	$(call step,every table read from Python by polars + pyarrow + duckdb; the snippets of docs/results.md)
	cargo build --release
	@runs=$$(mktemp -d); trap 'rm -rf "$$runs"' EXIT; \
	'$(PEERLAB)' run listening-training --quiet --replications 20 --record episodes --out "$$runs/run"; \
	'$(VENV)/bin/python' tests/python/check_tables.py "$$runs/run" 2>&1 | tee -a '$(LOG)'; \
	'$(PEERLAB)' sweep listening-training --quiet --over organization.competition=0,0.5 --over program.weeks=12,26 --replications 30 \
		--out "$$runs/sweep"; \
	'$(VENV)/bin/python' tests/python/check_tables.py "$$runs/sweep" 2>&1 | tee -a '$(LOG)'; \
	'$(VENV)/bin/python' tests/python/run_snippets.py docs/results.md "$$runs/run" 2>&1 | tee -a '$(LOG)'

notebooks: tools $(VENV)/ready
	$(call step,notebooks: run from start to end; what comes out is what they keep)
	cargo build --release
	PEERLAB='$(PEERLAB)' '$(VENV)/bin/python' tests/python/run_notebooks.py notebooks 2>&1 | tee -a '$(LOG)'
	$(call step,docs/r.md: its snippets and what they print, where there is R)
	PEERLAB='$(PEERLAB)' '$(VENV)/bin/python' tests/python/run_r_page.py docs/r.md 2>&1 | tee -a '$(LOG)'

# Snakemake has an environment of its own: it is a tool that is run, and nothing of peerlab's reads it.
$(CLUSTER)/ready: cluster/requirements.txt
	@rm -rf '$(CLUSTER)'
	@python3 -c 'import ensurepip' 2>/dev/null || { $(APT) update && $(APT) install -y python3-venv; }
	python3 -m venv '$(CLUSTER)'
	'$(CLUSTER)/bin/pip' install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch '$@'

cluster: tools $(CLUSTER)/ready
	$(call step,cluster/: Snakemake with two jobs at once + one of them killed)
	cargo build --release
	PEERLAB='$(PEERLAB)' SNAKEMAKE='$(CLUSTER)/bin/snakemake' tests/cluster/snakemake.sh 2>&1 | tee -a '$(LOG)'

# As root, on a machine without a Slurm of its own.
slurm: tools $(CLUSTER)/ready
	$(call step,cluster/: a job array and Snakemake on a Slurm of one node)
	@command -v slurmctld munged >/dev/null || { $(APT) update && $(APT) install -y --no-install-recommends slurm-wlm munge; }
	cargo build --release
	PEERLAB='$(PEERLAB)' SNAKEMAKE='$(CLUSTER)/bin/snakemake' tests/cluster/slurm.sh

# The browser and node are the system's; what npm brings lies beside the build, and no browser is downloaded.
$(BROWSER)/ready: tests/browser/package.json tests/browser/package-lock.json
	@missing=''; for tool in chromium npm node; do command -v $$tool >/dev/null || missing="$$missing $${tool/%node/nodejs}"; done; \
	[ -z "$$missing" ] || { $(APT) update && $(APT) install -y --no-install-recommends $$missing; }
	@mkdir -p '$(BROWSER)'
	cp tests/browser/package.json tests/browser/package-lock.json '$(BROWSER)'
	cd '$(BROWSER)' && npm ci --no-audit --no-fund --loglevel=error
	@touch '$@'

browser: tools $(BROWSER)/ready
	$(call step,reports + stories + a brief in a browser: accessibility and layout; phone + desk + paper; light + dark)
	cargo build --release
	@cp tests/browser/check.mjs tests/browser/faulty.html '$(BROWSER)'
	@runs=$$(mktemp -d); trap 'rm -rf "$$runs"' EXIT; \
	run() { '$(PEERLAB)' run "$$1" --quiet --replications 40 --out "$$runs/$$2"; }; \
	run listening-training two-arms; run questionnaire survey; run risk-factors factorial; run cultures settings; \
	run tests/scenarios/null.toml null; run tests/scenarios/twelve_arms.toml twelve-arms; run sponsors/hospital hospital; \
	'$(PEERLAB)' sweep listening-training --quiet --over organization.competition=0..1:5 --over program.weeks=12,16,26 --replications 20 \
		--out "$$runs/sweep"; \
	tell() { '$(PEERLAB)' story "$$1" --pick turning-point --twin --format html --out "$$runs/$$2/story.html" >/dev/null; }; \
	tell listening-training two-arms; tell cultures settings; \
	CHROMIUM="$$(command -v chromium)" node '$(BROWSER)/check.mjs' "$$runs"/*/*.html 2>&1 | tee -a '$(LOG)'
	$(call step,sponsors' briefs on one page: A4 + Letter)
	cargo test --release --test compare -- --ignored 2>&1 | tee -a '$(LOG)'

# Sums the lines 'N passed; M failed' of cargo and 'N passed, M failed' of Python.
totals:
	$(call step,done)
	@grep -oE '[0-9]+ passed[;,] [0-9]+ failed' '$(LOG)' \
	| awk '{ passed += $$1; failed += $$3 } END { print passed " checks passed, " failed " failed"; exit failed > 0 }'

CASES ?= 10
# The seed of every other target stands in .cargo/config.toml.
fuzz: export PROPTEST_RNG_SEED = $(shell od -An -N7 -tu8 /dev/urandom | tr -d ' ')
fuzz: export PROPTEST_CASES = $(shell echo $$(( 256 * $(CASES) )))
fuzz: tools
	cargo test --release --no-default-features --lib

# The tests judge licenses and sources by the same rules; the advisories alone need the network, and the tool minutes to build.
deny:
	@cargo deny --version >/dev/null 2>&1 || { echo 'first: cargo install --locked cargo-deny'; exit 1; }
	cargo deny --all-features check

bench:
	cargo bench --bench kernel
	cargo bench --bench analysis

# The peers have a workspace, a lock file and an environment of their own.
$(PEERS)/python/ready: benches/peers/python/requirements.txt benches/peers/python/newest.sh
	@rm -rf '$(PEERS)/python'
	@mkdir -p '$(PEERS)'
	@benches/peers/python/newest.sh >/dev/null 2>&1 || python3 -c 'import ensurepip' 2>/dev/null || { $(APT) update && $(APT) install -y python3-venv; }
	python=$$(benches/peers/python/newest.sh); "$$python" -m venv '$(PEERS)/python'
	'$(PEERS)/python/bin/pip' install --quiet --disable-pip-version-check -r $<
	@touch '$@'

ROUNDS ?= 5
peers: $(PEERS)/python/ready
	cargo build --release --locked
	cargo build --release --locked --manifest-path benches/peers/Cargo.toml --target-dir '$(PEERS)'
	RUSTFLAGS='-C target-cpu=native' cargo build --release --locked --manifest-path benches/peers/Cargo.toml --target-dir '$(PEERS)/native' --bin plain
	'$(PEERS)/python/bin/python' benches/peers/measure.py --peerlab '$(PEERLAB)' --bin '$(PEERS)/release' --native '$(PEERS)/native/release' \
		--rounds $(ROUNDS) --page docs/performance.md

baselines:
	UPDATE_EXPECTED=1 cargo test --release --no-fail-fast
	@git status --short

notebooks-update: tools $(VENV)/ready
	cargo build --release
	PEERLAB='$(PEERLAB)' '$(VENV)/bin/python' tests/python/run_notebooks.py notebooks --update
	PEERLAB='$(PEERLAB)' '$(VENV)/bin/python' tests/python/run_r_page.py docs/r.md --update
	@git status --short notebooks docs/r.md

LOCK := '$(TARGET)/uv/bin/uv' pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
notebooks-lock: tools
	python3 -m venv '$(TARGET)/uv'
	'$(TARGET)/uv/bin/pip' install --quiet --disable-pip-version-check uv
	$(LOCK) --upgrade notebooks/requirements.in -o notebooks/requirements.txt
	$(LOCK) --upgrade tests/python/requirements.in -o tests/python/requirements.txt
	$(LOCK) --upgrade cluster/requirements.in -o cluster/requirements.txt
	@git status --short notebooks/requirements.txt tests/python/requirements.txt cluster/requirements.txt

studies:
	UPDATE_EXPECTED=1 cargo test --release --test study_pages
	@git status --short docs/studies

inference:
	UPDATE_INFERENCE=1 cargo test --release --test inference the_tables -- --nocapture
	@git status --short docs/inference.md

docs:
	cargo doc --release --no-deps --lib
	@echo '$(TARGET)/doc/peerlab/index.html'
