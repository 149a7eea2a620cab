# jazari. What people call by name (`make help` prints these lines):
#
#   make run        builds it, makes a demonstration network, opens the program on it
#   make test       builds it, runs every test, ends with "N passed, N failed"
#   make            builds build/jazari
#   make install    installs it under PREFIX (/usr/local), with its manual page and completion; make uninstall
#   make lint       the formatter, the linters and the rules of the house
#   make sanitize   every test again under the address and undefined-behaviour sanitizers
#   make proof      the proofs of nothing lost in full, where make test does a share of them
#   make fuzz       every reader of hostile bytes against random ones, FUZZ_SECONDS (20) each
#   make soak       a hundred open screens at a server that is written to, for SOAK_SECONDS (3600)
#   make bench      measures what the program promises, on a store of a million rows
#   make format     formats the sources
#   make clean      removes build/
#
# Everything is built under build/ (build/asan for the sanitizers). Sources are found by their folder, so a new file
# needs no line here. `make deps` installs the Debian packages that are missing, and says so.

VERSION    := 0.1.0
PREFIX     ?= /usr/local
DESTDIR    ?=
ifeq ($(origin CC),default)
CC         := gcc
endif
BUILD      ?= build
# The user's own CFLAGS come last, so that they win.
WARNINGS   := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings -Wformat=2
OPTIMISE   ?= -O2 -g
SANITIZE   ?=
PACKAGES   := ncursesw sqlite3 libconfig jansson libsodium fribidi
PKG_CFLAGS  = $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS    = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv -lunistring -lm
ALL_CFLAGS  = -std=c11 -D_GNU_SOURCE -DJAZARI_VERSION='"$(VERSION)"' -DJAZARI_LOCALES='"$(PREFIX)/share/locale"' \
              -Isrc -Iui -I$(BUILD) $(WARNINGS) $(OPTIMISE) -fstack-protector-strong \
              -D_FORTIFY_SOURCE=$(if $(SANITIZE),0,2) $(SANITIZE) $(PKG_CFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(SANITIZE) -Wl,-z,relro,-z,now $(LDFLAGS)

SOURCES  := $(sort $(wildcard src/*/*.c ui/*/*.c))
OBJECTS  := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embedded.o
EMBEDDED := $(sort $(wildcard data/schema/*.sql data/reference/* data/demo/*)) jazari.conf.example
UNIT     := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
FAULTS   := $(patsubst tests/faults/%.c,$(BUILD)/tests/fault_%,$(sort $(wildcard tests/faults/*.c)))
DRIVER   := $(BUILD)/tests/screen/driver
PRELOADS := $(patsubst tests/faults/preload/%.c,$(BUILD)/tests/%.so,$(sort $(wildcard tests/faults/preload/*.c)))
BENCHES  := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(sort $(wildcard tests/bench/*.c)))

LIBRARY  := $(BUILD)/libjazari.a

MAKEFLAGS += --no-print-directory
# A line a file; V=1 shows the whole commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)')
JOBS := $(shell nproc 2>/dev/null || echo 2)
# Recipes that people call by name first see to the packages, then build in parallel.
BUILD_ALL = @$(MAKE) -j$(JOBS)

.PHONY: all help run test deps deps-test deps-lint deps-bench lint sanitize proof soak fuzz bench install uninstall clean format binaries benches
.DELETE_ON_ERROR:

all: deps
	$(BUILD_ALL) $(BUILD)/jazari

help:
	@sed -n 's/^#   make/make/p' Makefile

# --- what is needed ---------------------------------------------------------------------------------------------

deps deps-test deps-lint deps-bench:
	@sh data/debian/install.sh $@

# --- building ---------------------------------------------------------------------------------------------------

$(BUILD)/jazari: $(BUILD)/src/main.o $(LIBRARY)
	$(call say,LD $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(LIBRARY): $(OBJECTS)
	$(call say,AR $@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC $<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# What both ends of a socket have to agree on (src/service/protocol.h): where any of it differs, they are told apart.
PROTOCOL := $(sort $(wildcard src/*/*.h src/model/*.c src/service/*.c))
$(BUILD)/src/service/protocol.o: $(PROTOCOL)
$(BUILD)/src/service/protocol.o: private ALL_CFLAGS += -DPROTOCOL_SUM=$(shell cat $(PROTOCOL) | cksum | cut -d' ' -f1)

$(BUILD)/embedded.o: $(BUILD)/embedded.c
	$(call say,CC $<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/embedded.c: data/embed.sh $(EMBEDDED)
	@mkdir -p $(@D)
	$(call say,EMBED data)
	$(Q)sh data/embed.sh $(EMBEDDED) >$@.new && mv $@.new $@

# A change of compiler or flags builds everything anew.
$(BUILD)/flags: FORCE
	@mkdir -p $(BUILD)
	@echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)' >$@
FORCE:
TEST_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/*/*.c))
$(BUILD)/src/main.o $(OBJECTS) $(TEST_OBJECTS): $(BUILD)/flags
.SECONDARY: $(TEST_OBJECTS)

$(BUILD)/tests/test_%: $(BUILD)/tests/unit/test_%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka

$(BUILD)/tests/fault_%: $(BUILD)/tests/faults/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka -lvterm -lutil

# What makes a disk slow or broken and memory run out, for LD_PRELOAD: built alike for all, so that a sanitizer can come
# before it.
$(PRELOADS): $(BUILD)/tests/%.so: tests/faults/preload/%.c
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -Wno-pedantic -O2 -fPIC -shared -o $@ $< -ldl

$(DRIVER): $(patsubst tests/screen/%.c,$(BUILD)/tests/screen/%.o,$(wildcard tests/screen/*.c))
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ -lvterm -lutil

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS) -lvterm -lutil

binaries: $(BUILD)/jazari $(UNIT) $(FAULTS) $(DRIVER) $(PRELOADS)
benches: $(BENCHES)

-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)

# --- using ------------------------------------------------------------------------------------------------------

run: deps
	$(BUILD_ALL) $(BUILD)/jazari
	@test -e $(BUILD)/demo.db || $(BUILD)/jazari --store $(BUILD)/demo.db init --demo
	@$(BUILD)/jazari --store $(BUILD)/demo.db

test: deps-test
	$(BUILD_ALL) binaries
	@sh tests/run.sh $(BUILD)

SANITIZED := BUILD=$(BUILD)/asan OPTIMISE='-O1 -g -fno-omit-frame-pointer' \
             SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all'
WATCHED := ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1
sanitize: deps-test
	$(BUILD_ALL) $(SANITIZED) binaries
	@$(WATCHED) sh tests/run.sh $(BUILD)/asan

# The tests of faults that take a share of theirs elsewhere, all of it: those of injected faults under the sanitizers.
PROOFS := damage server
proof: deps-test
	$(BUILD_ALL) $(BUILD)/jazari $(PRELOADS) $(PROOFS:%=$(BUILD)/tests/fault_%)
	@PROOF=1 sh tests/run.sh $(BUILD) $(PROOFS:%=fault_%)
	$(BUILD_ALL) $(SANITIZED) $(BUILD)/asan/jazari $(PRELOADS:$(BUILD)/%=$(BUILD)/asan/%) $(BUILD)/asan/tests/fault_injected
	@PROOF=1 $(WATCHED) sh tests/run.sh $(BUILD)/asan fault_injected

# Each entry point of tests/fuzz for so long, two at a time; what is found stays in build/fuzz as crash-*.
FUZZ_SECONDS ?= 20
FUZZED := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(sort $(wildcard tests/fuzz/*.c)))
$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(LIBRARY)
	$(call say,LD $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS)
.SECONDARY: $(FUZZED)
fuzzed: $(FUZZED:%=%.done)
$(BUILD)/fuzz_%.done: $(BUILD)/fuzz_% FORCE
	@mkdir -p $(BUILD)/corpus/$*
	@echo '  FUZZ $* $(FUZZ_SECONDS) s'
	@cd $(BUILD) && { ./fuzz_$* -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=2048 corpus/$* >$*.log 2>&1 || \
	    { tail -n 40 $*.log; exit 1; }; }

fuzz: deps-lint
	@$(MAKE) -j$(JOBS) CC=clang BUILD=$(BUILD)/fuzz OPTIMISE='-O1 -g -fno-omit-frame-pointer' \
	    SANITIZE='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all' fuzzed

lint: deps-lint
	@sh tests/lint.sh $(BUILD)

bench: deps-bench
	$(BUILD_ALL) OPTIMISE='$(OPTIMISE)' $(BUILD)/jazari $(BENCHES) $(PRELOADS)
	@sh tests/bench/run.sh $(BUILD)

SOAK_SECONDS ?= 3600
soak: deps
	$(BUILD_ALL) $(BUILD)/jazari $(BUILD)/bench/soak
	@dir=$$(mktemp -d) && HOME=$$dir $(BUILD)/bench/soak $(BUILD)/jazari $$dir $(SOAK_SECONDS); status=$$?; \
	    rm -rf "$$dir"; exit $$status

format:
	clang-format -i $(SOURCES) $(wildcard src/*.c src/*/*.h ui/*/*.h tests/*/*.c tests/*/*.h)

SHARE = $(DESTDIR)$(PREFIX)/share
UNITS = $(DESTDIR)$(PREFIX)/lib/systemd/system
SYSTEMD := $(wildcard data/systemd/*.service data/systemd/*.socket data/systemd/*.timer)
install: all
	install -D -m 755 $(BUILD)/jazari $(DESTDIR)$(PREFIX)/bin/jazari
	install -d $(SHARE)/man/man1 $(SHARE)/bash-completion/completions
	@# Read by everybody, whatever the umask of who installs it.
	umask 022 && $(BUILD)/jazari help man >$(SHARE)/man/man1/jazari.1
	umask 022 && $(BUILD)/jazari help completion >$(SHARE)/bash-completion/completions/jazari
	install -D -m 644 -t $(SHARE)/doc/jazari jazari.conf.example README.md LICENSE data/reference/SOURCES.md
	@# Everybody's settings are root's to make; who installs it for himself has his own.
	@install -d $(DESTDIR)/etc/jazari 2>/dev/null || \
	    echo "jazari: $(DESTDIR)/etc/jazari cannot be made: only you have settings, in ~/.config/jazari/jazari.conf"
	install -d $(UNITS) $(DESTDIR)$(PREFIX)/lib/sysusers.d $(SHARE)/doc/jazari/sshd
	umask 022 && for unit in $(notdir $(SYSTEMD)); do sed 's|@PREFIX@|$(PREFIX)|' data/systemd/$$unit >$(UNITS)/$$unit || exit 1; done
	umask 022 && sed 's|@PREFIX@|$(PREFIX)|' data/ssh/jazari.conf >$(SHARE)/doc/jazari/sshd/jazari.conf
	install -m 644 data/systemd/jazari.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/jazari.conf

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/jazari $(SHARE)/man/man1/jazari.1 $(SHARE)/bash-completion/completions/jazari
	rm -f $(addprefix $(UNITS)/,$(notdir $(SYSTEMD))) $(DESTDIR)$(PREFIX)/lib/sysusers.d/jazari.conf
	rm -rf $(SHARE)/doc/jazari

clean:
	rm -rf $(BUILD)
