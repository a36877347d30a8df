/*
 * systemd, when it is the supervisor: sd_notify(3) without its library.
 */
#ifndef DOORSTEP_SUPERVISOR_H
#define DOORSTEP_SUPERVISOR_H

/* "READY=1", "WATCHDOG=1"; nothing happens where nobody asked to be told. */
void supervisor_tell(const char *state);

#endif
