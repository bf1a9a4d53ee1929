/* wire_fuzz: any bytes as a client's, into the sandbox's protocol on the engine that knows a handful of words.
 * The first byte says in pieces of what size they come. */
#include "domicile/sandbox/protocol.h"
#include "sandbox/fake_engine.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int32_t process_id(void *arg) {
    (void)arg;
    return 42;
}

static void on_cancel(void *arg, int32_t id, int32_t secret) {
    (void)arg;
    (void)id;
    (void)secret;
}

static void take_output(struct protocol *p) {
    size_t n;
    while (protocol_output(p, &n), n > 0)
        protocol_sent(p, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    struct loop *loop = loop_new();
    const struct protocol_host host = {.loop = loop,
        .engine = fake_engine(),
        .compat = data[0] & 1 ? 2201 : 2601,
        .secure = data[0] & 2,
        .node = 1,
        .locality = "region=here",
        .client = "127.0.0.1:1",
        .new_process_id = process_id,
        .cancel = on_cancel};
    struct protocol *p = protocol_new(&host);
    size_t piece = (size_t)(data[0] >> 2) * 2 + 1;
    for (size_t at = 1; at < size && !protocol_closing(p); at += piece) {
        protocol_input(p, data + at, size - at < piece ? size - at : piece);
        loop_turn(loop, 0);
        take_output(p);
        if (protocol_starts_tls(p))
            protocol_tls_started(p, data[0] & 4 ? "root" : "");
    }
    protocol_free(p);
    loop_free(loop);
    return 0;
}
