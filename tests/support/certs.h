/* certs: a certificate authority for one test, made with the openssl command. */
#ifndef TESTS_SUPPORT_CERTS_H
#define TESTS_SUPPORT_CERTS_H

/* A new directory with ca.crt, ca.key, node.crt, node.key (for localhost), client.root.crt and .key, client.max.crt
 * and .key, locked.key (client.root.key, encrypted with "open sesame") and other-ca.crt, which signed nothing.
 * Ends the test when openssl is not there. The caller frees. */
char *certs_new(void);
void certs_remove(char *directory);

#endif
