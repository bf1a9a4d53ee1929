/* replay_list: the short list of recorded files that the sandbox does not equal, each with its reason. */
#ifndef TESTS_SANDBOX_REPLAY_LIST_H
#define TESTS_SANDBOX_REPLAY_LIST_H

enum replay_kind {
    REPLAY_COMPARED, /* not listed: has to be equal */
    REPLAY_KNOWN,    /* sent and compared: differs, and is allowed to, for its reason */
    REPLAY_OPEN,     /* as known, but should become equal */
    REPLAY_OUTSIDE,  /* out of scope; sent, because what follows builds on it */
    REPLAY_UNSENT    /* out of scope, or no statement; not sent */
};

struct replay_list;

/* Ends the program when the file cannot be read or a line is not KIND VERSION/FILE REASON. The caller frees. */
struct replay_list *replay_list_read(const char *path);
void replay_list_free(struct replay_list *l);
/* Where the file stands, and why; the reason is the list's. */
enum replay_kind replay_list_find(const struct replay_list *l, const char *version, const char *file,
    const char **reason);

#endif
