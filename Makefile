# brandcert: make certify | check | lint | docs | deps | install | clean. See README.md.
#
# Sources are found by wildcard: a new .c file in a folder, or a new test, needs no edit here.

BUILD   ?= build
PREFIX  ?= /usr/local
TARGET  ?=
# make V=1 shows the commands.
Q       := $(if $(V),,@)
# Limits a build to some folders while working on them: make FOLDERS="core jose" tests
FOLDERS ?= core jose evidence suite checks plan verdict exchange report codes endpoint commands

ifeq ($(origin CC),default)
CC      := gcc
endif
CFLAGS  ?= -O2 -g
PC_LIBS := libcurl jansson yaml-0.1 openssl libevent libevent_openssl libxml-2.0
WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings -Wcast-qual \
           -Wformat=2 -Wundef -Wpointer-arith -Werror
# SANITIZE=address,undefined builds with those, without recovery.
SANITIZE ?=
ifneq ($(SANITIZE),)
SAN     := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

pc       = $(shell pkg-config $(1) $(PC_LIBS) 2>/dev/null)
ALL_CPPFLAGS = -D_GNU_SOURCE -Iharness -Ifixtures -Iharness/tests -I$(BUILD)/gen $(call pc,--cflags) $(CPPFLAGS)
ALL_CFLAGS   = -std=gnu17 $(WARN) $(SAN) $(CFLAGS)
ALL_LIBS     = $(call pc,--libs) -lm $(LDLIBS)

