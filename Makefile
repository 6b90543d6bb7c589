# Thin front of CMake. `make run` and `make test` work on a fresh Debian 12: they install what is missing first.
PRESET ?= dev
BUILD := build/$(PRESET)
JOBS ?= $(shell nproc)
export VEDETTE_SHARED ?= $(abspath ../shared)

.PHONY: run build engine-library portal test-setup test quick check bench soak fmt fuzz asan tsan clean install setup golden-accept test-more

run: build
	@exec build/bin/vedette serve --data $${VEDETTE_DATA:-$$HOME/.local/share/vedette} --listen $${VEDETTE_LISTEN:-localhost:8443}

# What is missing of Debian's and npm's packages is installed; nothing is asked of the network otherwise.
setup:
	@tools/setup packages

test-setup:
	@tools/setup test-packages

engine-library:
	@tools/setup chdb

$(BUILD)/build.ninja: | setup
	@mkdir -p $(BUILD) && cmake --preset $(PRESET) >$(BUILD)/configure.log 2>&1 || { cat $(BUILD)/configure.log; exit 1; }

build: setup engine-library $(BUILD)/build.ninja portal
	@cmake --build $(BUILD) -j $(JOBS)
	@tools/setup stage

portal: setup
	@tools/setup portal

quick: test-setup build
	@ctest --test-dir $(BUILD) -L quick -j $(JOBS) --output-on-failure --no-tests=error

test: test-setup build
	@tools/test

check: test-setup build
	@ctest --test-dir $(BUILD) -L check -j $(JOBS) --output-on-failure --no-tests=error

bench: test-setup build
	@/usr/bin/python3 tools/bench.py
	@/usr/bin/python3 tools/bench_kql.py

soak: test-setup build
	@VEDETTE_KILLS=200 /usr/bin/python3 -m pytest -q tests/scenario/test_kill.py tests/scenario/test_casework.py

# Slow comparisons with other programs; as root, with debootstrap.
test-more: build
	@/usr/bin/python3 tools/compare_benchmarks.py

fmt:
	@git ls-files '*.c' '*.h' '*.cc' | xargs clang-format-14 -i

fuzz: test-setup
	@$(MAKE) --no-print-directory PRESET=fuzz build
	@tools/fuzz

asan tsan:
	@$(MAKE) --no-print-directory PRESET=$@ build
	@ctest --test-dir build/$@ -L unit -j $(JOBS) --output-on-failure

golden-accept: build
	@VEDETTE_GOLDEN_ACCEPT=1 ctest --test-dir $(BUILD) -L golden --output-on-failure

install: build
	@cmake --install $(BUILD)

clean:
	@rm -rf build portal/dist
