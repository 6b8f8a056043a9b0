// What Swift cannot reach of ncursesw and of POSIX signals: macros, variadics, shared mutable globals,
// code that runs in a signal handler, and the descriptor that ncurses writes to.
#ifndef CTERMINAL_H
#define CTERMINAL_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// MARK: curses.c: the screen and the way of its bytes

/// What the terminfo entry of a terminal name allows.
typedef enum {
  KGTerminalUsable,   // it can address the cursor
  KGTerminalLimited,  // known, but no cursor_address (dumb, unknown)
  KGTerminalUnknown,  // no such entry
} KGTerminalKind;
KGTerminalKind kg_terminal_kind(const char *name);

/// Whether the entry of the name numbers 256 colours, and none of 24 bits.
bool kg_indexes_colors(const char *name);

/// A string capability of the terminal opened last, or NULL where it has none.
const char *kg_capability(const char *name);
/// Whether the terminal takes 24-bit numbers as colours (terminfo's RGB flag).
bool kg_has_rgb(void);

/// newterm() on standard input and on a descriptor of our own for standard output.
/// False when the name is unknown or a descriptor is lacking.
bool kg_open(const char *name);
/// Gives back what kg_open took; after endwin().
void kg_close(void);

/// What reached the terminal: bytes, and the write calls that it took.
typedef struct {
  size_t bytes;
  int writes;
} KGFlush;

/// From here on what ncurses writes is kept back in memory ...
void kg_hold(void);
/// ... and here it leaves in one write, inside a synchronized update (mode 2026) if wanted. Nothing held, nothing written.
KGFlush kg_release(bool synchronized);
/// Writes straight to the terminal, for modes that ncurses does not know.
void kg_write(const char *bytes, size_t count);

/// Lets all later frames go nowhere; for signal handlers.
void kg_mute(void);

/// Fills a cell from at most five scalars: a base and its marks.
void kg_cell(cchar_t *cell, const uint32_t *scalars, int count, attr_t attributes, int pair);
/// The columns that ncurses will give a scalar; negative where it is not printable in the locale.
int kg_width(uint32_t scalar);

static inline WINDOW *kg_screen(void) { return stdscr; }
static inline WINDOW *kg_physical_screen(void) { return curscr; }
/// The window to read keys by: wgetch refreshes the window that it is given, at any time and outside of any frame, unless
/// it is a pad.
WINDOW *kg_input(void);
static inline int kg_rows(void) { return LINES; }
static inline int kg_columns(void) { return COLS; }
static inline int kg_colors(void) { return COLORS; }
/// Puts a row of cells; no wrap and no cursor motion.
static inline void kg_put_row(int row, const cchar_t *cells, int count) {
  (void)mvwadd_wchnstr(stdscr, row, 0, cells, count);
}
/// The size that the kernel knows of the terminal; false where it knows none.
bool kg_window_size(int *rows, int *columns);
/// Bytes that can be read from standard input at once; negative when it is gone.
int kg_readable(void);
/// Takes what can be read at once of a paste, past ncurses, which would look for keys in it: at most `capacity` bytes,
/// up to and with its end, Escape `[201~`. `matched` counts the bytes of the end that came last, 6 for all of it; it is
/// kept from call to call, 0 for a new paste.
size_t kg_read_paste(uint8_t *bytes, size_t capacity, int *matched);

static const attr_t kg_bold = A_BOLD, kg_dim = A_DIM, kg_italic = A_ITALIC;
static const attr_t kg_underline = A_UNDERLINE, kg_reverse = A_REVERSE;

/// An anonymous file in memory, closed on exec; -1 on failure.
int kg_memory_file(const char *name);

// MARK: guard.c: signals, and the last word of a dying process

/// ILL TRAP SEGV BUS FPE ABRT: the terminal is restored, one line goes to standard error, the status is 70.
/// Replaces Swift's own backtracer, which prints memory, and with it values and passwords.
void kg_guard_faults(void);
/// No core dumps: they hold values and passwords.
void kg_forbid_cores(void);
/// A folder of files that is removed when the process fails or is ended late; "" for none.
void kg_doom_folder(const char *path);
/// The program that has the terminal, which then goes too; 0 for none.
void kg_note_guest(pid_t child);
/// From here on INT and QUIT of the keyboard are for the program that has the terminal, those of other processes for us.
void kg_guard_guest(void);
/// Readable once a signal has asked the process to end; -1 where signals are not guarded.
int kg_ending(void);
/// From here on the first INT, TERM or HUP writes its number, one byte, to the descriptor; the next one ends the process.
/// What the parent has ignored stays so.
void kg_report_endings(int descriptor);
/// The event descriptor that a noted signal writes to; -1 for none.
void kg_wake_on_signals(int descriptor);
/// WINCH CONT TSTP and all that end a process are noted; PIPE is ignored.
/// After one that ends the process it does so within 450 ms with 128+N, whatever its loop does.
void kg_guard_signals(void);
/// Gives the signals back as they were before kg_guard_signals.
void kg_unguard_signals(void);
/// Signals noted since the last call, bit N for signal N.
uint32_t kg_take_signals(void);

/// What a dying process writes to the open terminal, before it sets the modes of kg_save_modes back.
/// `errors` is the descriptor for the last line. A count of 0 says that the terminal is restored already.
void kg_guard_terminal(const char *restore, size_t count, int errors);
/// Keeps the modes of standard input, and sets them back.
void kg_save_modes(void);
void kg_restore_modes(void);
/// Stops the process group as ^Z does; returns when it is continued, or at once where it cannot be stopped.
void kg_stop(void);
/// Runs `sh -c command sh argument` on this terminal (or without one) and waits for it; its standard error is `errors`
/// (-1: ours). ^C and ^Z are its own meanwhile. Returns 0 and its wait status, or an errno value: EINTR when this
/// process was asked to end and has ended it.
int kg_run(const char *command, const char *argument, bool terminal, int errors, int *status);

/// Takes echo, line editing and the signals of its keys from a terminal while a secret is typed; ended by a signal, the
/// process gives them back. False where it is no terminal.
bool kg_silence(int terminal);
void kg_unsilence(void);

// MARK: report.c: what is left of a crash

/// Where reports go (absolute; made when needed), the same as it is to be shown, and what each begins with.
void kg_prepare_report(const char *where, const char *shown, const char *facts);
/// Notes what was done, by its name; the last 32 stand in a report. One thread only.
void kg_note_action(const char *name);
/// For signal handlers. The path as it is to be shown, or "" where no report could be written.
const char *kg_write_report(const char *signal, void *context);

#endif
