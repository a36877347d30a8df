-- How often a policy is reviewed, and by whom.  The watch tells them when the day
-- that the policy names is over; nothing is refused because of it.
select duty.kind('policy_review', 'The policy is reviewed',
	'{"months": {"type": "int", "min": 1, "max": 60}, "roles": {"type": "roles"}}', about => 'policy') \g /dev/null
