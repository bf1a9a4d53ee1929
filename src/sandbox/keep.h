/* keep: what a sandbox's directory holds of the cluster beside its databases. */
#ifndef SANDBOX_KEEP_H
#define SANDBOX_KEEP_H

#include "domicile/base/err.h"
#include "domicile/sandbox/settings.h"

/* Writes the cluster settings that were set, all at once. False in err: the file cannot be written. */
bool keep_settings(const char *directory, const struct settings *settings, struct err *err);
/* Sets what keep_settings wrote; nothing where nothing was. False in err: the file is damaged. */
bool keep_restore_settings(const char *directory, struct settings *settings, struct err *err);

#endif
