/* patience: see the header. */
#include "patience.h"

#include <stdlib.h>

int patience(void) {
    const char *text = getenv("TEST_PATIENCE");
    int factor = text ? atoi(text) : 1;
    return factor > 0 ? factor : 1;
}
