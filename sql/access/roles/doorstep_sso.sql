-- The program sso, which talks to providers of single sign-on: who is sent there, who is
-- back, and the session of who one of them vouches for.  It knows no hash of a password.
grant usage on schema auth to doorstep_sso;
grant execute on function auth.sign_on_begin(text, text, text, int), auth.sign_on_take(text, text, text),
	auth.sign_on_done(text, text, text, text, int, text) to doorstep_sso;
