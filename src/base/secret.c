/* secret: see the header. */
#include "domicile/base/secret.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define DOMICILE_SANITIZED 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define DOMICILE_SANITIZED 1
#endif

void secret_forbid_core_dumps(void) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef DOMICILE_SANITIZED /* a leak checker must be able to look at its own process */
    prctl(PR_SET_DUMPABLE, 0); /* a core handler behind a pipe asks for no limit */
#endif
}
