/* config_fuzz: any text as the configuration file. */
#include "domicile/base/mem.h"
#include "domicile/command/option.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const enum program_command commands[] = {PROGRAM_EXPLORE, PROGRAM_DEMO, PROGRAM_SANDBOX};
    struct options o = {.command = commands[size % 3]};
    struct str warnings = {0};
    sandbox_options_init(&o.sandbox);
    options_read_config(&o, (const char *)data, size, "config", &warnings);
    options_free(&o);
    str_free(&warnings);
    return 0;
}
