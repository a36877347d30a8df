-- The program exports: what reports may, whose role it has, and making exports that wait.
grant usage on schema data, api, auth, audit to doorstep_exports;
grant execute on function data.exports_tidy(), data.export_claim(), data.export_working(bigint, text),
	data.export_again(bigint, text), data.export_add_piece(bigint, int, bytea), data.export_fail(bigint, text),
	data.export_done(bigint, text, text, bigint, bigint, text, boolean) to doorstep_exports;
