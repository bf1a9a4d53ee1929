/* log: the debug log, the only witness while the screen is taken. Off until opened. One line an
 * entry, UTC time first, control characters escaped, secrets removed. */
#ifndef DOMICILE_BASE_LOG_H
#define DOMICILE_BASE_LOG_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Opens (appends, 0600, never through a symlink) path; a full disk later is survived silently. */
bool log_open(const char *path, enum log_level level, struct err *err);
void log_close(void);
bool log_enabled(enum log_level level);
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends text with passwords, tokens, keys and the user-info passwords of URLs replaced by ***:
 * PASSWORD 'x', password=x, sslpassword=x, postgresql://u:x@h, WITH PASSWORD x. */
void log_redact(struct str *out, const char *text);

#endif
