-- The program auth: credentials through their functions, nothing else.
grant usage on schema auth to doorstep_auth;
grant execute on function auth.token_issue(text, text, text, text, int),
	auth.token_revoke(text, text, text) to doorstep_auth;
grant execute on function auth.begin(text, text, text, text, text), auth.sign_in_try(text, text, text),
	auth.sign_in_done(text, text, text, text, text, bigint, text, text, int, int, boolean, text),
	auth.session_seen(), auth.session_move(int, boolean, text), auth.session_end(), auth.sessions_end(),
	auth.own_password(), auth.password_change(text, text, text), auth.reset_ask(text), auth.link_open(text),
	auth.link_use(text, text, text), auth.totp_begin(text, text), auth.totp_waiting(), auth.totp_confirm(text, bigint),
	auth.totp_remove(text) to doorstep_auth;
