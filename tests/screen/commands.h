/* The commands of the scripts, by family: what is done to a program (act), what is seen of it (look), and files and
 * programs without a terminal (shell). commands.c lists them; driver.c tells people about them. */
#ifndef JAZARI_TESTS_SCREEN_COMMANDS_H
#define JAZARI_TESTS_SCREEN_COMMANDS_H

#include "runner.h"

extern const Command commands[]; /* ended by a row without a name */

bool check_key(Step *, Text *why);
bool check_mouse(Step *, Text *why);
bool check_signal(Step *, Text *why);
bool check_exit(Step *, Text *why);
bool check_number(Step *, Text *why);
bool act_start(Runner *, Step *);
bool act_launch(Runner *, Step *);
bool act_session(Runner *, Step *);
bool act_key(Runner *, Step *);
bool act_type(Runner *, Step *);
bool act_paste(Runner *, Step *);
bool act_bytes(Runner *, Step *);
bool act_mouse(Runner *, Step *);
bool act_resize(Runner *, Step *);
bool act_signal(Runner *, Step *);
bool act_hangup(Runner *, Step *);
bool act_exit(Runner *, Step *);
bool act_stopped(Runner *, Step *);
bool act_alive(Runner *, Step *);
bool act_mark(Runner *, Step *);
bool act_wrote(Runner *, Step *);
bool act_idle(Runner *, Step *);
bool act_cpu(Runner *, Step *);

bool check_screen(Step *, Text *why);
bool check_attr(Step *, Text *why);
bool check_cursor(Step *, Text *why);
bool check_modes(Step *, Text *why);
bool check_tty(Step *, Text *why);
bool look_wait(Runner *, Step *);
bool look_gone(Runner *, Step *);
bool look_expect(Runner *, Step *);
bool look_refuse(Runner *, Step *);
bool look_screen(Runner *, Step *);
bool look_attr(Runner *, Step *);
bool look_cursor(Runner *, Step *);
bool look_title(Runner *, Step *);
bool look_modes(Runner *, Step *);
bool look_mouse(Runner *, Step *); /* mouse on|off */
bool look_paste(Runner *, Step *); /* paste on|off */
bool look_tty(Runner *, Step *);
bool look_restored(Runner *, Step *);

bool check_size(Step *, Text *why);
bool check_clock(Step *, Text *why);
bool check_env(Step *, Text *why);
bool check_file(Step *, Text *why);
bool check_name(Step *, Text *why);
bool check_chmod(Step *, Text *why);
bool check_cli(Step *, Text *why);
bool shell_size(Runner *, Step *);
bool shell_term(Runner *, Step *);
bool shell_env(Runner *, Step *);
bool shell_unset(Runner *, Step *);
bool shell_clock(Runner *, Step *);
bool shell_file(Runner *, Step *);
bool shell_holds(Runner *, Step *);
bool shell_chmod(Runner *, Step *);
bool shell_demo(Runner *, Step *);
bool shell_stdin(Runner *, Step *);
bool shell_cli(Runner *, Step *);
bool shell_says(Runner *, Step *);
bool shell_omits(Runner *, Step *);
bool shell_silent(Runner *, Step *);

#endif
