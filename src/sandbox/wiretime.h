/* wiretime: dates, times and intervals between their text and their binary format. */
#ifndef DOMICILE_SANDBOX_WIRETIME_H
#define DOMICILE_SANDBOX_WIRETIME_H

#include "wire.h"

#include <stdbool.h>
#include <stdint.h>

/* Length and value; false, with nothing appended, when the text is none. */
bool wiretime_encode_date(struct wire_out *o, const char *text);
bool wiretime_encode_time(struct wire_out *o, const char *text);
/* With or without an offset from UTC. */
bool wiretime_encode_timestamp(struct wire_out *o, const char *text);
/* As the server prints one: "1 year 2 mons 3 days -04:05:06.789". */
bool wiretime_encode_interval(struct wire_out *o, const char *text);

/* Days since 2000-01-01; microseconds since midnight, since 2000-01-01 00:00. The caller frees. */
char *wiretime_decode_date(int32_t days);
char *wiretime_decode_time(int64_t t);
char *wiretime_decode_timestamp(int64_t t, bool zone);
char *wiretime_decode_interval(int64_t t, int32_t days, int32_t months);

#endif
