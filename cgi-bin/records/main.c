#include "core/service.h"
#include "records/resources.h"

static const struct route *const routes[] = {
	health_routes, school_routes, staff_routes, pupil_routes, contact_routes, visit_routes, event_routes, NULL
};

int main(int argc, char **argv)
{
	return program_main(&(const struct program){ .name = "records", .routes = routes }, argc, argv);
}
