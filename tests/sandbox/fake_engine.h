/* fake_engine: an engine that knows a handful of words, to test the wire layer alone:
 *   rows N   N rows (n int8, t text)      tag X     the command tag X
 *   echo     $1 text back, as text        number    $1 int8 back, as int8
 *   fail     22012 with detail and hint   notice    a notice, tag NOTICE
 *   wait     waits until cancelled        nap       waits until woken by a timer of 20 ms
 *   begin / commit                        slow      an answer that costs 50 ms */
#ifndef DOMICILE_TESTS_FAKE_ENGINE_H
#define DOMICILE_TESTS_FAKE_ENGINE_H

#include "domicile/sandbox/engine.h"

/* How often engine_finish was asked to commit, and to roll back. */
extern int fake_commits, fake_rollbacks;
struct engine *fake_engine(void);

#endif
