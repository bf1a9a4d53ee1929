/* sandbox_load: what a new sandbox holds. */
#ifndef DOMICILE_SANDBOX_SANDBOX_LOAD_H
#define DOMICILE_SANDBOX_SANDBOX_LOAD_H

#include "domicile/sandbox/engine.h"
#include "domicile/sandbox/sandbox.h"
#include "domicile/sandbox/world.h"

/* The walkthrough's database (sql/schema), unless there is one of its name already. */
bool sandbox_load(struct loop *loop, struct engine *engine, int compat, struct err *err);
/* A table split into as many ranges as were asked for. */
bool sandbox_load_ranges(struct loop *loop, struct engine *engine, struct world *world,
    const struct sandbox_options *o, struct err *err);

#endif
