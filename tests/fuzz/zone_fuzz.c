/* zone_fuzz: any text as CONFIGURE ZONE, SHOW CREATE and CASE expressions: what is read must print, and what is
 * printed must read the same. */
#include "domicile/base/mem.h"
#include "domicile/dialect/casevalues.h"
#include "domicile/dialect/showcreate.h"
#include "domicile/dialect/zone.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_zone(const char *text) {
    struct zone z = {0};
    struct zone again = {0};
    struct err err = {0};
    struct str once = {0};
    struct str twice = {0};
    char *target = NULL;
    char *target_again = NULL;
    if (!zone_parse(&z, &target, text, &err))
        return;
    zone_print_options(&twice, &z, "");
    bool whole = *target && twice.len; /* else there is nothing to read again */
    str_clear(&twice);
    zone_print(&once, &z, target);
    if (!whole) {
        str_free(&once);
        str_free(&twice);
        free(target);
        zone_free(&z);
        return;
    }
    if (!zone_parse(&again, &target_again, str_get(&once), &err))
        abort();
    zone_print(&twice, &again, target_again);
    if (strcmp(str_get(&once), str_get(&twice)) != 0)
        abort();
    str_free(&once);
    str_free(&twice);
    free(target);
    free(target_again);
    zone_free(&z);
    zone_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = mem_strndup((const char *)data, size);
    struct casevalues c;
    struct showcreate_table t;
    struct showcreate_database d;
    struct err err = {0};
    fuzz_zone(text);
    if (casevalues_parse(&c, text, &err))
        casevalues_free(&c);
    if (showcreate_table_parse(&t, text, &err))
        showcreate_table_free(&t);
    if (showcreate_database_parse(&d, text, &err))
        showcreate_database_free(&d);
    free(text);
    return 0;
}
