# The harnesses beside this file, with libFuzzer and sanitizers on, below $(OUT); run makes them.
# SRC and BUILD: the sources, and where they were built, for what is generated.
FUZZ_CC ?= clang

libraries = libpq json-c libxml-2.0 libxslt libarchive xlsxwriter libcrypto libsodium liboath
flags = -std=gnu11 -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
	-DWITH_SANITIZERS -DARENA_ONE_MALLOC_EACH -D_GNU_SOURCE '-DPKGDATADIR="/nowhere"' '-DPACKAGE_VERSION="0"' \
	-I$(SRC)/cgi-bin -I$(BUILD)/cgi-bin -I$(SRC)/tests $(shell pkg-config --cflags $(libraries))
libs = $(shell pkg-config --libs $(libraries)) -lcsv -lcrack -lfcgi -lz

parts = core core/format auth records register reports
sources = $(filter-out %/main.c,$(foreach part,$(parts),$(wildcard $(SRC)/cgi-bin/$(part)/*.c)))
objects = $(sources:$(SRC)/%.c=$(OUT)/%.o)
harnesses = $(patsubst $(SRC)/tests/fuzz/fuzz_%.c,$(OUT)/%,$(wildcard $(SRC)/tests/fuzz/fuzz_*.c))

# The linker meets these before what they stand for: the body of an import, libpq, the gateway.
doubles = $(OUT)/tests/fuzz/pieces.o
$(OUT)/marks: doubles += $(OUT)/tests/unit/fake_gateway.o
$(OUT)/request $(OUT)/query $(OUT)/header: doubles = $(OUT)/tests/unit/fake_gateway.o $(OUT)/tests/unit/fake_pq.o

all: $(harnesses)

$(harnesses): $(OUT)/%: $(OUT)/tests/fuzz/fuzz_%.o $(OUT)/all.a $(OUT)/tests/fuzz/pieces.o \
		$(OUT)/tests/unit/fake_gateway.o $(OUT)/tests/unit/fake_pq.o
	$(FUZZ_CC) $(flags) -fsanitize=fuzzer -o $@ $< $(doubles) $(OUT)/all.a $(libs)

$(OUT)/all.a: $(objects)
	ar rcs $@ $^

$(OUT)/%.o: $(SRC)/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(flags) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

-include $(objects:.o=.d) $(wildcard $(OUT)/tests/*/*.d)
