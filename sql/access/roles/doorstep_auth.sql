-- The program auth: credentials through their functions, nothing else.
grant usage on schema auth to doorstep_auth;
grant execute on function auth.token_issue(text, text, text, text, int),
	auth.token_revoke(text, text, text) to doorstep_auth;
