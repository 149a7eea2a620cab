/* Who has a record open for editing. */
#include "panels/act.h"

#include "base/date.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

void editors_say(App *app, const Entity *entity, int64_t id, char *out, size_t size) {
    Arena arena = {0};
    Editor *editors;
    int count = 0;
    const char *own = service_actor(app->service)->login;
    *out = 0;
    if (service_editors(app->service, &arena, entity, id, &editors, &count, NULL) != STATUS_OK) count = 0;
    for (int i = 0; i < count && !*out; i++) {
        int64_t at = editors[i].since + clock_local_offset(editors[i].since);
        if (strcmp(editors[i].login, own) != 0)
            snprintf(out, size, _("%s has it open for editing, since %02d:%02d"), editors[i].login,
                     (int)(at / 3600 % 24), (int)(at / 60 % 60));
    }
    text_trim_partial(out);
    arena_free(&arena);
}
