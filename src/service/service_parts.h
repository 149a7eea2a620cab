/* For the files of service.h alone: how a request is asked. */
#ifndef JAZARI_SERVICE_SERVICE_PARTS_H
#define JAZARI_SERVICE_SERVICE_PARTS_H

#include "service/local.h"

/* Asks a request (request.h): of the store in this process, or of the server. */
Status service_ask(Service *, Arena *, RequestName, const void *arguments, void *reply, Error *);

/* Returns the status; of a write that nobody answered the error then says how the command line can find out. */
Status service_say_operation(Status, const char *op, Error *);

#endif