LIB_SRC   := $(foreach f,$(filter-out commands,$(FOLDERS)),$(wildcard harness/$(f)/*.c))
CMD_SRC   := $(if $(filter commands,$(FOLDERS)),$(wildcard harness/commands/*.c))
BRAND_SRC := $(if $(filter endpoint,$(FOLDERS)),$(wildcard fixtures/endpoint/*.c))
TEST_SRC  := $(foreach f,$(FOLDERS),$(wildcard harness/tests/$(f)/test_*.c))
FUZZ_SRC  := $(wildcard harness/fuzz/fuzz_*.c)

obj        = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJ   := $(call obj,$(LIB_SRC))
ifneq ($(filter checks,$(FOLDERS)),)
LIB_OBJ   += $(BUILD)/obj/gen/registry.o
endif
# The reference brand's parts without its main: the fault vocabulary is linked into brandcert, the rest into tests.
BRAND_LIB := $(call obj,$(filter-out %/main.c,$(BRAND_SRC)))
CMD_LIB   := $(call obj,$(filter-out %/main.c,$(CMD_SRC)))
TESTS     := $(patsubst harness/tests/%.c,$(BUILD)/tests/%,$(TEST_SRC))
FUZZERS   := $(patsubst harness/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))

.PHONY: all
all: $(BUILD)/brandcert $(BUILD)/reference-brand

$(BUILD)/brandcert: $(call obj,$(CMD_SRC)) $(BRAND_LIB) $(BUILD)/libbrandcert.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/reference-brand: $(call obj,$(BRAND_SRC)) $(BUILD)/libbrandcert.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/libbrandcert.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/gen/registry.c: harness/checks/registry.awk $(wildcard harness/checks/*.c)
	@mkdir -p $(@D)
	$(Q)awk -f harness/checks/registry.awk $(sort $(wildcard harness/checks/*.c)) > $@.new
	@mv $@.new $@

$(BUILD)/obj/gen/registry.o: $(BUILD)/gen/registry.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Changed flags rebuild everything; unchanged ones leave the file alone.
$(BUILD)/flags: FORCE
	@mkdir -p $(BUILD)
	@echo '$(CC) $(subst ','\'',$(ALL_CPPFLAGS) $(ALL_CFLAGS)) $(FOLDERS)' | cmp -s - $@ || \
		echo '$(CC) $(subst ','\'',$(ALL_CPPFLAGS) $(ALL_CFLAGS)) $(FOLDERS)' > $@
.PHONY: FORCE
FORCE:

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# --- what is needed ------------------------------------------------------------------------------------------------

DEPS ?= check
.PHONY: deps
deps:
	@harness/deps $(DEPS)

# What the tests take from npm, at the versions of the lock file.
NODE_MODULES := harness/tests/node_modules/.package-lock.json
$(NODE_MODULES): harness/tests/package-lock.json
	cd harness/tests && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# --- certify -------------------------------------------------------------------------------------------------------

# make certify TARGET=acme.yaml certifies that brand; without TARGET the reference brand is certified.
.PHONY: certify
certify:
	@$(MAKE) --no-print-directory deps DEPS=build
	@$(MAKE) --no-print-directory all
	@$(BUILD)/brandcert run $(if $(TARGET),--target '$(TARGET)') --report junit --report tap --report json \
		--report html --report markdown

# --- tests ---------------------------------------------------------------------------------------------------------

# What tests share: every .c below harness/tests that is no test program.
TEST_HELP := $(call obj,$(wildcard harness/tests/*.c) $(foreach f,$(FOLDERS),$(filter-out harness/tests/$(f)/test_%.c,\
             $(wildcard harness/tests/$(f)/*.c))))

$(BUILD)/tests/%: $(BUILD)/obj/harness/tests/%.o $(TEST_HELP) $(BRAND_LIB) $(CMD_LIB) $(BUILD)/libbrandcert.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LIBS) $(shell pkg-config --libs check)

$(BUILD)/fuzz/%: $(BUILD)/obj/harness/fuzz/%.o $(BUILD)/obj/harness/fuzz/replay.o $(BRAND_LIB) $(BUILD)/libbrandcert.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

# Objects of tests are kept, or make would build them again each time.
.SECONDARY:
.PHONY: tests
tests: $(TESTS)

# Runs what is built: the corpora of the fuzz targets, the proof of the suite, then every test program.
.PHONY: run-tests
run-tests: all tests $(FUZZERS) $(NODE_MODULES)
	@for f in $(FUZZERS); do \
		echo "  FUZZ  $$f: $$($$f harness/fuzz/corpus/$${f##*/fuzz_}/*)" || exit 1; done
	@$(BUILD)/brandcert prove
	@BRANDCERT_BUILD=$(BUILD) harness/tests/run $(TESTS)

.PHONY: check
check:
	@$(MAKE) --no-print-directory deps DEPS=check
	@$(MAKE) --no-print-directory run-tests

# The whole suite against providers from npm that nobody here wrote: fixtures/interop.
.PHONY: interop
interop:
	@$(MAKE) --no-print-directory deps DEPS=check
	@$(MAKE) --no-print-directory all
	@fixtures/interop/run $(BUILD)

# The same under AddressSanitizer and UndefinedBehaviorSanitizer, with clang, one malloc an object.
.PHONY: check-sanitize
check-sanitize:
	@$(MAKE) --no-print-directory deps DEPS=lint
	@ASAN_OPTIONS=detect_leaks=1 $(MAKE) --no-print-directory run-tests CC=clang BUILD=$(BUILD)/sanitize \
		SANITIZE=address,undefined CPPFLAGS=-DBRANDCERT_ARENA_EACH CFLAGS='-O1 -g'

# One whole run under valgrind: no error, no leak.
.PHONY: check-valgrind
check-valgrind: all
	valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect,possible \
		$(BUILD)/brandcert run --quiet

# make fuzz TARGET=yaml SECONDS=60: libFuzzer over one target.
SECONDS ?= 60
.PHONY: fuzz
fuzz:
	@$(MAKE) --no-print-directory CC=clang BUILD=$(BUILD)/fuzzing CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address' \
		$(BUILD)/fuzzing/obj/harness/fuzz/fuzz_$(TARGET).o $(BUILD)/fuzzing/libbrandcert.a
	@mkdir -p $(BUILD)/fuzzing/corpus-$(TARGET)
	clang -fsanitize=fuzzer,address -o $(BUILD)/fuzzing/$(TARGET) $(BUILD)/fuzzing/obj/harness/fuzz/fuzz_$(TARGET).o \
		$(BUILD)/fuzzing/libbrandcert.a $(ALL_LIBS)
	$(BUILD)/fuzzing/$(TARGET) -max_total_time=$(SECONDS) $(BUILD)/fuzzing/corpus-$(TARGET) harness/fuzz/corpus/$(TARGET)

# --- lint ----------------------------------------------------------------------------------------------------------

C_FILES = $(shell find harness fixtures -name node_modules -prune -o -name '*.[ch]' -print | sort)

.PHONY: lint
lint:
	@$(MAKE) --no-print-directory deps DEPS=lint
	@harness/lint/layers harness/LAYERS $(filter-out harness/tests/% harness/fuzz/%,$(C_FILES))
	@harness/lint/source
	clang-format --dry-run -Werror $(C_FILES)
	@$(MAKE) --no-print-directory all tests CC=clang BUILD=$(BUILD)/clang
	@harness/lint/docs $(BUILD)/clang/brandcert
	@$(MAKE) --no-print-directory tidy
	@echo "lint: clean"

# Exclusions, each with its reason, stand in .clang-tidy.
.PHONY: tidy
tidy: $(BUILD)/gen/registry.c
	@printf '%s\n' $(filter %.c,$(filter-out harness/tests/% harness/fuzz/%,$(C_FILES))) | \
		xargs -P 2 -n 4 harness/lint/tidy $(BUILD) $(ALL_CPPFLAGS) --

# --- pages that are written from the suite --------------------------------------------------------------------------

.PHONY: docs
docs: all
	$(BUILD)/brandcert list requirements --markdown > $(BUILD)/REQUIREMENTS.md
	@mv $(BUILD)/REQUIREMENTS.md suites/REQUIREMENTS.md

# --- install -------------------------------------------------------------------------------------------------------

.PHONY: install
install: all
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/libexec/brandcert' '$(DESTDIR)$(PREFIX)/share/brandcert'
	install -m 755 $(BUILD)/brandcert '$(DESTDIR)$(PREFIX)/bin/brandcert'
	install -m 755 $(BUILD)/reference-brand '$(DESTDIR)$(PREFIX)/libexec/brandcert/reference-brand'
	cp -R suites '$(DESTDIR)$(PREFIX)/share/brandcert/'
	install -d $(foreach d,man/man1 bash-completion/completions zsh/site-functions,'$(DESTDIR)$(PREFIX)/share/$(d)')
	$(BUILD)/brandcert manual > '$(DESTDIR)$(PREFIX)/share/man/man1/brandcert.1'
	$(BUILD)/brandcert completion bash > '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/brandcert'
	$(BUILD)/brandcert completion zsh > '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_brandcert'

.PHONY: clean
clean:
	rm -rf $(BUILD) harness/tests/node_modules
