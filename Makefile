# brandcert: make certify | check | lint | deps | install | clean. See README.md.
#
# Sources are found by wildcard: a new .c file in a folder, or a new test, needs no edit here.

VERSION := 0.1.0
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
ALL_CPPFLAGS = -D_GNU_SOURCE -DBRANDCERT_VERSION='"$(VERSION)"' -Iharness -Ifixtures -Iharness/tests -I$(BUILD)/gen $(call pc,--cflags) $(CPPFLAGS)
ALL_CFLAGS   = -std=gnu17 $(WARN) $(SAN) $(CFLAGS)
ALL_LIBS     = $(call pc,--libs) $(LDLIBS)

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
	awk -f harness/checks/registry.awk $(sort $(wildcard harness/checks/*.c)) > $@.new
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

# --- tests -----------------------------------------------------------------------------------------------------

.PHONY: tests
tests: $(TESTS)

TEST_HELP := $(call obj,$(wildcard harness/tests/*.c))

$(BUILD)/tests/%: $(BUILD)/obj/harness/tests/%.o $(TEST_HELP) $(BRAND_LIB) $(CMD_LIB) $(BUILD)/libbrandcert.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LIBS) $(shell pkg-config --libs check)

.PHONY: clean
clean:
	rm -rf $(BUILD)
