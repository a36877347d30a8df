#include "reports/program.h"

int main(int argc, char **argv)
{
	return program_main(&reports_program, argc, argv);
}
