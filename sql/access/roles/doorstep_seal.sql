-- The program seal: leaves and checkpoints through their functions, nothing else.
grant usage on schema audit to doorstep_seal;
grant execute on function audit.seal(int), audit.seal_alone(), audit.leaves(bigint, int),
	audit.checkpoint_add(bigint, text, text), audit.checkpoint_last() to doorstep_seal;
