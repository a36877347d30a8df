/*
 * The route tables of the reports.
 */
#ifndef DOORSTEP_REPORTS_RESOURCES_H
#define DOORSTEP_REPORTS_RESOURCES_H

#include "core/route.h"

extern const struct route report_list_routes[], legal_referral_routes[], export_routes[], schedule_routes[];

#define REPORT_ROUTES report_list_routes, legal_referral_routes, export_routes, schedule_routes

#endif
