/* The table of commands: how each line reads, and what runs it. What they mean stands in driver.c. */
#include "commands.h"

#define MANY ((size_t)-1)

const Command commands[] = {
    {"size", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_NOTHING, "COLUMNSxROWS", check_size, shell_size},
    {"term", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_NOTHING, "NAME", NULL, shell_term},
    {"env", ARGUMENT_TEXT, 1, 1, BLOCK_NEVER, NEED_NOTHING, "NAME=VALUE", check_env, shell_env},
    {"unset", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_NOTHING, "NAME", NULL, shell_unset},
    {"clock", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_NOTHING, "INSTANT", check_clock, shell_clock},

    {"file", ARGUMENT_WORDS, 1, 2, BLOCK_MAY, NEED_NOTHING, "NAME [MODE]", check_file, shell_file},
    {"chmod", ARGUMENT_WORDS, 2, 2, BLOCK_NEVER, NEED_NOTHING, "MODE NAME", check_chmod, shell_chmod},
    {"holds", ARGUMENT_WORDS, 1, 1, BLOCK_MAY, NEED_NOTHING, "NAME", check_name, shell_holds},
    {"demo", ARGUMENT_WORDS, 0, 1, BLOCK_NEVER, NEED_NOTHING, "[NAME]", check_name, shell_demo},
    {"cli", ARGUMENT_WORDS, 0, MANY, BLOCK_MAY, NEED_NOTHING, "[STATUS] [ARGUMENT ...]", check_cli, shell_cli},
    {"stdin", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_NOTHING, "NAME", check_name, shell_stdin},
    {"says", ARGUMENT_REGEX, 1, 1, BLOCK_NEVER, NEED_NOTHING, "REGEX", NULL, shell_says},
    {"omits", ARGUMENT_REGEX, 1, 1, BLOCK_NEVER, NEED_NOTHING, "REGEX", NULL, shell_omits},
    {"silent", ARGUMENT_NONE, 0, 0, BLOCK_NEVER, NEED_NOTHING, "", NULL, shell_silent},

    {"start", ARGUMENT_WORDS, 0, MANY, BLOCK_NEVER, NEED_NOTHING, "[ARGUMENT ...]", NULL, act_start},
    {"launch", ARGUMENT_WORDS, 1, MANY, BLOCK_NEVER, NEED_NOTHING, "COMMAND [ARGUMENT ...]", NULL, act_launch},
    {"session", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_NOTHING, "NAME", NULL, act_session},
    {"key", ARGUMENT_WORDS, 1, 2, BLOCK_NEVER, NEED_RUNNING, "NAME [TIMES]", check_key, act_key},
    {"type", ARGUMENT_BYTES, 1, 1, BLOCK_NEVER, NEED_RUNNING, "TEXT", NULL, act_type},
    {"bytes", ARGUMENT_BYTES, 1, 1, BLOCK_NEVER, NEED_RUNNING, "TEXT", NULL, act_bytes},
    {"paste", ARGUMENT_BYTES, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "TEXT | on | off", NULL, act_paste},
    {"mouse", ARGUMENT_WORDS, 1, 3, BLOCK_NEVER, NEED_TERMINAL,
     "COLUMN ROW [left | middle | right | up | down | 1-5] | on | off", check_mouse, act_mouse},
    {"resize", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_RUNNING, "COLUMNSxROWS", check_size, act_resize},
    {"signal", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_RUNNING, "NAME", check_signal, act_signal},
    {"hangup", ARGUMENT_NONE, 0, 0, BLOCK_NEVER, NEED_RUNNING, "", NULL, act_hangup},
    {"exit", ARGUMENT_WORDS, 1, 2, BLOCK_NEVER, NEED_TERMINAL, "STATUS | signal NAME", check_exit, act_exit},
    {"stopped", ARGUMENT_NONE, 0, 0, BLOCK_NEVER, NEED_RUNNING, "", NULL, act_stopped},
    {"alive", ARGUMENT_NONE, 0, 0, BLOCK_NEVER, NEED_TERMINAL, "", NULL, act_alive},

    {"wait", ARGUMENT_REGEX, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "REGEX", NULL, look_wait},
    {"gone", ARGUMENT_REGEX, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "REGEX", NULL, look_gone},
    {"expect", ARGUMENT_REGEX, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "REGEX", NULL, look_expect},
    {"refuse", ARGUMENT_REGEX, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "REGEX", NULL, look_refuse},
    {"screen", ARGUMENT_WORDS, 0, 1, BLOCK_MAY, NEED_TERMINAL, "[ROW | ROW-ROW]", check_screen, look_screen},
    {"attr", ARGUMENT_TEXT, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "ROW COLUMN LOOK ... | /REGEX/ LOOK ...", check_attr,
     look_attr},
    {"cursor", ARGUMENT_TEXT, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "ROW COLUMN | /REGEX/ | hidden | visible", check_cursor,
     look_cursor},
    {"title", ARGUMENT_REGEX, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "REGEX", NULL, look_title},
    {"modes", ARGUMENT_WORDS, 1, MANY, BLOCK_NEVER, NEED_TERMINAL, "MODE ...", check_modes, look_modes},
    {"tty", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "raw | restored", check_tty, look_tty},
    {"restored", ARGUMENT_NONE, 0, 0, BLOCK_NEVER, NEED_TERMINAL, "", NULL, look_restored},

    {"mark", ARGUMENT_NONE, 0, 0, BLOCK_NEVER, NEED_TERMINAL, "", NULL, act_mark},
    {"wrote", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "BYTES", check_number, act_wrote},
    {"idle", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "MS", check_number, act_idle},
    {"cpu", ARGUMENT_WORDS, 1, 1, BLOCK_NEVER, NEED_TERMINAL, "MS", check_number, act_cpu},
    {0},
};
