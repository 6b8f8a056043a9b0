# Everything a checkout needs; `make help` lists it. Needs the Swift 6.3 toolchain; Debian packages that are missing
# are installed by the targets that need them (.ci/packages says which, before it does).
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help build demo test campaign bench lint install clean

PREFIX ?= /usr/local
DESTDIR ?=
# Options for `make bench`, such as ARGS="--sizes 100000".
ARGS ?=
# How long `make campaign` fuzzes each target.
KEYGLASS_FUZZ_SECONDS ?= 60

# One set of flags for both products: switching flags would compile everything anew.
RELEASE := swift build -c release --static-swift-stdlib
KEYGLASS := .build/release/keyglass

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

build: ## the release binary, with the Swift runtime linked in: .build/release/keyglass
	@.ci/packages libncursesw5-dev libyaml-dev
	$(RELEASE) --product keyglass

demo: ## build it and browse a private sample server (without a terminal: play a tour and print the screens)
	@.ci/packages libncursesw5-dev libyaml-dev redis-server
	$(RELEASE) --product keyglass
	@if [ -t 0 ] && [ -t 1 ]; then exec $(KEYGLASS) demo; \
	else exec $(KEYGLASS) demo --still --script Tests/EndToEnd/Scripts/tour.keys; fi

# In four runs: what computes most, and what waits for other programs, would keep tests that live by real TTLs from their
# turn, or those that give a program ten seconds. For the same reason only so many run at once.
BUSY := Console|ReplyComparison|MonkeyTests|ComposeOracle
PROGRAMS := ComposeTests.(Compose(Process|Containers|Watch|RealEngine)|EngineLook)
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH := 12
OTHERS = KEYGLASS_SERVERS="$$(.ci/servers)" KEYGLASS_PYTE="$$(.ci/pyte)" KEYGLASS_COMPOSE="$$(.ci/compose)"
TEST = $(OTHERS) swift test --skip-build

test: ## all tests, unit to end-to-end, against servers that they start and stop themselves
	@.ci/packages libncursesw5-dev libyaml-dev redis-server tmux faketime openssl
	swift build --build-tests
	$(TEST) --skip '$(BUSY)|$(PROGRAMS)|EndToEnd'
	$(TEST) --filter EndToEnd --skip '$(BUSY)'
	$(TEST) --filter '$(PROGRAMS)'
	$(TEST) --filter '$(BUSY)'

campaign: ## the tests that take long: more random bytes, bigger collections, minutes of demo; sanitizers, fuzzing
	@.ci/packages libncursesw5-dev libyaml-dev redis-server tmux faketime openssl
	swift build --build-tests
	KEYGLASS_CAMPAIGN=1 $(TEST)
	.ci/sanitizers
	.ci/fuzz decoder $(KEYGLASS_FUZZ_SECONDS)
	.ci/fuzz display $(KEYGLASS_FUZZ_SECONDS)

bench: ## the budgets at 0.1 to 10 million keys, measured on this machine (ARGS=--rest: live view, monitor, console)
	@.ci/packages libncursesw5-dev libyaml-dev redis-server openssl
	$(RELEASE) --product keyglass
	$(RELEASE) --product keyglass-bench
	.build/release/keyglass-bench $(ARGS)

lint: ## the style of every source file
	swift format lint --strict --recursive Sources Tests Fuzz Package.swift

install: ## binary, manual and completions under PREFIX (/usr/local); builds first if that was not done
	@[ -x $(KEYGLASS) ] || $(MAKE) build
	install -D -s -m 755 $(KEYGLASS) $(DESTDIR)$(PREFIX)/bin/keyglass
	.ci/install-texts $(KEYGLASS) $(DESTDIR)$(PREFIX)/share

clean: ## what was built
	rm -rf .build
