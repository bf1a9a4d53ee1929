/* terminal: its modes, taken and given back whatever happens. */
#include "domicile/ui/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

/* Attributes off, mouse and paste off, cursor on, keypad off, alternate screen left; the cursor on again, since leaving
 * the alternate screen brings back in some terminals what was saved with it. */
static const char restore_bytes[] =
    "\033[0m\033[?1006l\033[?1002l\033[?1000l\033[?2004l\033[?25h\033[?1l\033>\033[?1049l\033[?25h\r";
static const char take_bytes[] = "\033[?1049h\033[?1h\033=\033[?2004h\033(B\033[m\033[4l\033[?7h\033[r\033[2J\033[H";
static const char mouse_bytes[] = "\033[?1000h\033[?1006h";

static struct {
    int fd;
    int parked; /* the true stderr */
    int park;   /* where it is kept meanwhile */
    volatile sig_atomic_t taken;
    struct termios before;
} terminal = {.fd = -1, .parked = -1, .park = -1};

bool terminal_open(struct err *err) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        err_set(err, ERR_USAGE, "the explorer needs a terminal, and standard %s is none",
            isatty(STDIN_FILENO) ? "output" : "input");
        return err_hint(err, "start it from a terminal; in a container or over ssh ask for one (-t)");
    }
    const char *name = ttyname(STDOUT_FILENO);
    terminal.fd = name ? open(name, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
    if (terminal.fd < 0 || tcgetattr(terminal.fd, &terminal.before) != 0)
        return err_set(err, ERR_USAGE, "the terminal cannot be opened: %s", strerror(errno));
    return true;
}

int terminal_fd(void) { return terminal.fd; }

static void write_all(const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t done = write(terminal.fd, bytes, n);
        if (done <= 0)
            return; /* a terminal that does not take it is not waited for */
        bytes += done;
        n -= (size_t)done;
    }
}

static void park_stderr(void) {
    if (terminal.parked >= 0)
        return;
    terminal.park = memfd_create("stderr", MFD_CLOEXEC);
    terminal.parked = terminal.park >= 0 ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : -1;
    if (terminal.parked >= 0)
        dup2(terminal.park, STDERR_FILENO);
}

void terminal_take(bool mouse) {
    struct termios raw = terminal.before;
    cfmakeraw(&raw);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    terminal.taken = 1;
    tcsetattr(terminal.fd, TCSANOW, &raw);
    write_all(take_bytes, sizeof take_bytes - 1);
    if (mouse)
        write_all(mouse_bytes, sizeof mouse_bytes - 1);
    park_stderr();
}

void terminal_restore(void) {
    if (terminal.fd < 0 || !terminal.taken)
        return;
    terminal.taken = 0;
    /* What the terminal has not taken yet belongs to a picture that nobody sees any more. */
    tcflush(terminal.fd, TCOFLUSH);
    /* Modes first: what is typed as soon as the screen is back is for the next program, and read in its way. */
    tcsetattr(terminal.fd, TCSANOW, &terminal.before);
    write_all(restore_bytes, sizeof restore_bytes - 1);
}

void terminal_unpark(void) {
    char buffer[4096];
    ssize_t n;
    if (terminal.parked < 0)
        return;
    dup2(terminal.parked, STDERR_FILENO);
    close(terminal.parked);
    terminal.parked = -1;
    lseek(terminal.park, 0, SEEK_SET);
    while ((n = read(terminal.park, buffer, sizeof buffer)) > 0)
        if (write(STDERR_FILENO, buffer, (size_t)n) < 0)
            break;
    close(terminal.park);
    terminal.park = -1;
}

void terminal_close(void) {
    terminal_restore();
    terminal_unpark();
    if (terminal.fd >= 0)
        close(terminal.fd);
    terminal.fd = -1;
}

void terminal_size(int *rows, int *cols) {
    struct winsize size = {0};
    bool known = ioctl(terminal.fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0;
    *rows = known ? size.ws_row : 24;
    *cols = known ? size.ws_col : 80;
}

static void on_crash(int signo) {
    static const char text[] =
        "domicile: it crashed; the terminal was given back. Please report it with what you did.\n";
    terminal_restore();
    int fd = terminal.parked >= 0 ? terminal.parked : STDERR_FILENO;
    if (write(fd, text, sizeof text - 1) < 0)
        _exit(70);
    signal(signo, SIG_DFL);
    raise(signo);
}

void terminal_guard(void) {
    static char stack_bytes[65536];
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
    stack_t stack = {.ss_sp = stack_bytes, .ss_size = sizeof stack_bytes};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND)};
    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        sigaction(crashes[i], &action, NULL);
    atexit(terminal_close); /* a library that gives up calls exit() */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may grow no more is an error where it is written */
}

void terminal_suspend(bool mouse) {
    sigset_t set;
    terminal_restore();
    signal(SIGTSTP, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    kill(0, SIGTSTP); /* the whole job, as the terminal's own Ctrl-Z does */
    terminal_take(mouse);
}

void terminal_die_by(int signo) {
    signal(signo, SIG_DFL);
    raise(signo);
    _exit(128 + signo);
}
