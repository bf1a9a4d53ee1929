# fuzz.mk: builds and runs the fuzzers, apart from the program's own build: clang, libFuzzer, ASan and UBSan.
# make -f tests/fuzz/fuzz.mk SECONDS=30; the corpora are in tests/fuzz/corpus, a file an input.
SECONDS = 30
FUZZERS = wire dialect decode key zone text input config
OUT = fuzz-build
CC = clang
PACKAGES = ncursesw libpq readline sqlite3 jansson openssl
CFLAGS = -std=gnu17 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer \
	-D_GNU_SOURCE -DDOMICILE_DATADIR='"."' -Iinclude -I. -Itests $(shell pkg-config --cflags $(PACKAGES))
LIBS = $(shell pkg-config --libs $(PACKAGES)) -lm
# app holds main.
SOURCES = $(filter-out src/app/%,$(wildcard src/*/*.c))
OBJECTS = $(SOURCES:%.c=$(OUT)/%.o)

run: $(FUZZERS:%=run-%)
build: $(FUZZERS:%=$(OUT)/%_fuzz)

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer-no-link -I$(dir $<) -MMD -c -o $@ $<

$(OUT)/liball.a: $(OBJECTS)
	ar cr $@ $?

$(OUT)/wire_fuzz: $(OUT)/tests/sandbox/fake_engine.o
$(OUT)/%_fuzz: $(OUT)/tests/fuzz/%_fuzz.o $(OUT)/liball.a
	$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(OUT)/liball.a $(LIBS)

# New inputs stay in the build; those in tests/fuzz/corpus are the seeds.
run-%: $(OUT)/%_fuzz
	@mkdir -p $(OUT)/corpus/$*
	@$(OUT)/$*_fuzz -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
		-artifact_prefix=$(OUT)/$*- $(OUT)/corpus/$* tests/fuzz/corpus/$* >$(OUT)/$*.log 2>&1 \
		&& echo "$*: $(SECONDS) s clean, $$(sed -n 's/^stat::number_of_executed_units: *//p' $(OUT)/$*.log) inputs" \
		|| { echo "$*: FAILED"; tail -n 60 $(OUT)/$*.log; exit 1; }

.PRECIOUS: $(OUT)/%.o $(OUT)/%_fuzz
.PHONY: run build
-include $(OBJECTS:.o=.d) $(FUZZERS:%=$(OUT)/tests/fuzz/%_fuzz.d) $(OUT)/tests/sandbox/fake_engine.d
