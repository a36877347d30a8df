-- The program audit: reads the trail through functions that look at scope and schools,
-- and notes that it was read; nothing else.
grant usage on schema audit, auth to doorstep_audit;
grant execute on function auth.begin(text, text, text, text, text), audit.access_append(text, jsonb, text, bigint),
	audit.entry_list(text, bigint, text, bigint, bigint, text, text, text, text, bigint, int),
	audit.access_list(text, bigint, bigint, bigint, text, text, text, text, bigint, int),
	audit.proof(bigint, bigint, bigint, int), audit.check_leaves(bigint, bigint), audit.check_unsealed(),
	audit.checkpoint_read() to doorstep_audit;
