/*
 * Common Transfer Files (CTF, XML) of the Department for Education, as a
 * school's management information system exports them: pupils, and the marks
 * of their registers.
 *
 *   CTfile
 *     Header: SourceSchool { LEA, Estab }
 *     CTFpupilData: Pupil, each
 *       UPN, Surname, Forename, DOB
 *       BasicDetails: NCyearActual
 *       Address: PostCode, BS7666Address { SAON, PAON, Street, … } or
 *                AddressLines { AddressLine1, … }
 *       Attendance: YearData { LEA, Estab,
 *                   AttendSessions { AttendanceStartDate, AttendanceMarks } }
 *       SchoolHistory: School { LEA, Estab, EntryDate, LeavingDate }
 *
 * All else is passed over.  Where public programs that read and write CTFs
 * differ, or say nothing:
 *   - NCyearActual and the AddressLines are taken where they stand directly in
 *     Pupil and Address, too; PostCode is also spelt Postcode.  Of two
 *     NCyearActual the first counts.
 *   - The first day on roll is the EntryDate of the stay at the school that
 *     wrote the file, the latest where there are several; LeavingDate likewise.
 *     Stays at other schools say nothing.
 *   - Surname and Forename are the legal names.  Of addresses the first counts.
 *   - How AttendanceMarks are laid out: ctf_marks.h.
 *
 * Whose they are is what the file says, as "LEA/Estab" such as "801/4001": for
 * pupils the SourceSchool, for marks that of YearData, or else the
 * SourceSchool.  school_urn, which may be NULL, is for a file without any.
 *
 * A pupil of whom something is given twice, or too much, becomes a row with its
 * problems, or in place of all the marks one with the first of them; the other
 * pupils of the file are taken.  Constant memory: of a pupil no more is kept than
 * rows and some years of marks may have.
 */
#ifndef DOORSTEP_IMPORT_CTF_H
#define DOORSTEP_IMPORT_CTF_H

#include "register/import_body.h"
#include "register/import_row.h"
#include "register/mark.h"

/* Rows have "laestab", or else "school_urn".  ERR_NONE also when take said to stop. */
enum err import_ctf_pupils(struct request *r, struct import_body *body, const char *school_urn, import_row_fn *take,
			   void *ctx);

/* mark.school_urn holds "LEA/Estab", or else school_urn. */
enum err import_ctf_marks(struct request *r, struct import_body *body, const char *school_urn, mark_fn *take,
			  void *ctx);

#endif
