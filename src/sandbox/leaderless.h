/* leaderless: what a follower read of a range answers that has had no leader for a while. */
#ifndef DOMICILE_SANDBOX_LEADERLESS_H
#define DOMICILE_SANDBOX_LEADERLESS_H

#include "engine_private.h"

#include "domicile/sandbox/world.h"

/* From 25.1 on a replica refuses at once what it cannot serve after a minute without a leader; before, and in older
 * versions, the read waits. False: it waits; else the error is in out. */
bool leaderless_fail(const struct engine *e, const struct world_range *r, int gateway, struct result *out);

#endif
