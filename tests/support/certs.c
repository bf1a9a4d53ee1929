/* certs: a certificate authority for one test. */
#include "certs.h"

#include "domicile/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char script[] =
    "set -e; cd '%s'\n"
    "curve='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'\n"
    "authority() { openssl req -x509 $curve -keyout $1.key -out $1.crt -days 2 -subj \"/O=Cockroach/CN=$1\"; }\n"
    "issue() {\n"
    "    openssl req $curve -keyout $1.key -out $1.csr -subj \"/O=Cockroach/CN=$2\"\n"
    "    openssl x509 -req -in $1.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out $1.crt\n"
    "    chmod 600 $1.key\n"
    "}\n"
    "echo subjectAltName=DNS:localhost >names\n"
    "authority ca; authority other-ca\n"
    "issue node node; issue client.root root; issue client.max max\n"
    "openssl pkcs8 -topk8 -in client.root.key -out locked.key -passout 'pass:open sesame'\n"
    "chmod 600 locked.key\n";

char *certs_new(void) {
    char name[] = "/tmp/domicile-certs-XXXXXX";
    char *directory = mkdtemp(name) ? mem_strdup(name) : NULL;
    FILE *sh = directory ? popen("sh >/dev/null 2>&1", "w") : NULL;
    if (sh)
        fprintf(sh, script, directory);
    if (!sh || pclose(sh) != 0) {
        printf("Bail out! the openssl command could not make certificates\n");
        exit(99);
    }
    return directory;
}

void certs_remove(char *directory) {
    char *line = mem_printf("rm -rf '%s'", directory);
    if (strncmp(directory, "/tmp/domicile-certs-", 20) == 0 && system(line) != 0)
        printf("# %s was left behind\n", directory);
    free(line);
    free(directory);
}
