/* pattern: regular expressions in the server's syntax (RE2), for the matcher of the C library (POSIX). */
#ifndef DOMICILE_SANDBOX_PATTERN_H
#define DOMICILE_SANDBOX_PATTERN_H

#include <regex.h>

enum pattern_result {
    PATTERN_GOOD,
    PATTERN_INVALID,
    PATTERN_UNSUPPORTED, /* good for the server, and something that POSIX has not */
};

/* Compiles it; flags are those of regcomp(). With REG_NOSUB only whether there is a match is asked. */
enum pattern_result pattern_compile(regex_t *re, const char *pattern, int flags);

#endif
