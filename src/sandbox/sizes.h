/* sizes: how much of each table's rows lies in which range. */
#ifndef DOMICILE_SANDBOX_SIZES_H
#define DOMICILE_SANDBOX_SIZES_H

#include "engine_private.h"

/* Counts the rows that a session sees, and tells the world's ranges their sizes. */
void sizes_count(struct engine_session *es);

#endif
